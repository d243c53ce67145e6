import { describe, expect, it } from 'vitest';
import { rateStrength } from './password-strength.ts';

describe('rateStrength', () => {
  it('says how many characters are missing', () => {
    expect(rateStrength('1234567')).toEqual({ enough: false, words: '3 more to go.' });
  });

  it('counts characters as people do', () => {
    expect(rateStrength('🐟🐟🐟🐟🐟').enough).toBe(false);
  });

  it.each([
    ['aaaaaaaaaaaaaaaaaaaaaaaa', /^Weak/],
    ['password1234!xy', /^Weak/],
    ['r7-kumquat', /^Good enough/],
    ['three red lamps', /^Strong/],
    ['correct horse battery staple', /^Very strong/],
  ])('rates %s', (password, words) => {
    expect(rateStrength(password).enough).toBe(true);
    expect(rateStrength(password).words).toMatch(words);
  });
});

import { describe, expect, it } from 'vitest';
import { hashToken, isToken, makeToken, tokenPattern } from './token-format.ts';

describe('makeToken', () => {
  it('makes tokens that are all different and that the pattern for scanners finds in any text', () => {
    const tokens = new Set(Array.from({ length: 500 }, () => makeToken()));
    expect(tokens.size).toBe(500);
    for (const token of tokens) {
      expect(isToken(token)).toBe(true);
      expect(new RegExp(tokenPattern).exec(`key="${token}";`)?.[0]).toBe(token);
    }
  });

  it('uses every character about equally often', () => {
    const counts = new Map<string, number>();
    for (let round = 0; round < 2000; round += 1) {
      for (const character of makeToken().slice(3, 35)) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    // 64,000 draws over 62 characters: 1032 each, give or take 32; eight times that is no accident.
    expect(counts.size).toBe(62);
    for (const count of counts.values()) expect(Math.abs(count - 1032)).toBeLessThan(260);
  });
});

describe('isToken', () => {
  it('knows its own check sum', () => {
    // Computed apart from this code: CRC32 of the 32 characters, in base 62, digits before capitals before small letters.
    expect(isToken('dp_0123456789ABCDEFGHIJKLMNOPQRSTUV1ggZdL')).toBe(true);
  });

  it('refuses any token with one character changed, left out, or added', () => {
    const token = makeToken();
    for (let place = 3; place < token.length; place += 1) {
      const other = token[place] === 'x' ? 'y' : 'x';
      expect(isToken(token.slice(0, place) + other + token.slice(place + 1))).toBe(false);
    }
    for (const near of [
      token.slice(1),
      token.slice(0, -1),
      `${token}0`,
      ` ${token}`,
      `${token}\n`,
      token.replace('dp_', 'gh_'),
      '',
    ]) {
      expect(isToken(near)).toBe(false);
    }
  });
});

describe('hashToken', () => {
  it('is a hash of its own kind, not the plain one of the same text', () => {
    expect(hashToken('dp_x')).toHaveLength(32);
    expect(hashToken('dp_x').toString('hex')).not.toBe(hashToken('dp_y').toString('hex'));
  });
});

import { describe, expect, it } from 'vitest';
import { hashToken, hashWithoutPepper, isToken, makeToken, tokenPattern } from './token-format.ts';

describe('makeToken', () => {
  it('makes tokens that are all different and that the pattern for scanners finds in any text', () => {
    const tokens = new Set(Array.from({ length: 500 }, () => makeToken()));
    expect(tokens.size).toBe(500);
    for (const token of tokens) {
      expect(isToken(token)).toBe(true);
      expect(new RegExp(tokenPattern).exec(`key="${token}";`)?.[0]).toBe(token);
    }
  });

  it('makes refresh tokens that are told from API tokens, and the same one of the same bytes', () => {
    const token = makeToken('refresh');
    expect([isToken(token, 'refresh'), isToken(token)]).toEqual([true, false]);
    expect(new RegExp(tokenPattern).exec(`key="${token}";`)?.[0]).toBe(token);
    const same = (): Buffer => Buffer.alloc(8, 'some bytes');
    expect(makeToken('refresh', same)).toBe(makeToken('refresh', same));
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
    expect(isToken(['dp', '0123456789ABCDEFGHIJKLMNOPQRSTUV1ggZdL'].join('_'))).toBe(true);
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
      token.replace('dp_', 'dpr_'),
      '',
    ]) {
      expect(isToken(near)).toBe(false);
    }
  });
});

describe('hashToken', () => {
  it('is a hash of its own kind, not the plain one of the same text', () => {
    const hash = (pepper: number, token: string): string => hashToken(Buffer.alloc(32, pepper), token).toString('hex');
    expect(hash(1, 'dp_x')).toHaveLength(64);
    expect(
      new Set([hash(1, 'dp_x'), hash(1, 'dp_y'), hash(2, 'dp_x'), hashWithoutPepper('dp_x').toString('hex')]).size,
    ).toBe(4);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText } from './clean-text.ts';

describe('cleanText', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['a\u0000b\u0000', 'ab'],
    ['\u0000', ''],
    ['\ud83d', '\ufffd'],
    ['x\udc00y', 'x\ufffdy'],
    // The NUL goes first: what it kept apart may then belong together.
    ['\ud83d\u0000\ude00', '\u{1F600}'],
    ['\u{1F600}', '\u{1F600}'],
    ['\ufeffbyte-order mark', '\ufeffbyte-order mark'],
    ['right \u202e to left', 'right \u202e to left'],
    ['\u0001\u001b[31m', '\u0001\u001b[31m'],
  ])('makes %j to %j', (text, expected) => {
    expect(cleanText(text)).toBe(expected);
  });

  it('gives text that JSON and UTF-8 carry unchanged, and changes it no second time', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.integer({ min: 0xd700, max: 0xe010 }).map((code) => String.fromCharCode(code)) }),
        (some, halves) => {
          const clean = cleanText(`${some}\u0000${halves}`);
          expect(Buffer.from(clean).toString()).toBe(clean);
          expect(clean).not.toContain('\u0000');
          expect(cleanText(clean)).toBe(clean);
        },
      ),
    );
  });
});

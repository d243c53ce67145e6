import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonFault, JsonScanner } from './scan-json.ts';

const openArray = 0x5b;
const comma = 0x2c;
const closeArray = 0x5d;

/** Whether the whole text is one value for the scanner; its depth, else null. */
function scan(text: string): number | null {
  const scanner = new JsonScanner(Buffer.from(text));
  try {
    const { depth } = scanner.readValue();
    return scanner.peek() === -1 ? depth : null;
  } catch (error) {
    if (error instanceof JsonFault) return null;
    throw error;
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

// A lone surrogate has no bytes of its own: as a character it would become another one on its way into UTF-8.
const wellFormed = fc.string({ unit: 'binary' });
const scraps = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u',
  '\\u00e9',
  '\\ud800',
  '\\x',
  '\\"',
  'true',
  'false',
  'null',
  'nul',
  '-',
  '0',
  '01',
  '1',
  '.',
  '1.5',
  'e',
  'E+',
  '1e400',
  '"a"',
  '"é"',
  ' ',
  '\t',
  '\n',
  '\r',
  '\u00a0',
  '\u2028',
  '\ufeff',
  '\u0000',
  '\u001f',
  '\u007f',
  'x',
);

describe('JsonScanner', () => {
  it('accepts all that JSON.stringify writes, with any blanks, and tells its depth', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ stringUnit: 'binary', maxDepth: 6 }),
        fc.constantFrom(undefined, 1, '\t', '\r\n'),
        (value, blanks) => {
          const text = JSON.stringify(value, null, blanks === '\r\n' ? 2 : blanks).replaceAll(
            '\n',
            blanks === '\r\n' ? '\r\n' : '\n',
          );
          expect(scan(text)).toBe(depthOf(JSON.parse(text)));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('accepts exactly what JSON.parse accepts, for text made of scraps of JSON', () => {
    fc.assert(
      fc.property(fc.array(scraps, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        expect(scan(text) !== null).toBe(parses(text));
      }),
      { numRuns: 20_000 },
    );
  });

  it('accepts exactly what JSON.parse accepts, for JSON with one place damaged', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.nat(),
        fc.option(scraps),
        fc.integer({ min: 0, max: 3 }),
        (value, where, scrap, gone) => {
          const whole = JSON.stringify(value);
          const at = where % (whole.length + 1);
          const text = whole.slice(0, at) + (scrap ?? '') + whole.slice(at + gone);
          fc.pre(text.isWellFormed());
          expect(scan(text) !== null).toBe(parses(text));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('accepts exactly the strings and numbers that JSON.parse accepts', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          wellFormed,
          fc.array(scraps, { maxLength: 5 }).map((pieces) => pieces.join('')),
        ),
        (inner) => {
          expect(scan(`"${inner}"`) !== null).toBe(parses(`"${inner}"`));
          expect(scan(`[${inner}]`) !== null).toBe(parses(`[${inner}]`));
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('accepts exactly what JSON.parse accepts, for every short text of brackets, commas, names and values', () => {
    const words = ['[', ']', '{', '}', ',', ':', '"a"', '1'];
    const disagree: string[] = [];
    const extend = (text: string, left: number): void => {
      if ((scan(text) !== null) !== parses(text)) disagree.push(text);
      if (left > 0) for (const word of words) extend(text + word, left - 1);
    };
    extend('', 5);
    for (const open of ['{"a":1', '{"a":[1', '[{"a":1', '[1,{}']) extend(open, 3);
    expect(disagree).toEqual([]);
  });

  it('accepts exactly what JSON.parse accepts, for every character at every place where its kind matters', () => {
    const frames: ((character: string) => string)[] = [
      (character) => `"\\${character}"`,
      (character) => `"\\u000${character}"`,
      (character) => `"\\u${character}000"`,
      (character) => `"${character}"`,
      (character) => `[${character}1${character}]`,
      (character) => `1${character}`,
      (character) => `-${character}`,
      (character) => `1.${character}`,
      (character) => `1e${character}`,
      (character) => `1e${character}1`,
      (character) => `tru${character}`,
      (character) => `{${character}"a"${character}:1}`,
    ];
    const texts = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code)).flatMap((character) =>
      frames.map((frame) => frame(character)),
    );
    expect(texts.filter((text) => (scan(text) !== null) !== parses(text))).toEqual([]);
  });

  it('cuts out slices that say the same as the whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ stringUnit: 'binary' })),
        fc.constantFrom('', ' ', '\n\t'),
        (values, blank) => {
          const text = `${blank}[${blank}${values.map((value) => JSON.stringify(value)).join(`${blank},${blank}`)}${blank}]`;
          const bytes = Buffer.from(text);
          const scanner = new JsonScanner(bytes);
          scanner.expect(openArray);
          const slices: string[] = [];
          if (!scanner.take(closeArray)) {
            do {
              const { start, end } = scanner.readValue();
              slices.push(bytes.toString('utf8', start, end));
            } while (scanner.take(comma));
            scanner.expect(closeArray);
          }
          expect(slices).toEqual(values.map((value) => JSON.stringify(value)));
        },
      ),
    );
  });

  it('walks through any depth without running out of stack', () => {
    const levels = 2_000_000;
    expect(scan('['.repeat(levels) + ']'.repeat(levels))).toBe(levels);
    expect(scan('{"a":'.repeat(1000) + '1' + '}'.repeat(1000))).toBe(1000);
    expect(scan('['.repeat(levels))).toBeNull();
    expect(scan('['.repeat(300) + '}'.repeat(300))).toBeNull();
  });

  it('names the byte that does not belong', () => {
    const faultIn = (text: string): number => {
      try {
        new JsonScanner(Buffer.from(text)).readValue();
      } catch (error) {
        return (error as JsonFault).offset;
      }
      return -1;
    };
    expect(faultIn('{"é": x}')).toBe(7);
    expect(faultIn('[1, 2')).toBe(5);
    expect(faultIn('"a\nb"')).toBe(2);
  });

  it('does not look beyond its span', () => {
    const bytes = Buffer.from('123"abc"true');
    expect(new JsonScanner(bytes, { start: 0, end: 2 }).readValue()).toMatchObject({ start: 0, end: 2 });
    expect(() => new JsonScanner(bytes, { start: 3, end: 7 }).readValue()).toThrow(JsonFault);
    expect(() => new JsonScanner(bytes, { start: 8, end: 11 }).readValue()).toThrow(JsonFault);
    expect(() => new JsonScanner(Buffer.from('"\\u12345"'), { start: 0, end: 5 }).readValue()).toThrow(JsonFault);
  });
});

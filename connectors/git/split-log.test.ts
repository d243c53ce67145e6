import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordFields, recordMarker } from './commit-record.ts';
import { LogSplitter } from './split-log.ts';

function fields(message: string): string {
  const values = recordFields.map((field) =>
    field === 'marker' ? recordMarker : field === 'message' ? message : field,
  );
  return `${values.join('\0')}\0`;
}

/** What git prints, with the ways in which it parts commits from their files and from each other. */
const output = [
  fields('no files'),
  fields(`${recordMarker}\n`),
  '\0\n:100644 100644 1111 2222 M\0a\0:100644 100644 1111 2222 R100\0old\0new\0',
  '1\t2\ta\0',
  '0\t0\t\0old\0new\0',
  fields(':100644\n1\t2\tx'),
  `\0\n:000000 100644 0000 2222 A\0${recordMarker}\0:000000 160000 0000 2222 A\0:1\0`,
  `1\t0\t${recordMarker}\0-\t-\t1\t\0`,
  fields(''),
  '\0',
].join('');

const expected = [
  fields('no files'),
  `${fields(`${recordMarker}\n`)}\0\n:100644 100644 1111 2222 M\0a\0:100644 100644 1111 2222 R100\0old\0new\0` +
    '1\t2\ta\0' +
    '0\t0\t\0old\0new\0',
  `${fields(':100644\n1\t2\tx')}\0\n:000000 100644 0000 2222 A\0${recordMarker}\0:000000 160000 0000 2222 A\0:1\0` +
    `1\t0\t${recordMarker}\0-\t-\t1\t\0`,
  fields(''),
];

function split(chunks: Buffer[], limit = 1_000_000): string[] {
  const splitter = new LogSplitter(limit);
  const records = chunks.flatMap((chunk) => splitter.push(chunk));
  return [...records, ...splitter.finish()].map(String);
}

describe('LogSplitter', () => {
  it('finds the same records however the output is cut into chunks', () => {
    const bytes = Buffer.from(output);
    expect(split([bytes])).toEqual(expected);
    expect(split([...bytes].map((byte) => Buffer.of(byte)))).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        const borders = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
        const chunks = borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
        expect(split(chunks)).toEqual(expected);
      }),
    );
  });

  it('keeps only the fields of a record over the limit, wherever it stands', () => {
    const long = `${fields('läng'.repeat(3))}\0\n${'1\t2\tsome/path\0'.repeat(50)}`;
    const shortened = fields('läng'.repeat(3)).replace('\0files\0', '\0too-large\0');
    const bytes = Buffer.from(`${fields('before')}${long}${fields('between')}${long}`);
    const kept = [fields('before'), shortened, fields('between'), shortened];
    expect(split([bytes], 400)).toEqual(kept);
    expect(
      split(
        [...bytes].map((byte) => Buffer.of(byte)),
        400,
      ),
    ).toEqual(kept);
  });

  it('cuts the message of such a record at a whole character', () => {
    const long = `${fields('ü'.repeat(40_000))}\0\n1\t2\tpath\0`;
    const [record = ''] = split([Buffer.from(long)], 1000);
    expect(record.endsWith('üü\0')).toBe(true);
    expect(record).not.toContain('\uFFFD');
    expect(Buffer.byteLength(record)).toBeLessThan(66_000);
  });

  it('refuses output that breaks off or is something else', () => {
    expect(() => split([Buffer.from(fields('x').slice(0, -3))])).toThrow(/broke off/);
    expect(() => split([Buffer.from(`${fields('x')}\0\n:100644 100644 1 2 M\0`)])).toThrow(/broke off/);
    expect(() => split([Buffer.from(`${fields('x')}\0\n1\t2\tpa`)])).toThrow(/broke off/);
    expect(() => split([Buffer.from('commit 1234\0')])).toThrow(/something else/);
    expect(split([])).toEqual([]);
  });
});

import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { findBrokenText } from './refuse-broken-text.ts';

describe('findBrokenText', () => {
  it.each<[unknown, string | null]>([
    [undefined, null],
    ['plain', null],
    ['\u{1F469}\u200D\u{1F4BB} \u202e', null],
    ['a\u0000', 'body'],
    ['\ud800', 'body'],
    ['\udc00\ud800', 'body'],
    [{ a: [1, { b: 'x\u0000' }] }, 'body.a.1.b'],
    [{ 'n\u0000': 1 }, 'body'],
    [Buffer.from([0]), null],
    [Readable.from(['\u0000']), null],
  ])('finds in %j: %s', (body, path) => {
    expect(findBrokenText(body)).toBe(path);
  });

  it('looks into what is nested deeper than a stack', () => {
    let body: unknown = 'x\u0000';
    for (let depth = 0; depth < 200_000; depth += 1) body = [body];
    expect(findBrokenText(body)).toMatch(/^body\.0/);
  });
});

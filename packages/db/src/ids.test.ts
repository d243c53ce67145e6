import { describe, expect, it } from 'vitest';
import { allResources, isId, newId, stableId } from './ids.ts';

describe('newId', () => {
  it('gives ids of version 7 that sort by the millisecond they were made in', async () => {
    const first = newId();
    while (newId().slice(0, 13) === first.slice(0, 13)) continue;
    const second = newId();
    expect(first < second).toBe(true);
    for (const id of [first, second])
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Math.abs(Number.parseInt(first.replaceAll('-', '').slice(0, 12), 16) - Date.now())).toBeLessThan(60_000);
  });

  it('gives no id twice', () => {
    expect(new Set(Array.from({ length: 20_000 }, newId)).size).toBe(20_000);
  });
});

describe('stableId', () => {
  it('gives the same id for the same key, for ever', () => {
    expect(stableId('identity', 'a', 'git', 'ada@example.org')).toBe('0d393855-5a1e-8271-8bcc-52b8afdd4a62');
    expect(stableId('identity', 'a', 'git', 'ada@example.org')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('tells keys apart that read the same when written together', () => {
    const keys = [
      ['ab', 'c'],
      ['a', 'bc'],
      ['abc'],
      ['abc', ''],
      ['', 'abc'],
      ['1:a', 'b'],
      ['1', ':ab'],
      ['ä'],
      ['a\u0308'],
    ];
    expect(new Set(keys.map((key) => stableId(...key))).size).toBe(keys.length);
  });
});

describe('isId', () => {
  const id = '019a8d52-0739-7c4a-9cee-656c72742812';

  it.each([id, stableId('x'), allResources])('takes %s', (text) => {
    expect(isId(text)).toBe(true);
  });

  it.each([
    '',
    'x',
    id.toUpperCase(),
    `${id} `,
    `\n${id}`,
    `${id}\n`,
    `${id}'; drop table people; --`,
    id.replaceAll('-', ''),
    `{${id}}`,
    '-'.repeat(36),
  ])('refuses %j', (text) => {
    expect(isId(text)).toBe(false);
  });
});

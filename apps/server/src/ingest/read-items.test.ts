import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AppError } from '@devpulse/contract/errors';
import { type GoodItem, type ReadItem, readItems } from './read-items.ts';

const envelope = (payload: string, key = 'k'): string =>
  `{"source":"plain","key":${JSON.stringify(key)},"kind":"facts","payload":${payload}}`;
const read = (text: string | Buffer, format: 'json' | 'ndjson' = 'json'): ReadItem[] => [
  ...readItems(Buffer.from(text as string), format),
];
const bodyOf = (item: ReadItem | undefined): string => (item as GoodItem).body.toString('utf8');

function faultOf(text: string | Buffer, format: 'json' | 'ndjson' = 'json'): string {
  try {
    const [item] = read(text, format);
    return item !== undefined && 'fault' in item ? `${item.fault} ${item.path}` : 'none';
  } catch (error) {
    return (error as AppError).code;
  }
}

describe('readItems', () => {
  it('takes one item, an array of them, or one a line', () => {
    const one = envelope('{"a":1}');
    const two = envelope('2', 'l');
    expect(read(one)).toEqual([{ source: 'plain', key: 'k', kind: 'facts', body: Buffer.from('{"a":1}') }]);
    expect(read(` [ ${one} ,\n${two}\t] `).map(bodyOf)).toEqual(['{"a":1}', '2']);
    expect(read(`${one}\n\r\n\n${two}\r\n`, 'ndjson').map(bodyOf)).toEqual(['{"a":1}', '2']);
    expect(read(`${one}\n${two}`, 'ndjson').map(bodyOf)).toEqual(['{"a":1}', '2']);
  });

  it('keeps the bytes of a payload exactly as they were sent', () => {
    const payloads = [
      '1e400',
      '12345678901234567890123',
      '{"a":1,"a":2}',
      '{"__proto__":{"x":1}}',
      '"\\ud800"',
      '"\\u0000"',
      '-0',
      '1.0',
      '{ "b" : [ 1,\n2 ] }',
      '"\u202e𝄞"',
      '"\\/"',
    ];
    for (const payload of payloads) expect(bodyOf(read(envelope(payload))[0])).toBe(payload);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('keeps any JSON value exactly, wherever it stands in the body', () => {
    const spelled = fc
      .tuple(fc.jsonValue({ stringUnit: 'binary', maxDepth: 8 }), fc.constantFrom(0, 2))
      .map(([value, blanks]) => JSON.stringify(value, null, blanks));
    fc.assert(
      fc.property(fc.array(spelled, { minLength: 1 }), (payloads) => {
        expect(read(`[${payloads.map((payload) => envelope(payload)).join(' , ')}]`).map(bodyOf)).toEqual(payloads);
        const lines = payloads.map((payload) => envelope(JSON.stringify(JSON.parse(payload))));
        expect(read(lines.join('\n'), 'ndjson').map(bodyOf)).toEqual(
          payloads.map((payload) => JSON.stringify(JSON.parse(payload))),
        );
      }),
    );
  });

  it('takes any bytes as base64', () => {
    const send = (text: string): string =>
      JSON.stringify({ source: 'plain', key: 'k', kind: 'facts', payloadBase64: text });
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const [item] = read(send(Buffer.from(bytes).toString('base64')));
        expect((item as GoodItem).body.equals(bytes)).toBe(true);
      }),
    );
    for (const text of ['YQ', 'YQ=', 'Y Q=', 'YQ==\n', 'Y-Q_', '=YQ=', 'YQ==='])
      expect(faultOf(send(text))).toBe('invalid payloadBase64');
  });

  it('skips a byte-order mark in front of the body, and takes it for a fault anywhere else', () => {
    expect(read(`\ufeff${envelope('1')}`).map(bodyOf)).toEqual(['1']);
    expect(read(`\ufeff${envelope('1')}\n${envelope('2')}`, 'ndjson').map(bodyOf)).toEqual(['1', '2']);
    expect(faultOf(`\ufeff\ufeff${envelope('1')}`)).toBe('malformed_body');
    expect(faultOf(` \ufeff${envelope('1')}`)).toBe('malformed_body');
    expect(bodyOf(read(envelope('"\ufeff"'))[0])).toBe('"\ufeff"');
  });

  it('refuses a body that is not UTF-8', () => {
    const around = (bytes: number[]): Buffer =>
      Buffer.concat([
        Buffer.from('{"source":"plain","key":"k","kind":"facts","payload":"'),
        Buffer.from(bytes),
        Buffer.from('"}'),
      ]);
    expect(read(around([0xf0, 0x9d, 0x84, 0x9e]))).toHaveLength(1);
    const invalid = {
      'lone continuation': [0x80],
      'cut short': [0xe2, 0x82],
      overlong: [0xc0, 0xaf],
      surrogate: [0xed, 0xa0, 0x80],
      'beyond Unicode': [0xf4, 0x90, 0x80, 0x80],
      latin1: [0xe9],
      'UTF-16': [0xff, 0xfe],
    };
    for (const bytes of Object.values(invalid)) {
      expect(faultOf(around(bytes))).toBe('malformed_body');
      expect(faultOf(around(bytes), 'ndjson')).toBe('malformed_body');
    }
  });

  it('refuses a body that says nothing', () => {
    for (const text of [
      '',
      ' ',
      '[]',
      '\ufeff',
      '[',
      `[${envelope('1')}`,
      `[${envelope('1')},]`,
      `${envelope('1')} x`,
      '{',
      '{"a" 1}',
    ]) {
      expect(faultOf(text)).toBe('malformed_body');
    }
    expect(faultOf('\n\n', 'ndjson')).toBe('malformed_body');
  });

  it('lets a bad line or item stand alone', () => {
    const items = read(`${envelope('1')}\nnot json\n[]\n${envelope('2')} trailing\n${envelope('3')}`, 'ndjson');
    expect(items.map((item) => ('fault' in item ? item.fault : bodyOf(item)))).toEqual([
      '1',
      'malformed',
      'malformed',
      'malformed',
      '3',
    ]);
    const array = read(`[${envelope('1')}, 7, [[]], {}, ${envelope('2')}]`);
    expect(array.map((item) => ('fault' in item ? `${item.fault} ${item.path}` : bodyOf(item)))).toEqual([
      '1',
      'malformed ',
      'malformed ',
      'invalid source',
      '2',
    ]);
  });

  it('allows a payload of 64 levels and no more', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    expect(read(envelope(nested(64))).map(bodyOf)).toEqual([nested(64)]);
    for (const levels of [65, 6400, 1_000_000]) {
      expect(faultOf(envelope(nested(levels)))).toBe('too_deep payload');
      expect(read(`[${envelope('1')},${envelope(nested(levels))}]`).map((item) => 'fault' in item)).toEqual([
        false,
        true,
      ]);
    }
    const objects = '{"a":'.repeat(65) + '1' + '}'.repeat(65);
    expect(faultOf(envelope(objects))).toBe('too_deep payload');
    expect(faultOf('['.repeat(1_000_000))).toBe('malformed_body');
  });

  it('allows 10,000 items and no more', () => {
    const many = (count: number): string => Array.from({ length: count }, () => envelope('1')).join('\n');
    expect(read(many(10_000), 'ndjson')).toHaveLength(10_000);
    expect(() => read(many(10_001), 'ndjson')).toThrow(expect.objectContaining({ code: 'too_many_items' }) as Error);
    expect(() => read(`[${many(10_001).replaceAll('\n', ',')}]`)).toThrow(
      expect.objectContaining({ code: 'too_many_items' }) as Error,
    );
  });

  const shapes: [string, string][] = [
    ['{"source":"plain","key":"k","kind":"facts"}', 'invalid payload'],
    ['{"source":"plain","key":"k","kind":"facts","payload":1,"payloadBase64":""}', 'invalid payload'],
    ['{"source":"plain","key":"k","kind":"facts","payload":1,"payload":2}', 'invalid payload'],
    ['{"source":"plain","key":"k","key":"k","kind":"facts","payload":1}', 'invalid key'],
    ['{"source":"plain","key":"k","kind":"facts","payload":1,"extra":1}', 'invalid '],
    ['{"source":"plain","key":"k","kind":"facts","payload":1,"__proto__":{}}', 'invalid '],
    [`{"source":"plain","key":"k","kind":"facts","payload":1,"${'x'.repeat(10_000)}":1}`, 'invalid '],
    ['{"key":"k","kind":"facts","payload":1}', 'invalid source'],
    ['{"source":["plain"],"key":"k","kind":"facts","payload":1}', 'invalid source'],
    ['{"source":"Plain","key":"k","kind":"facts","payload":1}', 'invalid source'],
    ['{"source":"plain","key":7,"kind":"facts","payload":1}', 'invalid key'],
    ['{"source":"plain","key":"","kind":"facts","payload":1}', 'invalid key'],
    ['{"source":"plain","key":"a\\u0000b","kind":"facts","payload":1}', 'invalid key'],
    ['{"source":"plain","key":"a\\ud800b","kind":"facts","payload":1}', 'invalid key'],
    ['{"source":"plain","key":"a\\nb","kind":"facts","payload":1}', 'invalid key'],
    [`{"source":"plain","key":"${'x'.repeat(513)}","kind":"facts","payload":1}`, 'invalid key'],
    [`{"source":"plain","key":"${'x'.repeat(100_000)}","kind":"facts","payload":1}`, 'invalid key'],
    ['{"source":"plain","key":"k","kind":"no kind","payload":1}', 'invalid kind'],
    ['{"source":"plain","key":"k","kind":null,"payload":1}', 'invalid kind'],
  ];
  it.each(shapes)('refuses %s', (text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  it('takes keys of 512 characters of any script, escaped or not, and names spelled with escapes', () => {
    for (const key of ['x'.repeat(512), 'é'.repeat(512), '𝄞'.repeat(256), 'a b/c:d#"\\']) {
      expect(read(envelope('1', key))).toMatchObject([{ key }]);
      const escaped = [...key]
        .map((character) =>
          [...Array(character.length).keys()]
            .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
            .join(''),
        )
        .join('');
      expect(read(envelope('1').replace('"k"', `"${escaped}"`))).toMatchObject([{ key }]);
    }
    expect(read(envelope('1').replace('"payload"', '"\\u0070ayload"'))).toMatchObject([{ body: Buffer.from('1') }]);
  });

  it('tells the key of an item it refuses, where one can be read', () => {
    expect(read('{"key":"k","source":"plain","kind":"?","payload":1}')).toMatchObject([{ key: 'k', path: 'kind' }]);
    expect(read('{"key":"k","nonsense":1}')).toMatchObject([{ key: 'k', fault: 'invalid' }]);
    expect(read('{"key":"a\\u0000","source":"plain"}')).toMatchObject([{ key: null }]);
  });
});

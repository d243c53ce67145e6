import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { MalformedEvent } from '@devpulse/contract/drop-reasons';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordFields, recordMarker } from './commit-record.ts';
import { parse } from './parse.ts';

interface Fixture {
  event: { kind: string; key: string; body: { latin1: string } | { json: unknown } };
  /** What `parse` answers, or the message of the `MalformedEvent` that it throws. */
  expected: { malformed: string } | Record<string, unknown>;
}

const fixtures = globSync('*.json', { cwd: path.join(import.meta.dirname, 'fixtures') }).toSorted();

function readFixture(name: string): Fixture {
  return JSON.parse(readFileSync(path.join(import.meta.dirname, 'fixtures', name), 'utf8')) as Fixture;
}

function toBytes(body: Fixture['event']['body']): Buffer {
  return 'latin1' in body ? Buffer.from(body.latin1, 'latin1') : Buffer.from(JSON.stringify(body.json));
}

function parseOrMessage(event: { kind: string; key: string; body: Uint8Array }): unknown {
  try {
    return parse({ source: 'git', ...event });
  } catch (error) {
    if (!(error instanceof MalformedEvent)) throw error;
    return { malformed: error.message };
  }
}

function record(changed: Partial<Record<(typeof recordFields)[number], string>>, entries = ''): Buffer {
  const plain: Record<(typeof recordFields)[number], string> = {
    marker: recordMarker,
    files: 'complete',
    sha: 'a'.repeat(40),
    parents: '',
    authorName: 'Ada',
    authorEmail: 'ada@example.org',
    authorDate: '1700000000 +0000',
    committerName: 'Carl',
    committerEmail: 'carl@example.org',
    committerDate: '1700000000 +0000',
    encoding: '',
    coAuthors: '',
    message: 'Subject\n',
  };
  const values = { ...plain, ...changed };
  return Buffer.from(recordFields.map((field) => `${values[field]}\0`).join('') + entries);
}

function parseRecord(...args: Parameters<typeof record>): unknown {
  const result = parseOrMessage({ kind: 'commit', key: 'k', body: record(...args) });
  return (result as { facts?: unknown[] }).facts?.[0] ?? result;
}

describe('parse', () => {
  it.each(fixtures)('reads the fixture %s', (name) => {
    const { event, expected } = readFixture(name);
    expect(parseOrMessage({ ...event, body: toBytes(event.body) })).toEqual(expected);
  });

  it('has a fixture for every kind', () => {
    const kinds = new Set(fixtures.map((name) => readFixture(name).event.kind));
    expect([...kinds].toSorted()).toEqual(['commit', 'reach', 'reach-baseline', 'repository', 'tag']);
  });

  it.each([
    ['0 +0000', '1970-01-01T00:00:00.000Z', 0],
    ['1700000000 +0530', '2023-11-14T22:13:20.000Z', 330],
    ['1700000000 -0330', '2023-11-14T22:13:20.000Z', -210],
    ['1700000000 -0000', '2023-11-14T22:13:20.000Z', 0],
    ['1700000000 +1400', '2023-11-14T22:13:20.000Z', 840],
    ['1700000000 +0099', '2023-11-14T22:13:20.000Z', 99],
    ['1700000000 +51800', '2023-11-14T22:13:20.000Z', 1439],
    ['1700000000 -2400', '2023-11-14T22:13:20.000Z', -1439],
    ['-86400 +0000', '1969-12-31T00:00:00.000Z', 0],
    ['253402300799 +0000', '9999-12-31T23:59:59.000Z', 0],
    ['-62135596800 +0000', '0001-01-01T00:00:00.000Z', 0],
  ])('reads the date %s', (authorDate, authoredAt, authoredOffsetMinutes) => {
    expect(parseRecord({ authorDate })).toMatchObject({ authoredAt, authoredOffsetMinutes });
  });

  it.each(['', 'yesterday', '1700000000', '253402300800 +0000', '-62135596801 +0000', '1e9 +0000', '1700000000 0000'])(
    'takes the other date of the commit where it cannot read %j',
    (broken) => {
      const other = { authoredAt: '2023-11-14T22:13:20.000Z', committedAt: '2023-11-14T22:13:20.000Z' };
      expect(parseRecord({ authorDate: broken })).toMatchObject(other);
      expect(parseRecord({ committerDate: broken })).toMatchObject(other);
      expect(parseRecord({ authorDate: broken, committerDate: broken })).toEqual({
        malformed: `${'a'.repeat(40)} has no date that can be read`,
      });
    },
  );

  it('takes the first paragraph for the subject, in one line and not without end', () => {
    expect(parseRecord({ message: '\n\n  One\n two \n \t\nbody' })).toMatchObject({ subject: 'One two' });
    expect(parseRecord({ message: '' })).toMatchObject({ subject: '' });
    expect(parseRecord({ message: `${'x'.repeat(999)}😀 and more` })).toMatchObject({
      subject: `${'x'.repeat(999)}\uFFFD`,
    });
  });

  it('credits each co-author once, by address, and nobody without one', () => {
    const coAuthors = 'Bob <bob@x>\n<eve@x>\nNo Address\nBob <BOB@X>\nAda <ADA@example.org>\n <> \n> wrong <';
    expect(parseRecord({ coAuthors })).toMatchObject({
      coAuthors: [{ name: 'Bob', email: 'bob@x' }, { email: 'eve@x' }],
    });
  });

  it('cuts names and addresses that no index could hold', () => {
    expect(parseRecord({ authorName: 'n'.repeat(9000), authorEmail: 'e'.repeat(9000) })).toMatchObject({
      author: { name: 'n'.repeat(500), email: 'e'.repeat(500) },
    });
  });

  it.each([
    ['another marker', record({ marker: 'devpulse-git-commit/9' })],
    ['a sha that is none', record({ sha: 'main' })],
    ['a parent that is none', record({ parents: `${'b'.repeat(40)} main` })],
    ['an unknown state of files', record({ files: 'some' })],
    ['too few fields', record({}).subarray(0, -1)],
    ['nothing', Buffer.alloc(0)],
    ['an entry that is cut off', record({}, '\0\n1\t2\tpath')],
    ['a rename without its new name', record({}, '\0\n1\t2\t\0old\0')],
    ['an entry of another kind', record({}, '\0\nhello\0')],
    ['a count that is none', record({}, '\0\nx\t2\tpath\0')],
    ['a count that is missing', record({}, '\0\n1\t\tpath\0')],
  ])('refuses a commit with %s', (_, body) => {
    expect(() => parse({ source: 'git', key: 'k', kind: 'commit', body })).toThrow(MalformedEvent);
  });

  it.each([
    ['reach', 'no JSON'],
    ['reach', '{"repository":"r","snapshot":1.5,"reachable":true,"shas":[]}'],
    [
      'reach',
      JSON.stringify({ repository: 'r', snapshot: 1, reachable: true, shas: Array(2001).fill('a'.repeat(40)) }),
    ],
    ['reach-baseline', '{"repository":"","snapshot":1}'],
    ['repository', '[]'],
    ['repository', '{"repository":"r","path":"/","name":"n","url":null,"defaultBranch":null,"observedAt":"soon"}'],
  ])('refuses a %s event with the body %s', (kind, body) => {
    expect(() => parse({ source: 'git', key: 'k', kind, body: Buffer.from(body) })).toThrow(MalformedEvent);
  });

  it('answers any bytes with facts or a refusal, and nothing else', () => {
    const start = record({});
    const kinds = fc.constantFrom('commit', 'reach', 'reach-baseline', 'repository', 'other');
    fc.assert(
      fc.property(kinds, fc.uint8Array({ maxLength: 60 }), fc.nat(start.length), (kind, noise, at) => {
        for (const body of [noise, Buffer.concat([start.subarray(0, at), noise, start.subarray(at)])]) {
          const result = parseOrMessage({ kind, key: 'k', body });
          const text = JSON.stringify(result);
          expect(text).toMatch(/^\{"(facts|ignored|malformed)":/);
          // JSON writes a lone surrogate as an escape.
          const stored = text.startsWith('{"facts"') ? text : '';
          expect(stored).not.toMatch(/\\u0000|\\ud[89a-f]/i);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

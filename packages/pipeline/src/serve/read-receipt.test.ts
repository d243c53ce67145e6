import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '@devpulse/contract/day';
import type { Fact } from '@devpulse/contract/facts';
import type { LoadedMetric } from '@devpulse/contract/metric';
import type { MetricQuery, Receipt, ReceiptRecord } from '@devpulse/contract/wire/metrics';
import { newId } from '@devpulse/db/ids';
import { repositoryId } from '../derive/shape-identities.ts';
import { engineMetrics } from '../testing/engine-metrics.ts';
import {
  commitOf,
  decide,
  type History,
  historyArbitrary,
  people,
  personId,
  reachOf,
  repositoryOf,
} from '../testing/history.ts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';
import { checkProperty, patienceFor } from '../testing/property.ts';
import { readMetric } from './read-metric.ts';
import { readReceipt } from './read-receipt.ts';
import { quantile } from './sum-days.ts';

const usualRuns = 8;
let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline({ metrics: engineMetrics });
});
afterAll(() => base.close());

const now = new Date('2027-01-01T12:00:00Z');
const whole = { from: '2000-01-01', to: '2027-01-01' };

function question(pipeline: Pipeline, metricId: string, query: Partial<MetricQuery>) {
  return {
    store: pipeline.store,
    metrics: pipeline.metrics,
    viewer: { workspaceId: pipeline.workspaceId, personId: pipeline.ownerId },
    metricId,
    query: { subject: 'workspace', by: 'total' as const, ...whole, ...query },
    now,
    baseUrl: 'http://localhost:3000',
    limit: 50,
  };
}

async function readAll(
  pipeline: Pipeline,
  metricId: string,
  query: Partial<MetricQuery>,
  limit: number,
): Promise<{ receipt: Receipt; records: ReceiptRecord[] }> {
  const asked = { ...question(pipeline, metricId, query), limit };
  const receipt = await readReceipt(asked);
  const records = [...receipt.records];
  for (let cursor = receipt.nextCursor; cursor !== null;) {
    const page = await readReceipt({ ...asked, cursor });
    expect(page.records.length).toBeGreaterThan(0);
    records.push(...page.records);
    cursor = page.nextCursor;
  }
  return { receipt, records };
}

async function tellHistory(history: History): Promise<Pipeline> {
  const pipeline = await base.inNewWorkspace({ zone: history.zone });
  await pipeline.send(history.events.map((facts, index) => ({ key: `e${index}`, facts })));
  await pipeline.drain();
  for (const made of history.decisions) await decide(pipeline.store, pipeline, made);
  await pipeline.roll();
  return pipeline;
}

/** What a receipt's records say the value is, by the kind of its metric. */
function valueOf(receipt: Receipt, records: readonly ReceiptRecord[], divisor = 0): number | null {
  if (receipt.state === 'unknown') return null;
  const values = records.map((record) => record.value);
  switch (receipt.kind) {
    case 'count':
      return values.reduce((sum, value) => sum + value, 0);
    case 'samples':
      return values.length < 5
        ? null
        : quantile(
            values.toSorted((a, b) => a - b),
            0.5,
          );
    case 'level': {
      const last = records[0]?.at;
      return records.length === 0
        ? null
        : Math.max(...records.filter((record) => record.at === last).map((record) => record.value));
    }
    case 'ratio':
      return divisor === 0 ? null : (100 * values.reduce((sum, value) => sum + value, 0)) / divisor;
    case 'derived':
      return receipt.value;
  }
}

/** Sums of fractions may differ in the last digits by the order of adding. */
function inTwelveDigits(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(12));
}

/** A part's own receipt says what the whole says of the part, and its records make that number. */
async function expectPartsToClose(
  pipeline: Pipeline,
  metric: LoadedMetric,
  { asked, parts }: { asked: Partial<MetricQuery>; parts: readonly { part: string; value: number }[] },
): Promise<void> {
  if (metric.kind !== 'count') return;
  for (const { part, value } of parts.slice(0, 3)) {
    const { receipt, records } = await readAll(pipeline, metric.id, { ...asked, part }, 40);
    expect(receipt.value).toBe(value);
    expect(inTwelveDigits(valueOf(receipt, records))).toBe(inTwelveDigits(value));
    expect(receipt.found - receipt.leftOut.reduce((sum, line) => sum + line.count, 0)).toBe(receipt.n);
    expect(new Set(records.map((record) => record.part))).toEqual(new Set(records.length === 0 ? [] : [part]));
    partsProved += 1;
  }
}

let partsProved = 0;

describe('readReceipt', () => {
  it(
    'closes for every metric on any history: found less left out is counted, and the records make the value',
    async () => {
      let compared = 0;
      const window = fc
        .tuple(fc.nat(300), fc.nat(300))
        .map(([start, length]) => ({ from: addDays('2026-01-01', start), to: addDays('2026-01-01', start + length) }));
      const cases = fc.tuple(
        historyArbitrary,
        fc.option(window, { nil: whole, freq: 2 }),
        fc.integer({ min: 1, max: 40 }),
      );
      await checkProperty(
        fc.asyncProperty(cases, async ([history, days, limit]) => {
          const pipeline = await tellHistory(history);
          const subjects = ['workspace', 'me', `person:${personId(pipeline, people[0] ?? '')}`];
          for (const metric of pipeline.metrics.values()) {
            for (const subject of subjects.filter((one) =>
              metric.subjects.includes(one === 'workspace' ? 'workspace' : 'person'),
            )) {
              const asked = { ...days, subject };
              const answer = await readMetric(question(pipeline, metric.id, asked)).catch(
                (error: { code?: string }) => error.code,
              );
              // In some histories that person does nothing.
              if (typeof answer === 'string' || answer === undefined) continue;
              const { receipt, records } = await readAll(pipeline, metric.id, asked, limit);
              const [value] = answer.values;
              compared += records.length;
              expect({ value: receipt.value, n: receipt.n, state: receipt.state }).toEqual({
                value: value?.value,
                n: value?.n,
                state: answer.state,
              });
              expect(receipt.found - receipt.leftOut.reduce((sum, line) => sum + line.count, 0)).toBe(receipt.n);
              expect(records).toHaveLength(receipt.n);
              expect(inTwelveDigits(valueOf(receipt, records, value?.base))).toBe(inTwelveDigits(receipt.value));
              expect(new Set(records.map((record) => `${record.item} ${record.part} ${String(record.day)}`)).size).toBe(
                records.length,
              );
              expect(receipt.leftOut.every((line) => line.count > 0 && line.words !== line.reason)).toBe(true);
              await expectPartsToClose(pipeline, metric, { asked, parts: value?.parts ?? [] });
            }
          }
        }),
        usualRuns,
      );
      expect(compared).toBeGreaterThan(0);
      expect(partsProved).toBeGreaterThan(0);
    },
    patienceFor(usualRuns),
  );

  const ada = { name: 'Ada', email: 'ada@example.org' };
  const bot = { name: 'helper[bot]', email: 'helper@example.org' };

  function told(number: number, at: string, more: object = {}): Fact {
    return {
      ...commitOf(number),
      author: ada,
      committer: ada,
      authoredAt: at,
      committedAt: at,
      coAuthors: [],
      ...more,
    };
  }

  async function tell(facts: Fact[]): Promise<Pipeline> {
    const pipeline = await base.inNewWorkspace({ zone: 'Asia/Kathmandu' });
    await pipeline.send([{ key: 'all', facts: [repositoryOf('a'), ...facts] }]);
    await decide(pipeline.store, pipeline, { decide: 'rule', pattern: '*[bot]', kind: 'automation', isOn: true });
    await pipeline.drain();
    await pipeline.roll();
    return pipeline;
  }

  it('shows definition, coverage, freshness, what was left out and why, and each record with its page', async () => {
    const pipeline = await tell([
      told(1, '2026-05-01T20:00:00.000Z'),
      told(2, '2026-05-02T10:00:00.000Z', { author: bot }),
      told(4, '2026-05-03T10:00:00.000Z', { author: bot, coAuthors: [ada] }),
      reachOf('a', [1, 2, 4]),
    ]);
    await pipeline.send([{ key: 'waiting', facts: [told(5, '2026-05-04T10:00:00.000Z')] }]);
    const receipt = await readReceipt(question(pipeline, 'test_commits', { from: '2026-05-01', to: '2026-05-10' }));
    expect(receipt).toMatchObject({
      metric: 'test_commits',
      title: 'Commits',
      unit: 'commits',
      kind: 'count',
      definition: 'Every commit once.',
      version: 1,
      value: 2,
      state: 'stale',
      n: 2,
      found: 3,
      leftOut: [{ reason: 'automation', words: 'by automation', count: 1 }],
      madeFrom: [],
      coverage: { repositories: 1, repositoriesUnread: 0, daysWithRecords: 2, days: 10, unknown: [] },
      freshness: { lastRecordAt: '2026-05-03T10:00:00.000Z', pendingEvents: 1, pendingDays: 0 },
      nextCursor: null,
    });
    expect(receipt.records).toEqual([
      {
        item: commitOf(4).sha,
        label: 'change 4',
        at: '2026-05-03T10:00:00.000Z',
        day: '2026-05-03',
        resource: 'a',
        value: 1,
        part: '7-15',
        url: `https://github.com/test/a/commit/${commitOf(4).sha}`,
      },
      {
        item: commitOf(1).sha,
        label: 'change 1',
        at: '2026-05-01T20:00:00.000Z',
        day: '2026-05-02',
        resource: 'a',
        value: 1,
        part: '6-01',
        url: `https://github.com/test/a/commit/${commitOf(1).sha}`,
      },
    ]);
  });

  it('labels a file of a commit by its path', async () => {
    const pipeline = await tell([
      told(1, '2026-05-01T20:00:00.000Z', {
        files: [
          { path: 'src/a:b.ts', previousPath: null, additions: 3, deletions: 0, isBinary: false, isSubmodule: false },
        ],
      }),
      reachOf('a', [1]),
    ]);
    const { records } = await readReceipt(question(pipeline, 'test_lines', {}));
    expect(records).toMatchObject([
      {
        item: `${commitOf(1).sha}:src/a:b.ts`,
        label: 'src/a:b.ts · change 1',
        url: `https://github.com/test/a/commit/${commitOf(1).sha}`,
      },
    ]);
  });

  it('pages records that share one instant, in a fixed order', async () => {
    const numbers = Array.from({ length: 23 }, (_, index) => index + 1);
    const pipeline = await tell([
      ...numbers.map((one) => told(one, '2026-05-01T20:00:00.000Z')),
      reachOf('a', numbers),
    ]);
    const inOne = await readAll(pipeline, 'test_commits', {}, 500);
    for (const limit of [1, 2, 7, 22, 23]) {
      const { records } = await readAll(pipeline, 'test_commits', {}, limit);
      expect(records).toEqual(inOne.records);
    }
    expect(inOne.records).toHaveLength(23);
    const busy = await readAll(pipeline, 'test_busy_days', {}, 1);
    expect(busy.records).toMatchObject([{ day: '2026-05-02', label: '1 hours' }]);
    expect(busy.receipt).toMatchObject({ kind: 'derived', madeFrom: ['test_commits'], value: 1, n: 1, found: 1 });
  });

  it('proves one part alone, by its own records and a command that asks for it', async () => {
    // In Kathmandu: Saturday 1:45, Sunday 15:45, and Sunday 15:50 by automation.
    const pipeline = await tell([
      told(1, '2026-05-01T20:00:00.000Z'),
      told(2, '2026-05-03T10:00:00.000Z'),
      told(3, '2026-05-03T10:05:00.000Z', { author: bot }),
      reachOf('a', [1, 2, 3]),
    ]);
    const receipt = await readReceipt(question(pipeline, 'test_commits', { part: '7-15' }));
    expect(receipt).toMatchObject({
      part: '7-15',
      value: 1,
      n: 1,
      found: 2,
      leftOut: [{ reason: 'automation', count: 1 }],
      records: [{ item: commitOf(2).sha, part: '7-15' }],
    });
    expect(receipt.reproduce).toContain('&part=7-15');
    const answer = await readMetric(question(pipeline, 'test_commits', { part: '7-15' }));
    expect(answer.values).toMatchObject([{ value: 1, parts: [{ part: '7-15', value: 1 }] }]);
    const nobody = await readReceipt(question(pipeline, 'test_commits', { part: '4-04' }));
    expect(nobody).toMatchObject({ value: 0, state: 'empty', found: 0, records: [] });
  });

  it('calls a part that is a person by the name', async () => {
    const pipeline = await tell([told(1, '2026-05-01T20:00:00.000Z'), reachOf('a', [1])]);
    const part = personId(pipeline, 'email:ada@example.org');
    const receipt = await readReceipt(question(pipeline, 'test_by_person', { part }));
    expect(receipt).toMatchObject({ part: 'Ada', value: 1, n: 1 });
  });

  it.each(['test_lines', 'test_busy_days'])('refuses a part of %s, which is not counted in parts', async (metricId) => {
    await expect(readReceipt(question(base, metricId, { part: 'x' }))).rejects.toMatchObject({
      code: 'invalid_request',
      problems: [{ path: 'part', message: 'leave it out' }],
    });
  });

  it('tells how to get the same number', async () => {
    const pipeline = await tell([told(1, '2026-05-01T20:00:00.000Z'), reachOf('a', [1])]);
    const resource = repositoryId({ workspaceId: pipeline.workspaceId, source: 'plain' }, 'a');
    const { reproduce, value } = await readReceipt(
      question(pipeline, 'test_commits', { subject: 'workspace', resource, by: 'day' }),
    );
    const url = new URL(/'(.*)'$/.exec(reproduce)?.[1] ?? '');
    expect(reproduce).toMatch(/^curl -H "Authorization: Bearer \$DEVPULSE_TOKEN" '/);
    expect(url.pathname).toBe('/api/v1/metrics/test_commits');
    const again = Object.fromEntries(url.searchParams) as MetricQuery;
    expect(again).toEqual({ subject: 'workspace', ...whole, by: 'total', resource });
    expect((await readMetric(question(pipeline, 'test_commits', again))).values[0]?.value).toBe(value);
  });

  it('refuses cursors that are not its own', async () => {
    const pipeline = await tell([told(1, '2026-05-01T20:00:00.000Z'), reachOf('a', [1])]);
    const pack = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const foreign = [
      '',
      'x',
      '5',
      pack({}),
      pack(null),
      pack([]),
      pack(['2026', 'a', '']),
      pack(['+275760-01-01T00:00:00.000Z', 'a', '']),
      pack(['0000-01-01T00:00:00.000Z', 'a', '']),
      pack(['2026-13-01T00:00:00.000Z', 'a', '']),
      pack(['2026-01-01T00:00:00.000Z', 'a']),
      pack(['2026-01-01T00:00:00.000Z', 1, '']),
      pack(['2026-01-01T00:00:00.000Z', 'a\u0000', '']),
      pack(['2026-01-01T00:00:00.000Z', '\ud800', '']),
      pack(['2026-01-01T00:00:00.000Z', 'a', '', '']),
    ];
    for (const cursor of foreign) {
      await expect(readReceipt({ ...question(pipeline, 'test_commits', {}), cursor }), cursor).rejects.toMatchObject({
        code: 'invalid_request',
        problems: [{ path: 'cursor' }],
      });
    }
    for (const cursor of ['', '-1', '1.5', '1e3', ' 1', 'x', '9'.repeat(30)]) {
      await expect(readReceipt({ ...question(pipeline, 'test_busy_days', {}), cursor }), cursor).rejects.toMatchObject({
        code: 'invalid_request',
      });
    }
    // Beyond the end there is nothing, and that is no error.
    expect((await readReceipt({ ...question(pipeline, 'test_busy_days', {}), cursor: '99' })).records).toEqual([]);
  });

  it('has no value where nothing was read, and finds nothing of others', async () => {
    const pipeline = await base.inNewWorkspace();
    expect(await readReceipt(question(pipeline, 'test_commits', {}))).toMatchObject({
      value: null,
      state: 'unknown',
      found: 0,
      n: 0,
      records: [],
    });
    await expect(readReceipt(question(pipeline, 'test_commits', { resource: newId() }))).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

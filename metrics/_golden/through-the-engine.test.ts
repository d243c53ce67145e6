import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricAnswer } from '@devpulse/contract/wire/metrics';
import { markWorkspaceStale } from '@devpulse/pipeline/derive/mark-stale';
import { isCounted, itemsBetween, itemsOfUnknown } from '@devpulse/pipeline/lens/items';
import { rollUp } from '@devpulse/pipeline/rollup/roll-up';
import { readMetric } from '@devpulse/pipeline/serve/read-metric';
import { readReceipt } from '@devpulse/pipeline/serve/read-receipt';
import { metrics as registry } from '../registry.gen.ts';
import { goldenPerson, goldenRepository } from './facts.ts';
import { type GoldenStore, openGoldenStore } from './golden-store.ts';

// Sunday, a few hours after the clock was set forward in Los Angeles; the last golden commit is an hour old.
const now = new Date('2026-03-09T01:00:00Z');
const metrics = new Map(registry.map((metric) => [metric.id, metric]));

let golden: GoldenStore;
let ask: ReturnType<typeof makeQuestions>;
beforeAll(async () => {
  golden = await openGoldenStore({ zone: 'America/Los_Angeles' });
  await golden.store.inWorkspace(golden.workspaceId, (trx) => markWorkspaceStale(trx));
  await rollUp({ store: golden.store, metrics }, golden.workspaceId);
  ask = makeQuestions(golden);
});
afterAll(() => golden.close());

describe('metrics through the whole engine', () => {
  it('answers every metric for each of its subjects, and says why where there is no value', async () => {
    const answers: MetricAnswer[] = [];
    for (const metric of registry) {
      for (const kind of metric.subjects)
        answers.push(await ask.metric(metric.id, kind === 'person' ? 'ada' : 'workspace'));
    }
    expect(answers.length).toBeGreaterThan(registry.length);
    expect(answers.filter(({ values }) => values[0]?.value === null && values[0].reason === undefined)).toEqual([]);
    expect(answers.filter(({ state }) => state !== 'ok' && state !== 'partial')).toEqual([]);
  });

  it.each([
    { metric: 'commits', ada: 5, grace: 4 },
    { metric: 'lines_added', ada: 20, grace: 0 },
    { metric: 'lines_removed', ada: 7, grace: 0 },
    { metric: 'languages', ada: 27, grace: 0 },
    { metric: 'active_days', ada: 4, grace: 4 },
    { metric: 'active_repositories', ada: 3, grace: 2 },
    { metric: 'current_streak', ada: 2, grace: 0 },
    { metric: 'longest_streak', ada: 2, grace: 3 },
    { metric: 'record_day', ada: 2, grace: 1 },
    { metric: 'record_week', ada: 3, grace: 3 },
    { metric: 'record_month', ada: 5, grace: 4 },
    { metric: 'record_repository', ada: 3, grace: 3 },
    { metric: 'shared_commits', ada: 20, grace: 25 },
    { metric: 'commits_by_hour', ada: 5, grace: 4 },
    // One of Ada's five lies in two repositories.
    { metric: 'commits_by_repository', ada: 6, grace: 4 },
  ])('$metric is $ada for Ada and $grace for Grace', async ({ metric, ada, grace }) => {
    expect((await ask.metric(metric, 'ada')).values[0]?.value).toBe(ada);
    expect((await ask.metric(metric, 'grace')).values[0]?.value).toBe(grace);
  });

  it.each([
    { metric: 'commits', value: 8 },
    { metric: 'shared_commits', value: 12.5 },
    { metric: 'contributors', value: 2 },
    { metric: 'new_contributors', value: 2 },
    { metric: 'bus_factor', value: 1 },
    { metric: 'active_repositories', value: 3 },
    { metric: 'record_repository', value: 5 },
  ])('$metric is $value for the workspace', async ({ metric, value }) => {
    expect((await ask.metric(metric, 'workspace')).values[0]?.value).toBe(value);
  });

  it('puts Sunday 23:30 in Los Angeles on that Sunday, in its last hour', async () => {
    const days = await ask.metric('commits', 'grace', { by: 'day', from: '2026-03-01', to: '2026-03-02' });
    expect(days.values.map(({ value }) => value)).toEqual([1, 0]);
    const grid = await ask.metric('commit_grid', 'grace');
    expect(Object.fromEntries((grid.values[0]?.parts ?? []).map(({ part, value }) => [part, value]))).toEqual({
      '7-23': 1,
      '2-01': 1,
      '3-10': 1,
      '4-14': 1,
    });
  });

  it('finds what is unknown by an index, and by it all there is', async () => {
    const whole = ['2000-01-01', '2027-01-01'] as const;
    let found = 0;
    for (const metric of registry) {
      if (!isCounted(metric) || !('unknown' in metric.leftOut)) continue;
      const list = (items: typeof itemsBetween): Promise<string[]> =>
        golden.store.inWorkspace(golden.workspaceId, async (trx) => {
          const { rows } = await sql<{ item: string }>`
            select item || ' ' || person_id as item from ${items(metric, ...whole)} i where left_out = 'unknown' order by 1`.execute(
            trx,
          );
          return rows.map(({ item }) => item);
        });
      const every = await list(itemsBetween);
      expect(await list(itemsOfUnknown)).toEqual(every);
      found += every.length;
    }
    expect(found).toBeGreaterThan(0);
  });

  it('splits the lines by language', async () => {
    const { values } = await ask.metric('languages', 'ada');
    expect(Object.fromEntries((values[0]?.parts ?? []).map(({ part, value }) => [part, value]))).toEqual({
      TypeScript: 12,
      Python: 7,
      Other: 4,
      Markdown: 4,
    });
  });

  it('keeps the sizes themselves, and calls a number partial that leaves out the unknown', async () => {
    const { values, state } = await ask.metric('commit_size', 'ada');
    expect(values[0]).toMatchObject({ value: null, samples: [4, 11, 12] });
    expect(state).toBe('partial');
    expect((await ask.metric('commits', 'ada')).state).toBe('ok');
  });

  it('asks one repository alone', async () => {
    const resource = goldenRepository(golden.workspaceId, 'notes');
    expect((await ask.metric('commits', 'ada', { resource })).values[0]?.value).toBe(2);
    expect((await ask.metric('active_days', 'ada', { resource })).values[0]?.value).toBe(2);
    expect((await ask.metric('contributors', 'workspace', { resource })).values[0]?.value).toBe(2);
  });

  it('says of each repository what the commits say when it alone is asked for, and calls it by its name', async () => {
    const [value] = (await ask.metric('commits_by_repository', 'ada')).values;
    expect(value?.parts?.map(({ label, value: commits }) => [label, commits])).toEqual([
      ['engine', 3],
      ['notes', 2],
      ['copy-of-engine', 1],
    ]);
    for (const { part: resource, value: commits } of value?.parts ?? []) {
      expect((await ask.metric('commits', 'ada', { resource })).values[0]?.value).toBe(commits);
    }
    expect(value?.detail).toMatchObject({ [goldenRepository(golden.workspaceId, 'notes')]: '2026-03-08' });
  });

  it('proves a counted number: found is counted plus left out', async () => {
    const receipt = await ask.receipt('commits', 'workspace');
    expect(receipt).toMatchObject({ value: 8, n: 8, found: 9, leftOut: [{ reason: 'automation', count: 1 }] });
    expect(receipt.records).toHaveLength(8);
    const lines = await ask.receipt('lines_added', 'workspace');
    expect(lines).toMatchObject({ value: 20, n: 3, found: 9 });
    expect(lines.leftOut.reduce((sum, { count }) => sum + count, 0)).toBe(6);
  });

  it('proves a derived number by what it was made of', async () => {
    const receipt = await ask.receipt('current_streak', 'ada');
    expect(receipt).toMatchObject({ value: 2, n: 2, madeFrom: ['commits'] });
    expect(receipt.records.map(({ day }) => day)).toEqual(['2026-03-08', '2026-03-07']);
  });
});

type Subject = 'ada' | 'grace' | 'workspace';
type More = { by?: 'day' | 'total'; from?: string; to?: string; resource?: string };

function makeQuestions({ store, workspaceId, ownerId }: GoldenStore) {
  const question = (metricId: string, subject: Subject, more: More) => ({
    store,
    metrics,
    viewer: { workspaceId, personId: ownerId },
    metricId,
    query: {
      subject: subject === 'workspace' ? subject : `person:${goldenPerson(workspaceId, subject) ?? ''}`,
      by: 'total' as const,
      ...more,
    },
    now,
  });
  return {
    metric: (metricId: string, subject: Subject, more: More = {}) => readMetric(question(metricId, subject, more)),
    receipt: (metricId: string, subject: Subject, more: More = {}) =>
      readReceipt({ ...question(metricId, subject, more), limit: 50, baseUrl: 'http://localhost' }),
  };
}

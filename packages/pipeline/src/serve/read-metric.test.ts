import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact } from '@devpulse/contract/facts';
import type { MetricAnswer, MetricQuery } from '@devpulse/contract/wire/metrics';
import { newId } from '@devpulse/db/ids';
import { engineMetrics } from '../testing/engine-metrics.ts';
import { commitOf, decide, personId, reachOf, repositoryOf } from '../testing/history.ts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';
import { repositoryId } from '../derive/shape-identities.ts';
import { readMetric } from './read-metric.ts';
import { readReceipt } from './read-receipt.ts';
import type { Question } from './resolve-question.ts';

let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline({ metrics: engineMetrics });
});
afterAll(() => base.close());

const ada = { name: 'Ada', email: 'ada@example.org' };
const now = new Date('2026-05-31T12:00:00Z');

function told(number: number, at: string, isCut = false): Fact {
  return { ...commitOf(number, isCut), author: ada, committer: ada, authoredAt: at, committedAt: at, coAuthors: [] };
}

/** Ada's commits at these instants, derived and counted. */
async function tell(instants: readonly string[], zone = 'UTC'): Promise<Pipeline> {
  const pipeline = await base.inNewWorkspace({ zone });
  const facts = instants.map((at, index) => told(index + 1, at));
  await pipeline.send([
    {
      key: 'all',
      facts: [
        repositoryOf('a'),
        ...facts,
        reachOf(
          'a',
          [...instants.keys()].map((index) => index + 1),
        ),
      ],
    },
  ]);
  await pipeline.drain();
  await pipeline.roll();
  return pipeline;
}

async function ask(
  pipeline: Pipeline,
  query: Partial<MetricQuery> = {},
  metricId = 'test_commits',
): Promise<MetricAnswer> {
  return readMetric(questionOf(pipeline, query, metricId));
}

function questionOf(pipeline: Pipeline, query: Partial<MetricQuery>, metricId: string): Question {
  return {
    store: pipeline.store,
    metrics: engineMetrics,
    viewer: { workspaceId: pipeline.workspaceId, personId: pipeline.ownerId },
    metricId,
    query: { subject: 'workspace', by: 'total', ...query },
    now,
  };
}

async function stateOf(pipeline: Pipeline, metricId?: string, query?: Partial<MetricQuery>): Promise<string> {
  const { state, stateReason, values } = await ask(pipeline, query, metricId);
  return `${state}${stateReason === undefined ? '' : `: ${stateReason}`} = ${String(values[0]?.value)}`;
}

const change = (pipeline: Pipeline, statement: string): Promise<unknown> =>
  pipeline.store.inWorkspace(pipeline.workspaceId, (trx) => sql.raw(statement).execute(trx));

async function addSource(pipeline: Pipeline, state: string): Promise<string> {
  const id = newId();
  await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql`insert into sources (workspace_id, id, connector, natural_key, name, settings, state, last_checked_at)
        values (${pipeline.workspaceId}, ${id}, 'plain', ${id}, 'a source', '{}', ${state}, '2026-05-30T10:00:00Z')`.execute(
      trx,
    ),
  );
  return id;
}

describe('readMetric, about the state of a value', () => {
  it('knows nothing before anything was read, and never says zero then', async () => {
    const pipeline = await base.inNewWorkspace();
    expect(await ask(pipeline)).toMatchObject({
      state: 'unknown',
      stateReason: 'no source has been read yet',
      asOf: null,
    });
    expect((await ask(pipeline)).values).toEqual([
      {
        from: '2025-06-01',
        to: '2026-05-31',
        value: null,
        n: 0,
        complete: false,
        reason: 'no source has been read yet',
      },
    ]);
    expect((await ask(pipeline, {}, 'test_busy_days')).values[0]?.value).toBeNull();
  });

  it('is empty where it looked and found nothing', async () => {
    const pipeline = await tell([]);
    expect(await stateOf(pipeline)).toBe('empty = 0');
    expect(
      await stateOf(await tell(['2026-05-30T10:00:00.000Z']), 'test_commits', { from: '2026-01-01', to: '2026-01-31' }),
    ).toBe('empty = 0');
    const looked = await base.inNewWorkspace();
    await addSource(looked, 'ok');
    expect(await stateOf(looked)).toBe('empty = 0');
    expect((await ask(looked)).asOf).toBe('2026-05-30T10:00:00.000Z');
  });

  it('is ok when all is worked in, as of the newest event', async () => {
    const pipeline = await tell(['2026-05-30T10:00:00.000Z']);
    expect(await stateOf(pipeline)).toBe('ok = 1');
    expect(Date.parse((await ask(pipeline)).asOf ?? '')).toBeGreaterThan(Date.parse('2026-01-01'));
  });

  it('is stale while newer events wait, while one is being read, and while days wait to be counted', async () => {
    const pipeline = await tell(['2026-05-30T10:00:00.000Z']);
    await pipeline.send([{ key: 'new', facts: [told(9, '2026-05-29T10:00:00.000Z'), reachOf('a', [9], 2)] }]);
    expect(await stateOf(pipeline)).toBe('stale: 1 newer event to be worked in = 1');
    await change(pipeline, `update raw_events set state = 'leased' where state = 'pending'`);
    expect(await stateOf(pipeline)).toMatch(/^stale: 1 newer/);
    await change(pipeline, `update raw_events set state = 'pending' where state = 'leased'`);
    await pipeline.drain();
    expect(await stateOf(pipeline)).toBe('stale: 1 day to be counted again = 1');
    // Days after the window do not matter to it.
    expect(await stateOf(pipeline, 'test_commits', { to: '2026-05-28' })).toBe('empty = 0');
    await pipeline.roll();
    expect(await stateOf(pipeline)).toBe('ok = 2');
  });

  it('has no zero where something that was not counted yet may belong, and keeps what was found', async () => {
    const pipeline = await base.inNewWorkspace();
    const instants = ['2026-05-28T10:00:00.000Z', '2026-05-30T10:00:00.000Z'];
    const facts = instants.map((at, index) => told(index + 1, at));
    await pipeline.send([{ key: 'all', facts: [repositoryOf('a'), ...facts, reachOf('a', [1, 2])] }]);
    const values = async (query: Partial<MetricQuery> = {}, metric?: string): Promise<unknown[]> =>
      (await ask(pipeline, query, metric)).values.map(({ value, reason }) => reason ?? value);
    const byDay = { from: '2026-05-27', to: '2026-05-30', by: 'day' } as const;
    // Of what is not read yet nobody knows the day.
    expect(await values(byDay)).toEqual(Array.from({ length: 4 }, () => '1 event is still to be worked in'));
    await pipeline.drain();
    expect(await stateOf(pipeline)).toBe('stale: 2 days to be counted again = null');
    expect(await values()).toEqual(['2 days are still to be counted']);
    expect(await values({}, 'test_lines')).toEqual(['2 days are still to be counted']);
    const oneDay = '1 day is still to be counted';
    expect(await values(byDay)).toEqual([0, oneDay, 0, oneDay]);
    // A metric that looks back at all there was waits for the days before its window as well.
    expect(await values({ ...byDay, from: '2026-05-29' }, 'test_busy_days')).toEqual([
      oneDay,
      '2 days are still to be counted',
    ]);
    await pipeline.roll();
    expect(await values(byDay)).toEqual([0, 1, 0, 1]);
    await pipeline.send([{ key: 'more', facts: [told(9, '2026-05-27T10:00:00.000Z'), reachOf('a', [9], 2)] }]);
    await pipeline.drain();
    expect(await stateOf(pipeline)).toBe('stale: 1 day to be counted again = 2');
    expect(await values(byDay)).toEqual([oneDay, 1, 0, 1]);
  });

  it('is not proved to be zero either, before anything was counted', async () => {
    const pipeline = await base.inNewWorkspace();
    const facts = [repositoryOf('a'), told(1, '2026-05-30T10:00:00.000Z'), reachOf('a', [1])];
    await pipeline.send([{ key: 'all', facts }]);
    const expectBoth = async (wanted: object): Promise<void> => {
      for (const metricId of ['test_commits', 'test_busy_days'])
        expect(await readReceipt({ ...questionOf(pipeline, {}, metricId), ...page })).toMatchObject(wanted);
    };
    const page = { limit: 5, baseUrl: 'http://localhost' };
    await expectBoth({ value: null, state: 'stale', freshness: { pendingEvents: 1 } });
    await pipeline.drain();
    await expectBoth({ value: null, state: 'stale', freshness: { pendingDays: 1 } });
    await pipeline.roll();
    await expectBoth({ value: 1, state: 'ok' });
  });

  it('is partial with dead letters, while a source is being read, and where amounts are unknown', async () => {
    const pipeline = await tell(['2026-05-30T10:00:00.000Z']);
    await pipeline.send([{ key: 'poison', kind: 'malformed' }]);
    await change(pipeline, `update raw_events set attempts = 7 where item_key = 'poison'`);
    await pipeline.drain();
    expect(await stateOf(pipeline)).toBe('partial: 1 event could not be read = 1');
    await change(pipeline, `delete from raw_events where item_key = 'poison'`);
    await addSource(pipeline, 'reading');
    expect(await stateOf(pipeline)).toBe('partial: 1 source still being read = 1');
    await addSource(pipeline, 'reading');
    expect(await stateOf(pipeline)).toBe('partial: 2 sources still being read = 1');
  });

  it('is stale when a connection was not asked for longer than two of its intervals, however well the last look went', async () => {
    const pipeline = await tell(['2026-05-30T10:00:00.000Z']);
    const id = await addSource(pipeline, 'ok');
    await change(
      pipeline,
      `insert into connections (workspace_id, id, kind, form, host, account_number, login)
       values ('${pipeline.workspaceId}', '${id}', 'token', 'classic', 'github.com', '1', 'somebody')`,
    );
    await change(
      pipeline,
      `update sources set connection_id = id, look_seconds = 600, reconciled_at = now() - interval '20 minutes'`,
    );
    expect(await stateOf(pipeline)).toBe('ok = 1');
    await change(pipeline, `update sources set reconciled_at = now() - interval '22 minutes'`);
    expect(await stateOf(pipeline)).toBe('stale: 1 source not looked at in time = 1');
  });

  it('is partial where the amount of some records is not known, in the very window and for the very person', async () => {
    const pipeline = await base.inNewWorkspace({ zone: 'Asia/Kathmandu' });
    // 20:00 in London on the 30th is the 31st in Kathmandu.
    const byBob: Fact = {
      ...commitOf(3),
      author: { email: 'bob@example.org' },
      authoredAt: '2026-05-30T20:00:00.000Z',
      coAuthors: [],
    };
    const facts = [told(1, '2026-05-20T10:00:00.000Z'), told(2, '2026-05-30T20:00:00.000Z', true), byBob];
    await pipeline.send([{ key: 'all', facts: [repositoryOf('a'), ...facts, reachOf('a', [1, 2, 3])] }]);
    await pipeline.drain();
    await pipeline.roll();
    expect(await stateOf(pipeline, 'test_files')).toBe('partial: of 1 record the amount is not known = 6');
    expect(await stateOf(pipeline, 'test_files', { to: '2026-05-30' })).toBe('ok = 3');
    const bob = `person:${personId(pipeline, 'email:bob@example.org')}`;
    expect(await stateOf(pipeline, 'test_files', { subject: bob })).toBe('ok = 3');
    expect(await stateOf(pipeline, 'test_commits')).toBe('ok = 3');
  });

  it('is unknown for a person whom no identity stands for', async () => {
    const pipeline = await tell(['2026-05-30T10:00:00.000Z']);
    expect(await stateOf(pipeline, 'test_commits', { subject: 'me' })).toMatch(
      /^unknown: no identity is linked .* = null$/,
    );
    await decide(pipeline.store, pipeline, { decide: 'link', who: 'email:ada@example.org', to: 'owner' });
    expect(await stateOf(pipeline, 'test_commits', { subject: 'me' })).toMatch(/^stale: 1 day/);
  });

  it('is stale when the last look at a source failed, whatever else is missing', async () => {
    const pipeline = await tell(['2026-05-30T10:00:00.000Z']);
    await addSource(pipeline, 'reading');
    await addSource(pipeline, 'failed');
    expect(await stateOf(pipeline)).toBe('stale: the last look at 1 source failed = 1');
  });
});

describe('readMetric, about windows', () => {
  const instants = [
    '2026-04-30T23:59:59.999Z',
    '2026-05-01T00:00:00.000Z',
    '2026-05-03T12:00:00.000Z',
    '2026-05-04T00:00:00.000Z',
    '2026-05-31T11:00:00.000Z',
  ];

  it('cuts them by day, week and month, and says what is not over yet', async () => {
    const pipeline = await tell(instants);
    const shape = async (query: Partial<MetricQuery>): Promise<string[]> =>
      (await ask(pipeline, query)).values.map(
        (value) => `${value.from}…${value.to} ${String(value.value)}${value.complete ? '' : ' so far'}`,
      );
    expect(await shape({ from: '2026-04-30', to: '2026-06-30', by: 'month' })).toEqual([
      '2026-04-30…2026-04-30 1',
      '2026-05-01…2026-05-31 4 so far',
      '2026-06-01…2026-06-30 0 so far',
    ]);
    expect(await shape({ from: '2026-04-30', to: '2026-05-05', by: 'week' })).toEqual([
      '2026-04-30…2026-05-03 3',
      '2026-05-04…2026-05-05 1',
    ]);
    await change(pipeline, 'update workspaces set week_start = 7');
    expect(await shape({ from: '2026-04-30', to: '2026-05-05', by: 'week' })).toEqual([
      '2026-04-30…2026-05-02 2',
      '2026-05-03…2026-05-05 2',
    ]);
    expect(await shape({ from: '2026-05-30', to: '2026-05-31', by: 'day' })).toEqual([
      '2026-05-30…2026-05-30 0',
      '2026-05-31…2026-05-31 1 so far',
    ]);
  });

  it('ends today and begins a year before, in the days of the subject', async () => {
    const pipeline = await tell([], 'Pacific/Kiritimati');
    expect(await ask(pipeline)).toMatchObject({
      from: '2025-06-02',
      to: '2026-06-01',
      subject: { zone: 'Pacific/Kiritimati' },
    });
    await decide(pipeline.store, pipeline, { decide: 'zone', who: 'owner', zone: 'Etc/GMT+12' });
    expect(await ask(pipeline, { subject: 'me' })).toMatchObject({
      to: '2026-05-31',
      subject: { kind: 'person', id: pipeline.ownerId, zone: 'Etc/GMT+12' },
    });
  });

  it('lets a derived metric see its window, and history where it asked for that', async () => {
    const pipeline = await tell(instants);
    const { values } = await ask(pipeline, { from: '2026-05-01', to: '2026-05-31', by: 'total' }, 'test_busy_days');
    expect(values).toEqual([
      { from: '2026-05-01', to: '2026-05-31', value: 4, n: 4, complete: false, detail: { repositoriesEver: 1 } },
    ]);
    const monthly = await ask(pipeline, { from: '2026-04-01', to: '2026-05-31', by: 'month' }, 'test_busy_days');
    expect(monthly.values.map((value) => value.value)).toEqual([1, 4]);
  });

  it.each<[Partial<MetricQuery>, string]>([
    [{ from: '2026-02-01', to: '2026-01-31' }, 'from'],
    [{ from: '1900-01-01', to: '2026-01-31' }, 'from'],
    [{ from: '0000-01-01', to: '0000-02-01' }, 'from'],
    [{ to: '0001-01-01' }, 'from'],
    [{ from: '9999-12-01', to: '9999-12-31', by: 'month' }, 'to'],
    [{ from: '9999-12-01', to: '9999-12-31', by: 'day' }, 'to'],
  ])('refuses %j', async (query, path) => {
    const pipeline = await base.inNewWorkspace();
    await expect(ask(pipeline, query)).rejects.toMatchObject({ code: 'invalid_request', problems: [{ path }] });
  });

  it.each(['day', 'week', 'month', 'total'] as const)(
    'answers about the first and the last days there are, by %s',
    async (by) => {
      const pipeline = await tell([]);
      expect((await ask(pipeline, { from: '1000-01-01', to: '1000-02-28', by })).values.length).toBeGreaterThan(0);
      expect((await ask(pipeline, { from: '9998-11-01', to: '9998-12-31', by })).values.at(-1)?.to).toBe('9998-12-31');
    },
  );
});

describe('readMetric, about subjects and resources', () => {
  it('answers for me, for a person, and for the person an identity was merged into', async () => {
    const pipeline = await tell(['2026-05-30T10:00:00.000Z']);
    const id = personId(pipeline, 'email:ada@example.org');
    expect(await ask(pipeline, { subject: `person:${id}` })).toMatchObject({
      subject: { kind: 'person', id, name: 'Ada' },
      values: [{ value: 1 }],
    });
    await decide(pipeline.store, pipeline, { decide: 'link', who: 'email:ada@example.org', to: 'owner' });
    await pipeline.roll();
    for (const subject of ['me', `person:${id}`, `person:${pipeline.ownerId}`]) {
      expect(await ask(pipeline, { subject })).toMatchObject({
        subject: { id: pipeline.ownerId, name: 'Owner' },
        values: [{ value: 1 }],
      });
    }
  });

  it('names people in parts', async () => {
    const pipeline = await tell(['2026-05-30T10:00:00.000Z']);
    const { values } = await ask(pipeline, {}, 'test_by_person');
    expect(values[0]?.parts).toEqual([{ part: personId(pipeline, 'email:ada@example.org'), label: 'Ada', value: 1 }]);
  });

  it('counts one repository when asked to', async () => {
    const pipeline = await tell(['2026-05-30T10:00:00.000Z', '2026-05-29T10:00:00.000Z']);
    await pipeline.send([{ key: 'b', facts: [repositoryOf('b'), reachOf('b', [2])] }]);
    await pipeline.drain();
    await pipeline.roll();
    const resource = (key: string): string => repositoryId({ workspaceId: pipeline.workspaceId, source: 'plain' }, key);
    expect((await ask(pipeline)).values[0]?.value).toBe(2);
    expect((await ask(pipeline, { resource: resource('a') })).values[0]?.value).toBe(2);
    expect((await ask(pipeline, { resource: resource('b') })).values[0]?.value).toBe(1);
    expect((await ask(pipeline, { resource: resource('b') }, 'test_busy_days')).values[0]).toMatchObject({
      value: 1,
      detail: { repositoriesEver: 1 },
    });
  });

  it('finds nothing that is not there, or that is of another workspace', async () => {
    const pipeline = await tell(['2026-05-30T10:00:00.000Z']);
    const other = await tell(['2026-05-30T10:00:00.000Z']);
    const theirs = repositoryId({ workspaceId: other.workspaceId, source: 'plain' }, 'a');
    const missing: [Partial<MetricQuery>, string?][] = [
      [{}, 'no_such_metric'],
      [{ subject: `person:${newId()}` }],
      [{ subject: `person:${'-'.repeat(36)}` }],
      [{ subject: `person:${personId(other, 'email:ada@example.org')}` }],
      [{ subject: `person:${other.ownerId}` }],
      [{ resource: newId() }],
      [{ resource: theirs }],
    ];
    for (const [query, metric] of missing)
      await expect(ask(pipeline, query, metric)).rejects.toMatchObject({ code: 'not_found' });
    expect((await ask(other, { resource: theirs })).values[0]?.value).toBe(1);
  });

  it('refuses the number of a subject that has none', async () => {
    const pipeline = await tell([]);
    await expect(ask(pipeline, { subject: 'me' }, 'test_by_person')).rejects.toMatchObject({
      code: 'invalid_request',
      problems: [{ path: 'subject', message: 'one of: workspace' }],
    });
  });
});

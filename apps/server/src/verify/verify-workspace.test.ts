import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayRawEvents, stripPayloads } from '@devpulse/pipeline/capture/read-events';
import { ParsePool } from '@devpulse/pipeline/derive/parse-pool';
import { readMetric } from '@devpulse/pipeline/serve/read-metric';
import { readReceipt } from '@devpulse/pipeline/serve/read-receipt';
import { commitOf, decide, historyArbitrary, reachOf, repositoryOf } from '@devpulse/pipeline/testing/history';
import { readNumbers } from '@devpulse/pipeline/testing/numbers';
import { createPipeline, type Pipeline } from '@devpulse/pipeline/testing/pipeline-bench';
import { checkProperty, patienceFor } from '@devpulse/pipeline/testing/property';
import { loadMetrics } from '../runtime/load-extensions.ts';
import { type Verification, verifyWorkspace } from './verify-workspace.ts';

const usualRuns = 4;
let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline({ metrics: loadMetrics() });
});
afterAll(() => base.close());

function verify(pipeline: Pipeline): Promise<Verification> {
  const { store, metrics, pools, workspaceId } = pipeline;
  return verifyWorkspace({ store, metrics, pool: pools.fresh, workspaceId });
}

/** A pool that loses patience soon. */
function openTestPool(eventTimeoutMs = 400): ParsePool {
  const registry = import.meta.resolve('@devpulse/pipeline/testing/registry');
  return new ParsePool({ registry, eventTimeoutMs, bufferMegabytes: 64 });
}

/** What differs, each kind of thing once. */
const kindsOf = (found: Verification): string[] => [...new Set(found.differences.map((one) => one.what))].toSorted();

const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** Two repositories, a dozen commits, all counted. */
async function prepare(): Promise<Pipeline> {
  const pipeline = await base.inNewWorkspace({ zone: 'Asia/Kathmandu' });
  await pipeline.send([
    { key: 'r', facts: [repositoryOf('a'), repositoryOf('b')] },
    ...numbers.map((one) => ({ key: `c${one}`, facts: [commitOf(one)] })),
    { key: 'x', facts: [reachOf('a', numbers), reachOf('b', [1, 2])] },
    { key: 'b', facts: [{ fact: 'reach-baseline', repository: 'b', snapshot: 1 }] },
  ]);
  await pipeline.drain();
  await pipeline.roll();
  return pipeline;
}

function change(pipeline: Pipeline, statement: string): Promise<unknown> {
  return pipeline.store.inWorkspace(pipeline.workspaceId, (trx) => sql.raw(statement).execute(trx));
}

describe('verifyWorkspace', () => {
  it('finds no difference in a healthy store, says what it looked at, and leaves nothing behind', async () => {
    const pipeline = await prepare();
    const before = await readNumbers(pipeline);
    const found = await verify(pipeline);
    expect(found).toMatchObject({ events: 15, stripped: 0, pending: 0, differences: [] });
    expect(found.cells).toBeGreaterThan(20);
    expect(await verify(pipeline)).toEqual(found);
    expect(await readNumbers(pipeline)).toEqual(before);
    expect(await pipeline.roll()).toBe(0);
  });

  it.each([
    [
      'a changed value of a day',
      'commits',
      `update rollup_days set value = value + 1 where ctid = (select ctid from rollup_days where metric = 'commits' limit 1)`,
    ],
    [
      'a changed count of a day',
      'commits',
      `update rollup_days set n = n + 1 where ctid = (select ctid from rollup_days where metric = 'commits' limit 1)`,
    ],
    [
      'a changed sample',
      'commit_size',
      `update rollup_days set samples[1] = samples[1] + 1 where ctid = (select ctid from rollup_days where metric = 'commit_size' limit 1)`,
    ],
    [
      'a day cut in another zone',
      'commits',
      `update rollup_days set zone = 'UTC' where ctid = (select ctid from rollup_days where metric = 'commits' limit 1)`,
    ],
    [
      'a day counted by an older version',
      'languages',
      `update rollup_days set metric_version = 0 where ctid = (select ctid from rollup_days where metric = 'languages' limit 1)`,
    ],
    [
      'a missing day',
      'lines_added',
      `delete from rollup_days where ctid = (select ctid from rollup_days where metric = 'lines_added' limit 1)`,
    ],
    [
      'a part too many',
      'languages',
      `insert into rollup_days select workspace_id, subject_kind, subject_id, metric, resource_id, day, 'Latin', n, value, base, samples, zone, metric_version from rollup_days where metric = 'languages' limit 1`,
    ],
    [
      'a day too many',
      'commits',
      `insert into rollup_days select workspace_id, subject_kind, subject_id, metric, resource_id, date '1999-01-01', part, n, value, base, samples, zone, metric_version from rollup_days where metric = 'commits' limit 1`,
    ],
    [
      'a metric that is not installed',
      'gone',
      `insert into rollup_days select workspace_id, subject_kind, subject_id, 'gone', resource_id, day, part, n, value, base, samples, zone, metric_version from rollup_days limit 1`,
    ],
    [
      'a changed commit',
      'fact_commits',
      `update fact_commits set subject = 'another' where sha = '${commitOf(1).sha}'`,
    ],
    ['a missing commit', 'fact_commits', `delete from fact_commits where sha = '${commitOf(1).sha}'`],
    [
      'a commit too many',
      'fact_commits',
      `insert into fact_commits select workspace_id, 'f', author_id, authored_at, 0, committer_id, committed_at, 0, parents, is_merge, subject, files_changed, fidelity, content_hash from fact_commits limit 1`,
    ],
    [
      'a changed file',
      'fact_commit_files',
      `update fact_commit_files set additions = additions + 1 where sha = '${commitOf(1).sha}' and path = 'src/a.ts'`,
    ],
    [
      'a missing file',
      'fact_commit_files',
      `delete from fact_commit_files where sha = '${commitOf(1).sha}' and path = 'src/a.ts'`,
    ],
    [
      'a changed credit',
      'fact_commit_credits',
      `update fact_commit_credits set role = 'author' where role = 'co_author'`,
    ],
    ['a missing credit', 'fact_commit_credits', `delete from fact_commit_credits where role = 'co_author'`],
    ['a renamed identity', 'fact_identities', `update fact_identities set name = 'Nobody' where external_key = 'id:7'`],
    ['a missing identity', 'fact_identities', `delete from fact_identities where external_key = 'id:7'`],
    [
      'a changed repository',
      'fact_repositories',
      `update fact_repositories set default_branch = 'other' where external_key = 'a'`,
    ],
    [
      'a lost baseline',
      'fact_repositories',
      `update fact_repositories set reach_baseline = 0 where external_key = 'b'`,
    ],
    [
      'a commit out of reach',
      'fact_commit_reach',
      `update fact_commit_reach set reachable = false where sha = '${commitOf(2).sha}'`,
    ],
  ])('finds %s', async (_name, what, statement) => {
    const pipeline = await prepare();
    await change(pipeline, statement);
    const found = await verify(pipeline);
    expect(kindsOf(found)).toContain(what);
    for (const one of found.differences) expect(one.stored === one.expected, one.where).toBe(false);
  });

  it('reports days that wait to be counted as waiting, not as different, and only those', async () => {
    const pipeline = await prepare();
    const [one, other] = [commitOf(1), commitOf(2)].map((commit) => commit.authoredAt);
    await change(pipeline, `update rollup_days set value = value + 1 where metric = 'commits'`);
    const all = await verify(pipeline);
    expect(all.differences.length).toBeGreaterThan(10);
    await change(
      pipeline,
      `insert into rollup_stale (workspace_id, id, subject_kind, subject_id, day)
       select distinct on (subject_kind, subject_id, day) workspace_id, gen_random_uuid(), subject_kind, subject_id, day from rollup_days`,
    );
    const waiting = await verify(pipeline);
    expect(waiting).toMatchObject({ differences: [], cells: all.cells - waiting.pending });
    expect(waiting.pending).toBeGreaterThan(10);
    await change(
      pipeline,
      `delete from rollup_stale where day <> (timestamptz '${one}' at time zone 'Asia/Kathmandu')::date`,
    );
    const some = await verify(pipeline);
    expect(some.pending).toBeGreaterThan(0);
    expect(some.differences.length).toBeGreaterThan(0);
    expect(some.differences.length).toBeLessThan(all.differences.length);
    expect(one).not.toBe(other);
    await pipeline.roll();
    await change(
      pipeline,
      `insert into rollup_stale select workspace_id, gen_random_uuid(), subject_kind, subject_id, day from rollup_days`,
    );
    await pipeline.roll();
    expect(await verify(pipeline)).toMatchObject({ pending: 0, differences: [] });
  });

  it('does not take events for lost that wait to be read, for the first time or again', async () => {
    const pipeline = await prepare();
    await pipeline.send([{ key: 'new', facts: [commitOf(20)] }]);
    expect(await verify(pipeline)).toMatchObject({ events: 15, differences: [] });
    await replayRawEvents({ ...pipeline, filter: { search: 'c1' } });
    expect(await verify(pipeline)).toMatchObject({ events: 11, differences: [] });
    await pipeline.drain();
    await pipeline.roll();
    expect(await verify(pipeline)).toMatchObject({ events: 16, pending: 0, differences: [] });
  });

  it('says which events lost their bodies, and compares what can still be read', async () => {
    const pipeline = await prepare();
    const old = numbers.slice(0, 6);
    await change(
      pipeline,
      `update raw_events set received_at = now() - interval '100 days' where item_key in ('r', 'b', ${old.map((one) => `'c${one}'`).join(', ')})`,
    );
    expect(await stripPayloads(pipeline)).toBe(8);
    // The people of these commits have others, whose events are gone: their first and last acts cannot be read again.
    expect(await verify(pipeline)).toMatchObject({ events: 7, stripped: 8, differences: [] });
    await change(pipeline, `update fact_commits set subject = 'nobody can tell' where sha = '${commitOf(1).sha}'`);
    expect((await verify(pipeline)).differences).toEqual([]);
    await change(pipeline, `update fact_commits set subject = 'another' where sha = '${commitOf(7).sha}'`);
    expect(kindsOf(await verify(pipeline))).toEqual(['fact_commits']);
    await change(
      pipeline,
      `delete from fact_commit_files where sha = '${commitOf(8).sha}' and path = 'package-lock.json'`,
    );
    expect(kindsOf(await verify(pipeline))).toEqual(['fact_commit_files', 'fact_commits']);
    await change(
      pipeline,
      `insert into fact_commit_files select workspace_id, sha, 'more.md', null, 0, 0, null, null from fact_commits where sha = '${commitOf(9).sha}'`,
    );
    const found = await verify(pipeline);
    expect(
      found.differences.filter((one) => one.what === 'fact_commit_files').map((one) => one.expected === null),
    ).toEqual([false, true]);
  });

  it.each([
    ['loops', 'parse_timeout: stopped after 400 ms beside others'],
    ['throws', 'parse_crashed: Error: a fault of ours'],
    ['buffers', 'parse_memory: more buffers than one event may have'],
  ])('names an event that was read before and %s now, and what is missing without it', async (kind, expected) => {
    const pipeline = await prepare();
    await change(pipeline, `update raw_events set kind = '${kind}' where item_key = 'c7'`);
    const hasty = openTestPool();
    const found = await verifyWorkspace({ ...pipeline, pool: hasty });
    await hasty.close();
    expect(found.differences.find((one) => one.what === 'raw_events')).toEqual({
      what: 'raw_events',
      where: 'plain c7',
      stored: 'read',
      expected,
    });
    expect(
      found.differences.filter((one) => one.what === 'fact_commits').map(({ where, expected: now }) => [where, now]),
    ).toEqual([[commitOf(7).sha, null]]);
  });

  it('ends soon where a whole connector loops, and names where', async () => {
    const pipeline = await prepare();
    await pipeline.send(
      Array.from({ length: 25 }, (_, index) => ({ key: `n${index}`, facts: [commitOf(30 + index)] })),
    );
    await pipeline.drain();
    await change(pipeline, `update raw_events set kind = 'loops'`);
    const hasty = openTestPool(50);
    const found = await verifyWorkspace({ ...pipeline, pool: hasty });
    await hasty.close();
    const told = found.differences.filter((one) => one.what === 'raw_events');
    expect(told).toHaveLength(1);
    expect(told[0]?.expected).toMatch(/^parse_timeout: .*reading ended here$/);
    expect(kindsOf(found)).not.toContain('fact_commits');
  });

  it('works beside a pipeline at work, and neither waits for the other', async () => {
    const pipeline = await prepare();
    await pipeline.send([{ key: 'new', facts: [commitOf(20), reachOf('a', [20], 3)] }]);
    let inside: Verification | undefined;
    // The drain stands still with its facts written and the lock of the facts in hand.
    const onStep = async (step: string): Promise<void> => {
      if (step === 'applied') inside = await verify(pipeline);
    };
    expect(await pipeline.drain({ onStep })).toMatchObject({ done: 1 });
    expect(inside).toMatchObject({ events: 15, differences: [] });
    await pipeline.send(
      numbers.map((one) => ({ key: `n${one}`, facts: [commitOf(20 + one), reachOf('a', [20 + one], 4)] })),
    );
    const [first, , second] = await Promise.all([
      verify(pipeline),
      pipeline.drain({ batchSize: 2 }),
      verify(pipeline),
      pipeline.roll(),
    ]);
    expect([first.differences, second.differences]).toEqual([[], []]);
  });
});

describe('every metric of the registry', () => {
  it(
    'is counted on any history as a rebuild would, and its receipt closes',
    async () => {
      let compared = 0;
      await checkProperty(
        fc.asyncProperty(historyArbitrary, async (history) => {
          const pipeline = await base.inNewWorkspace({ zone: history.zone });
          const decisions = [...history.decisions];
          for (const [index, facts] of history.events.entries()) {
            await pipeline.send([{ key: `e${index}`, facts }]);
            await pipeline.drain();
            const made = decisions.shift();
            if (made !== undefined) await decide(pipeline.store, pipeline, made);
            if (index % 3 === 0) await pipeline.roll();
          }
          await pipeline.roll();
          expect(await verify(pipeline)).toMatchObject({ pending: 0, differences: [] });
          compared += await expectReceiptsToClose(pipeline);
        }),
        usualRuns,
      );
      expect(compared).toBeGreaterThan(0);
    },
    patienceFor(usualRuns),
  );
});

/** Compares each metric's answer with its receipt; returns how many records were seen. */
async function expectReceiptsToClose(pipeline: Pipeline): Promise<number> {
  let seen = 0;
  for (const metric of pipeline.metrics.values()) {
    const subject = metric.subjects.includes('workspace') ? 'workspace' : 'me';
    const question = {
      store: pipeline.store,
      metrics: pipeline.metrics,
      viewer: { workspaceId: pipeline.workspaceId, personId: pipeline.ownerId },
      metricId: metric.id,
      query: { subject, by: 'total' as const, from: '2000-01-01', to: '2027-01-01' },
      now: new Date('2027-01-01T12:00:00Z'),
    };
    const answer = await readMetric(question);
    const receipt = await readReceipt({ ...question, baseUrl: 'http://localhost', limit: 500 });
    const [value] = answer.values;
    expect({ value: receipt.value, n: receipt.n, state: receipt.state }, metric.id).toEqual({
      value: value?.value,
      n: value?.n,
      state: answer.state,
    });
    expect(receipt.found - receipt.leftOut.reduce((sum, line) => sum + line.count, 0), metric.id).toBe(receipt.n);
    if (metric.kind === 'derived' || receipt.nextCursor !== null) continue;
    seen += receipt.records.length;
    expect(receipt.records, metric.id).toHaveLength(receipt.n);
    const sum = receipt.records.reduce((total, record) => total + record.value, 0);
    expect(metric.kind !== 'count' || answer.state === 'unknown' || sum === receipt.value, metric.id).toBe(true);
  }
  return seen;
}

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FailReason, failReasons } from '@devpulse/contract/drop-reasons';
import type { Fact } from '@devpulse/contract/facts';
import { listRawEvents, replayRawEvents } from '../capture/read-events.ts';
import { commitOf, reachOf, repositoryOf } from '../testing/history.ts';
import { readNumbers } from '../testing/numbers.ts';
import { createPipeline, type Pipeline, type ToldEvent } from '../testing/pipeline-bench.ts';
import { drainInbox } from './drain-inbox.ts';
import { ParsePool } from './parse-pool.ts';

let base: Pipeline;
let hasty: Pipeline;
beforeAll(async () => {
  base = await createPipeline();
  hasty = await createPipeline({ batchTimeoutMs: 400 });
});
afterAll(async () => {
  await base.close();
  await hasty.close();
});

const tooMany = {
  ...commitOf(1),
  files: [{ path: 'a', previousPath: null, additions: 3e9, deletions: 0, isBinary: false, isSubmodule: false }],
};
const half = [
  commitOf(2),
  { fact: 'reach', repository: 'a', snapshot: 1, reachable: true, shas: null } as unknown as Fact,
];

/** One event for each way to fail, and how often it is tried. */
const poisons: Record<FailReason, { event: ToldEvent; attempts: number; on?: () => Pipeline }> = {
  malformed: { event: { key: 'p', kind: 'malformed' }, attempts: 3 },
  parse_crashed: { event: { key: 'p', kind: 'throws' }, attempts: 8 },
  parse_timeout: { event: { key: 'p', kind: 'loops' }, attempts: 3, on: () => hasty },
  parse_memory: { event: { key: 'p', kind: 'devours' }, attempts: 3 },
  unknown_source: { event: { key: 'p', source: 'nobody' }, attempts: 8 },
  payload_stripped: { event: { key: 'p' }, attempts: 1 },
  store_refused: { event: { key: 'p', facts: [tooMany] }, attempts: 8 },
};

async function makeDue(pipeline: Pipeline): Promise<void> {
  await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql`update raw_events set run_after = now() where state = 'pending'`.execute(trx),
  );
}

async function drainUntilSettled(pipeline: Pipeline): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    const { done, ignored, failed } = await pipeline.drain();
    if (done + ignored + failed === 0) return;
    await makeDue(pipeline);
  }
  throw new Error('it is tried for ever');
}

async function readStates(pipeline: Pipeline): Promise<Record<string, string>> {
  const { events } = await listRawEvents({
    store: pipeline.store,
    workspaceId: pipeline.workspaceId,
    filter: {},
    limit: 100,
  });
  return Object.fromEntries(
    events
      .toReversed()
      .map((event) => [event.key, event.reason === null ? event.state : `${event.state} ${event.reason}`]),
  );
}

describe('drainInbox on poisoned events', () => {
  it.each(Object.entries(poisons))(
    'ends one that is %s in the dead letters, with its reason',
    async (reason, { event, attempts, on }) => {
      const pipeline = await (on?.() ?? base).inNewWorkspace();
      await pipeline.send([event]);
      if (reason === 'payload_stripped') {
        await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
          sql`update raw_events set body = null`.execute(trx),
        );
      }
      await drainUntilSettled(pipeline);
      const { events } = await listRawEvents({
        store: pipeline.store,
        workspaceId: pipeline.workspaceId,
        filter: { state: 'dead' },
        limit: 10,
      });
      expect(events).toHaveLength(1);
      expect(events[0]).toMatchObject({ key: 'p', state: 'dead', reason, attempts });
      expect(events[0]?.detail).toMatch(/\w/);
      expect(Object.keys(failReasons)).toContain(reason);
      expect(await readNumbers(pipeline)).toMatchObject({ commits: [], identities: [] });
    },
  );

  it('reads their neighbours in the same batch', async () => {
    const pipeline = await base.inNewWorkspace();
    const good = [
      { key: 'r', facts: [repositoryOf('a')] },
      { key: 'c', facts: [commitOf(1)] },
      { key: 'x', facts: [reachOf('a', [1])] },
    ];
    const bad = ['malformed', 'throws', 'devours'].map((kind) => ({ key: kind, kind }));
    await pipeline.send([
      ...bad,
      ...good,
      { key: 'half', facts: half },
      { key: 'refused', facts: [{ ...tooMany, sha: 'f'.repeat(40) }] },
      { key: 'n', kind: 'nothing' },
    ]);
    await pipeline.drain();
    expect(await readStates(pipeline)).toEqual({
      malformed: 'pending malformed',
      throws: 'pending parse_crashed',
      devours: 'pending parse_memory',
      r: 'done',
      c: 'done',
      x: 'done',
      half: 'pending parse_crashed',
      refused: 'pending store_refused',
      n: 'ignored unknown_kind',
    });
    const { commits } = await readNumbers(pipeline);
    expect(commits.map((row) => row['sha'])).toEqual([commitOf(1).sha]);
  });

  it('keeps nothing of an event whose facts are good only at their beginning', async () => {
    const pipeline = await base.inNewWorkspace();
    await pipeline.send([
      { key: 'before', facts: [commitOf(1)] },
      { key: 'half', facts: half },
      { key: 'after', facts: [commitOf(3)] },
    ]);
    await pipeline.drain();
    const { commits } = await readNumbers(pipeline);
    expect(commits.map((row) => row['sha'])).toEqual([commitOf(1).sha, commitOf(3).sha]);
  });

  it('works on fresh events while a poisoned one is tried again', async () => {
    const pipeline = await base.inNewWorkspace();
    const retry = new ParsePool({
      registry: new URL('../testing/registry.ts', import.meta.url).href,
      batchTimeoutMs: 600_000,
    });
    await pipeline.send([{ key: 'p', kind: 'loops' }]);
    await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
      sql`update raw_events set attempts = 1`.execute(trx),
    );
    const options = { store: pipeline.store, pools: { fresh: pipeline.pools.fresh, retry }, log: () => undefined };
    const isParsing = Promise.withResolvers<void>();
    let isOver = false;
    const retried = drainInbox(
      { ...options, onStep: () => isParsing.resolve() },
      pipeline.workspaceId,
      'retry',
    ).finally(() => {
      isOver = true;
    });
    await isParsing.promise;
    const events = Array.from({ length: 30 }, (_, index) => ({ key: `c${index}`, facts: [commitOf(index)] }));
    await pipeline.send(events);
    expect(await drainInbox({ ...options, batchSize: 4 }, pipeline.workspaceId, 'fresh')).toEqual({
      done: 30,
      ignored: 0,
      failed: 0,
    });
    expect(isOver).toBe(false);
    await retry.close();
    expect(await retried).toEqual({ done: 0, ignored: 0, failed: 1 });
  });

  it('reads them after the fault was mended and they were replayed', async () => {
    const pipeline = await base.inNewWorkspace();
    await pipeline.send([{ key: 'p', kind: 'throws', facts: [repositoryOf('a'), commitOf(1), reachOf('a', [1])] }]);
    await drainUntilSettled(pipeline);
    expect(await readStates(pipeline)).toEqual({ p: 'dead parse_crashed' });
    const mended = poolOf(`JSON.parse(Buffer.from(event.body).toString())`);
    const where = { store: pipeline.store, workspaceId: pipeline.workspaceId };
    expect(await replayRawEvents({ ...where, filter: { state: 'dead', reason: 'parse_crashed' } })).toEqual({
      replayed: 1,
    });
    const pools = { fresh: mended, retry: mended };
    expect(await pipeline.drain({ pools })).toEqual({ done: 1, ignored: 0, failed: 0 });
    await mended.close();
    expect(await readStates(pipeline)).toEqual({ p: 'done' });
    expect(await pipeline.roll()).toBeGreaterThan(0);
  });

  it.each(['"\\ud83d"', `'x'.repeat(1999) + '\u{1F600}'`, '"a\\u0000b"'])(
    'keeps the reason of a fault that is told in text the store cannot hold: %s',
    async (text) => {
      const pipeline = await base.inNewWorkspace();
      await pipeline.send([{ key: 'p' }]);
      const pool = poolOf(`(() => { throw Object.assign(new Error(${text}), { stack: undefined }) })()`);
      expect(await pipeline.drain({ pools: { fresh: pool, retry: pool } })).toEqual({ done: 0, ignored: 0, failed: 1 });
      await pool.close();
      expect(await readStates(pipeline)).toEqual({ p: 'pending parse_crashed' });
    },
  );

  it('sets aside what says nothing, once', async () => {
    const pipeline = await base.inNewWorkspace();
    await pipeline.send([
      { key: 'unknown', kind: 'nothing' },
      { key: 'empty', facts: [] },
    ]);
    expect(await pipeline.drain()).toEqual({ done: 0, ignored: 2, failed: 0 });
    expect(await readStates(pipeline)).toEqual({ unknown: 'ignored unknown_kind', empty: 'ignored no_facts' });
    expect(await pipeline.drain()).toEqual({ done: 0, ignored: 0, failed: 0 });
  });
});

/** A pool whose connector `plain` makes its facts so. */
function poolOf(facts: string): ParsePool {
  const module = `export const connectors = [{ id: 'plain', parse: (event) => ({ facts: ${facts} }) }];`;
  return new ParsePool({ registry: `data:text/javascript,${encodeURIComponent(module)}` });
}

import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { commitOf, reachOf, repositoryOf } from '../testing/history.ts';
import { readNumbers } from '../testing/numbers.ts';
import { createPipeline, type Pipeline, type ToldEvent } from '../testing/pipeline-bench.ts';
import { claimEvents } from './claim-events.ts';
import { drainInbox } from './drain-inbox.ts';
import type { DrainOptions } from './drain-options.ts';
import { finishEvents, LeaseLost } from './finish-events.ts';

let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline();
});
afterAll(() => base.close());
afterEach(() => {
  vi.useRealTimers();
});

const steps = ['claimed', 'parsed', 'applied'] as const;
const history: ToldEvent[] = [
  { key: 'r', facts: [repositoryOf('a')] },
  { key: 'x', facts: [reachOf('a', [1, 2, 3, 4])] },
  ...[1, 2, 3, 4].map((one) => ({ key: `c${one}`, facts: [commitOf(one)] })),
];

interface EventRow {
  state: string;
  attempts: number;
  fence: number;
  reason: string | null;
}

async function readEvents(pipeline: Pipeline): Promise<EventRow[]> {
  const { rows } = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql<EventRow>`select state, attempts, fence, reason from raw_events order by id`.execute(trx),
  );
  return rows;
}

async function expireLeases(pipeline: Pipeline): Promise<void> {
  await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql`update raw_events set lease_until = now() - interval '1 second' where state = 'leased'`.execute(trx),
  );
}

function drainLane(pipeline: Pipeline, lane: 'fresh' | 'retry', options: Partial<DrainOptions> = {}) {
  const { store, pools, workspaceId } = pipeline;
  return drainInbox({ store, pools, log: () => undefined, ...options }, workspaceId, lane);
}

/** A worker that stands still at a step until it is told to go on. */
function startPaused(pipeline: Pipeline, step: string) {
  const reached = Promise.withResolvers<void>();
  const resume = Promise.withResolvers<void>();
  const warnings: string[] = [];
  const result = drainLane(pipeline, 'fresh', {
    log: (_level, message) => warnings.push(message),
    onStep: async (at) => {
      if (at !== step) return;
      reached.resolve();
      await resume.promise;
    },
  });
  return { reached: reached.promise, resume: () => resume.resolve(), result, warnings };
}

async function numbersInOrder(): Promise<unknown> {
  const pipeline = await base.inNewWorkspace();
  await pipeline.send(history);
  await pipeline.drain();
  await pipeline.roll();
  return readNumbers(pipeline);
}

describe('drainInbox beside other workers', () => {
  it('reads each event once when three drain at once', async () => {
    const pipeline = await base.inNewWorkspace();
    const events = Array.from({ length: 40 }, (_, index) => ({ key: `c${index}`, facts: [commitOf(index)] }));
    await pipeline.send([{ key: 'r', facts: [repositoryOf('a'), reachOf('a', [...events.keys()])] }, ...events]);
    const results = await Promise.all([1, 2, 3].map(() => drainLane(pipeline, 'fresh', { batchSize: 3 })));
    expect(results.reduce((sum, result) => sum + result.done, 0)).toBe(41);
    expect(await readEvents(pipeline)).toEqual(
      Array.from({ length: 41 }, () => ({ state: 'done', attempts: 1, fence: 1, reason: null })),
    );
    expect((await readNumbers(pipeline)).commits).toHaveLength(40);
  });

  it.each(steps)('refuses a worker that paused past its lease at "%s" once another has done its work', async (step) => {
    const pipeline = await base.inNewWorkspace();
    await pipeline.send(history);
    const zombie = startPaused(pipeline, step);
    await zombie.reached;
    await expireLeases(pipeline);
    const other = drainLane(pipeline, 'retry');
    // At "applied" the zombie holds the lock of the facts: the other can only take the events over and wait.
    await (step === 'applied' ? untilTakenOver(pipeline) : other);
    zombie.resume();
    expect(await zombie.result).toEqual({ done: 0, ignored: 0, failed: 0 });
    expect(await other).toEqual({ done: history.length, ignored: 0, failed: 0 });
    expect(zombie.warnings).toEqual([`another worker took over some of ${history.length} events`]);
    expect(await readEvents(pipeline)).toEqual(
      history.map(() => ({ state: 'done', attempts: 2, fence: 2, reason: null })),
    );
    await pipeline.roll();
    expect(await readNumbers(pipeline)).toEqual(await numbersInOrder());
  });

  it.each(steps)('takes back the facts of a worker that lost its lease at "%s"', async (step) => {
    const pipeline = await base.inNewWorkspace();
    await pipeline.send(history);
    const zombie = startPaused(pipeline, step);
    await zombie.reached;
    await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
      sql`update raw_events set fence = fence + 1, lease_until = now() + interval '1 hour'`.execute(trx),
    );
    zombie.resume();
    expect(await zombie.result).toEqual({ done: 0, ignored: 0, failed: 0 });
    expect(await readNumbers(pipeline)).toEqual({
      days: [],
      commits: [],
      credits: [],
      files: [],
      reach: [],
      identities: [],
      repositories: [],
    });
    const { rows } = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
      sql`select * from rollup_stale`.execute(trx),
    );
    expect(rows).toEqual([]);
    expect((await readEvents(pipeline)).map((event) => event.state)).toEqual(history.map(() => 'leased'));
  });

  it.each(steps)('leaves the events of a worker that dies at "%s" to the next, after their lease', async (step) => {
    const pipeline = await base.inNewWorkspace();
    await pipeline.send(history);
    class Killed extends Error {}
    const die = (at: string): void => {
      if (at === step) throw new Killed();
    };
    await expect(drainLane(pipeline, 'fresh', { onStep: die })).rejects.toThrow(Killed);
    // Held until the lease ends: neither lane may touch them.
    expect(await pipeline.drain()).toEqual({ done: 0, ignored: 0, failed: 0 });
    await expireLeases(pipeline);
    expect(await drainLane(pipeline, 'fresh')).toEqual({ done: 0, ignored: 0, failed: 0 });
    expect(await drainLane(pipeline, 'retry')).toEqual({ done: history.length, ignored: 0, failed: 0 });
    await pipeline.roll();
    expect(await readNumbers(pipeline)).toEqual(await numbersInOrder());
  });

  it('keeps its lease alive while it works, and stops when it is done', async () => {
    const pipeline = await base.inNewWorkspace();
    await pipeline.send(history);
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    let renewed = false;
    const onStep = async (at: string): Promise<void> => {
      if (at !== 'parsed') return;
      await expireLeases(pipeline);
      vi.advanceTimersByTime(10_000);
      while ((await countRunOut(pipeline)) > 0) await sleep(5);
      renewed = true;
      expect(await drainLane(pipeline, 'retry')).toEqual({ done: 0, ignored: 0, failed: 0 });
    };
    expect(await drainLane(pipeline, 'fresh', { onStep })).toMatchObject({ done: history.length });
    expect(renewed).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('finishEvents', () => {
  it('lets all go when one of several was taken over', async () => {
    const pipeline = await base.inNewWorkspace();
    await pipeline.send(history.slice(0, 2));
    const { store, workspaceId } = pipeline;
    const claimed = await store.inWorkspace(workspaceId, (trx) =>
      claimEvents(trx, { workspaceId, owner: 'me', lane: 'fresh', limit: 10 }),
    );
    const ends = claimed.map(({ id, fence }, index) => ({ id, fence: fence - index, end: 'done' as const }));
    await expect(store.inWorkspace(workspaceId, (trx) => finishEvents(trx, workspaceId, ends))).rejects.toThrow(
      LeaseLost,
    );
    expect((await readEvents(pipeline)).map((event) => event.state)).toEqual(['leased', 'leased']);
  });

  it('waits twice as long after each failure, and gives up after the last', async () => {
    const pipeline = await base.inNewWorkspace();
    await pipeline.send(history.slice(0, 1));
    const { store, workspaceId } = pipeline;
    const [event] = await store.inWorkspace(workspaceId, (trx) =>
      claimEvents(trx, { workspaceId, owner: 'me', lane: 'fresh', limit: 1 }),
    );
    if (event === undefined) throw new Error('nothing claimed');
    const waits: (number | string)[] = [];
    for (let attempts = 1; attempts <= 8; attempts += 1) {
      await store.inWorkspace(workspaceId, async (trx) => {
        await sql`update raw_events set state = 'leased'`.execute(trx);
        await finishEvents(trx, workspaceId, [
          { ...event, attempts, end: 'failed', reason: 'parse_crashed', detail: 'x' },
        ]);
        const { rows } = await sql<{ state: string; wait: number }>`
          select state, extract(epoch from run_after - now())::integer as wait from raw_events`.execute(trx);
        waits.push(rows[0]?.state === 'pending' ? rows[0].wait : (rows[0]?.state ?? ''));
      });
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 'dead']);
  });
});

describe('claimEvents', () => {
  it('bounds a batch by what its bodies take when unpacked, and by rows', async () => {
    const pipeline = await base.inNewWorkspace();
    const blanks = Buffer.alloc(10 * 1024 * 1024, ' ');
    await pipeline.send(['a', 'b', 'c'].map((key) => ({ key, body: blanks })));
    const { store, workspaceId } = pipeline;
    const claim = (limit: number) =>
      store.inWorkspace(workspaceId, (trx) => claimEvents(trx, { workspaceId, owner: 'me', lane: 'fresh', limit }));
    expect((await claim(500)).map((event) => event.body.length)).toEqual([blanks.length, blanks.length]);
    expect(await claim(500)).toHaveLength(1);
    expect(await claim(500)).toHaveLength(0);
    await pipeline.send([1, 2, 3].map((one) => ({ key: `${one}`, body: 'x' })));
    expect(await claim(2)).toHaveLength(2);
    expect(await claim(2)).toHaveLength(1);
  });
});

async function untilTakenOver(pipeline: Pipeline): Promise<void> {
  while ((await readEvents(pipeline)).some((event) => event.fence < 2)) await sleep(5);
}

async function countRunOut(pipeline: Pipeline): Promise<number> {
  const { rows } = await pipeline.store.inWorkspace(pipeline.workspaceId, (trx) =>
    sql<{ count: number }>`select count(*) as count from raw_events where lease_until < now()`.execute(trx),
  );
  return rows[0]?.count ?? 0;
}

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@devpulse/db/ids';
import { commitOf } from '../testing/history.ts';
import { readNumbers } from '../testing/numbers.ts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';
import { listRawEvents, type RawEventFilter, readRawEvent, replayRawEvents, stripPayloads } from './read-events.ts';

let base: Pipeline;
beforeAll(async () => {
  base = await createPipeline();
});
afterAll(() => base.close());

async function start(): Promise<Pipeline> {
  const pipeline = await base.inNewWorkspace();
  await pipeline.send([
    { key: 'done', facts: [commitOf(1)] },
    { key: 'ignored', kind: 'nothing' },
    { key: 'Failed 100%', kind: 'throws' },
    { key: 'orphan', source: 'nobody' },
  ]);
  await pipeline.drain();
  await pipeline.send([{ key: 'waiting', body: Buffer.alloc(20_000, 'x') }]);
  return pipeline;
}

async function keysOf(pipeline: Pipeline, filter: RawEventFilter): Promise<string[]> {
  const { events, nextCursor } = await listRawEvents({ ...pipeline, filter, limit: 50 });
  expect(nextCursor).toBeNull();
  return events.map((event) => event.key).toSorted();
}

describe('listRawEvents', () => {
  it('filters by state, source, kind, reason and text of the key', async () => {
    const pipeline = await start();
    expect(await keysOf(pipeline, {})).toHaveLength(5);
    expect(await keysOf(pipeline, { state: 'ignored' })).toEqual(['ignored']);
    expect(await keysOf(pipeline, { source: 'nobody' })).toEqual(['orphan']);
    expect(await keysOf(pipeline, { kind: 'throws', state: 'pending' })).toEqual(['Failed 100%']);
    expect(await keysOf(pipeline, { reason: 'unknown_source' })).toEqual(['orphan']);
    expect(await keysOf(pipeline, { search: 'ED' })).toEqual(['Failed 100%', 'ignored']);
    expect(await keysOf(pipeline, { search: '%' })).toEqual(['Failed 100%']);
    expect(await keysOf(pipeline, { search: '_' })).toEqual([]);
  });

  it('pages through all, newest first, without gap or repeat', async () => {
    const pipeline = await start();
    const seen: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await listRawEvents({ ...pipeline, filter: {}, cursor, limit: 2 });
      seen.push(...page.events.map((event) => event.id));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(5);
    expect(seen).toEqual([...new Set(seen)].toSorted().toReversed());
  });

  it('shows nothing of another workspace', async () => {
    const pipeline = await start();
    const other = await base.inNewWorkspace();
    const { events } = await listRawEvents({ ...pipeline, filter: {}, limit: 1 });
    expect(await keysOf(other, {})).toEqual([]);
    expect(await readRawEvent({ ...other, id: events[0]?.id ?? '' })).toBeNull();
    expect(await replayRawEvents({ ...other, ids: events.map((event) => event.id) })).toEqual({ replayed: 0 });
  });
});

describe('readRawEvent', () => {
  it('gives the body as it came, unpacked, and null for an event that is not there', async () => {
    const pipeline = await start();
    const { events } = await listRawEvents({ ...pipeline, filter: { search: 'waiting' }, limit: 1 });
    const event = await readRawEvent({ ...pipeline, id: events[0]?.id ?? '' });
    expect(event?.body?.toString()).toBe('x'.repeat(20_000));
    expect(event).not.toHaveProperty('encoding');
    expect(await readRawEvent({ ...pipeline, id: newId() })).toBeNull();
  });
});

describe('replayRawEvents', () => {
  it('takes finished events back into the inbox, and leaves those alone that wait or have no body', async () => {
    const pipeline = await start();
    expect(await replayRawEvents(pipeline)).toEqual({ replayed: 2 });
    expect(await keysOf(pipeline, { state: 'pending' })).toHaveLength(5);
    await pipeline.drain();
    await sqlIn(pipeline, `update raw_events set body = null where item_key = 'done'`);
    expect(await replayRawEvents({ ...pipeline, filter: { state: 'done' } })).toEqual({ replayed: 0 });
  });
});

describe('stripPayloads', () => {
  it('removes the bodies of finished events after their time, never facts nor what waits', async () => {
    const pipeline = await start();
    const before = await readNumbers(pipeline);
    expect(await stripPayloads(pipeline)).toBe(0);
    await sqlIn(pipeline, `update raw_events set received_at = now() - interval '91 days'`);
    expect(await stripPayloads({ ...pipeline, batch: 1 })).toBe(1);
    expect(await stripPayloads(pipeline)).toBe(1);
    expect(await stripPayloads(pipeline)).toBe(0);
    const { events } = await listRawEvents({ ...pipeline, filter: {}, limit: 50 });
    expect(
      events
        .filter((event) => event.bytes === null)
        .map((event) => event.key)
        .toSorted(),
    ).toEqual(['done', 'ignored']);
    expect(await readNumbers(pipeline)).toEqual(before);
  });

  it('keeps bodies as long as the workspace says', async () => {
    const pipeline = await start();
    await sqlIn(
      pipeline,
      `update raw_events set received_at = now() - interval '10 days'; update workspaces set raw_retention_days = 11`,
    );
    expect(await stripPayloads(pipeline)).toBe(0);
    await sqlIn(pipeline, 'update workspaces set raw_retention_days = 9');
    expect(await stripPayloads(pipeline)).toBe(2);
  });
});

async function sqlIn(pipeline: Pipeline, statements: string): Promise<void> {
  await pipeline.store.inWorkspace(pipeline.workspaceId, async (trx) => {
    for (const statement of statements.split(';')) await sql.raw(statement).execute(trx);
  });
}

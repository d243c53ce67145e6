import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { replayRawEvents } from '../capture/read-events.ts';
import { commitOf } from '../testing/history.ts';
import { createPipeline, type Pipeline } from '../testing/pipeline-bench.ts';

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await createPipeline();
});
afterAll(() => pipeline.close());

it('tells how long each delivery of a webhook waited for its facts, and of nothing else', async () => {
  const { store, workspaceId, capture } = pipeline;
  const event = (key: string, arrival: 'webhook' | 'push', body: string) => ({
    workspaceId,
    source: 'plain',
    key,
    kind: 'facts',
    arrival,
    body: Buffer.from(body),
  });
  await capture.add([
    event('told', 'webhook', JSON.stringify([commitOf(1)])),
    event('pushed', 'push', JSON.stringify([commitOf(2)])),
    event('empty', 'webhook', '[]'),
  ]);
  await store.inWorkspace(workspaceId, (trx) =>
    sql`update raw_events set received_at = received_at - interval '1 hour', run_after = run_after - interval '1 hour'`.execute(
      trx,
    ),
  );
  const waits: number[] = [];
  const onDelivered = (seconds: number): void => void waits.push(seconds);
  expect(await pipeline.drain({ onDelivered })).toEqual({ done: 2, ignored: 1, failed: 0 });
  expect(waits).toHaveLength(1);
  expect(waits[0]).toBeGreaterThanOrEqual(3600);
  await replayRawEvents({ store, workspaceId });
  expect(await pipeline.drain({ onDelivered })).toMatchObject({ done: 2 });
  expect(waits).toHaveLength(1);
});

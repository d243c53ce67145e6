import { z } from 'zod';
import { sql } from 'kysely';
import { drainInbox, type DrainResult } from '@devpulse/pipeline/derive/drain-inbox';
import type { Lane } from '@devpulse/pipeline/derive/claim-events';
import { defineJob } from './job.ts';
import type { Workers } from './workers.ts';

const retryAfterMs = 31_000;

export const drainInboxJob = defineJob({
  name: 'drain-inbox',
  title: 'Reads new raw events into facts',
  payload: z.object({}),
  // The nudge after each capture is the rule; this finds what a lost nudge left behind.
  schedule: '* * * * *',
  run: (workers, _payload, signal) => drainAll(workers, 'fresh', signal),
});

export const retryEventsJob = defineJob({
  name: 'retry-events',
  title: 'Reads raw events again that failed, or whose worker vanished',
  payload: z.object({}),
  schedule: '* * * * *',
  run: (workers, _payload, signal) => drainAll(workers, 'retry', signal),
});

async function drainAll(workers: Workers, lane: Lane, signal: AbortSignal): Promise<string | undefined> {
  const total: DrainResult = { done: 0, ignored: 0, failed: 0 };
  const { rows } = await sql<{ id: string }>`select workspaces_with_due_events() as id`.execute(workers.store.app);
  for (const { id } of rows) {
    if (signal.aborted) break;
    const started = performance.now();
    const result = await drainInbox({ store: workers.store, pools: workers.pools, log: workers.log, signal }, id, lane);
    const seconds = (performance.now() - started) / 1000;
    tell(workers, result, seconds);
    total.done += result.done;
    total.ignored += result.ignored;
    total.failed += result.failed;
  }
  if (total.failed > 0) workers.ask('retry-events', retryAfterMs);
  if (total.done + total.ignored + total.failed === 0) return undefined;
  workers.ask('roll-up');
  return `${total.done} read, ${total.ignored} set aside, ${total.failed} failed`;
}

function tell(workers: Workers, result: DrainResult, seconds: number): void {
  if (result.done > 0) workers.telemetry.derived({ outcome: 'done', events: result.done, seconds });
  if (result.ignored > 0) workers.telemetry.derived({ outcome: 'ignored', events: result.ignored, seconds });
  if (result.failed > 0) workers.telemetry.derived({ outcome: 'retried', events: result.failed, seconds });
}

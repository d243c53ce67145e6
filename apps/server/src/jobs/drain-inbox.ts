import { z } from 'zod';
import { sql } from 'kysely';
import { drainInbox, type DrainResult } from '@devpulse/pipeline/derive/drain-inbox';
import type { Lane } from '@devpulse/pipeline/derive/claim-events';
import { publishChange } from '../live/announce-change.ts';
import { announceDrained } from '../live/announce-counts.ts';
import { defineJob } from './job.ts';
import type { Workers } from './workers.ts';

const retryAfterMs = 31_000;
const tellEveryMs = 280;

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
  run: async (workers, _payload, signal) => {
    const done = await drainAll(workers, 'retry', signal);
    // Somebody holds events now. Should he vanish, they are taken over when his lease ends, not at the next whole minute.
    const { rows } = await sql`select 1 from inbox_depth() where state = 'leased'`.execute(workers.store.app);
    if (rows.length > 0) workers.ask('retry-events', retryAfterMs);
    return done;
  },
});

async function drainAll(workers: Workers, lane: Lane, signal: AbortSignal): Promise<string | undefined> {
  const total: DrainResult = { done: 0, ignored: 0, failed: 0 };
  const { rows } = await sql<{ id: string }>`select workspaces_with_due_events() as id`.execute(workers.store.app);
  for (const { id } of rows) {
    if (signal.aborted) break;
    const started = performance.now();
    const { store, pools, log } = workers;
    // A long inbox is worked in batch by batch; a bar that shows how much is left needs to hear of it.
    const telling = setInterval(() => {
      publishChange(store, id, { sources: true }).catch((error: Error) =>
        log('warn', 'progress could not be told', { error: error.message }),
      );
    }, tellEveryMs);
    const onDelivered = (took: number): void => workers.telemetry.delivered(took);
    const result = await drainInbox({ store, pools, log, signal, onDelivered }, id, lane).finally(() =>
      clearInterval(telling),
    );
    const seconds = (performance.now() - started) / 1000;
    tell(workers, result, seconds);
    if (result.done + result.ignored + result.failed > 0) await announceDrained(store, id);
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

import { sql } from 'kysely';
import type { FailReason } from '@devpulse/contract/drop-reasons';
import { applyFacts } from './apply-facts.ts';
import { type Batch, BatchAhead } from './batch-ahead.ts';
import { type ClaimedEvent, type Lane, leaseSeconds, renewLeases } from './claim-events.ts';
import type { DrainOptions } from './drain-options.ts';
import type { ParsedBatch } from './fact-rows.ts';
import { type EventEnd, finishEvents, LeaseLost } from './finish-events.ts';
import { ParseStopped } from './parse-thread.ts';

export interface DrainResult {
  done: number;
  ignored: number;
  failed: number;
}

// Autovacuum looks once a minute; an import of this many events in one run cannot wait for it. After that only twice as many
// make a difference again.
const firstStatistics = 2000;

/** Works through the due raw events of one workspace until none is due, and says how they ended. */
export async function drainInbox(options: DrainOptions, workspaceId: string, lane: Lane): Promise<DrainResult> {
  const total: DrainResult = { done: 0, ignored: 0, failed: 0 };
  const ahead = new BatchAhead(options, workspaceId, lane);
  let untilStatistics = firstStatistics;
  let nextStatistics = firstStatistics;
  try {
    while (options.signal?.aborted !== true) {
      const batch = await ahead.take();
      if (batch.events.length === 0) break;
      await options.onStep?.('claimed');
      const result = await keepLeased(options, workspaceId, batch.events, () =>
        processBatch(options, workspaceId, lane, batch),
      );
      total.done += result.done;
      total.ignored += result.ignored;
      total.failed += result.failed;
      untilStatistics -= batch.events.length;
      if (untilStatistics <= 0) {
        nextStatistics *= 2;
        untilStatistics = nextStatistics;
        await sql`select refresh_statistics()`.execute(options.store.app);
      }
    }
  } finally {
    await ahead.giveBack();
  }
  return total;
}

async function keepLeased<Result>(
  options: DrainOptions,
  workspaceId: string,
  events: readonly ClaimedEvent[],
  work: () => Promise<Result>,
): Promise<Result> {
  const timer = setInterval(
    () => {
      options.store
        .inWorkspace(workspaceId, (trx) => renewLeases(trx, workspaceId, events))
        .catch((error: Error) => options.log('warn', 'a lease could not be renewed', { error: error.message }));
    },
    (leaseSeconds * 1000) / 3,
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

async function processBatch(
  options: DrainOptions,
  workspaceId: string,
  lane: Lane,
  { events, parse }: Batch,
): Promise<DrainResult> {
  // What failed before goes one by one: its neighbours must not fail with it.
  if (lane === 'retry' && events.length > 1) return processOneByOne(options, workspaceId, lane, events);
  try {
    const batch = await parse();
    await options.onStep?.('parsed');
    return await commitBatch(options, workspaceId, events, batch);
  } catch (error) {
    if (error instanceof LeaseLost) {
      options.log('warn', error.message);
      return { done: 0, ignored: 0, failed: 0 };
    }
    const reason = faultOfEvents(error);
    if (reason === null) throw error;
    if (events.length > 1) return processOneByOne(options, workspaceId, lane, events);
    const detail = (error as Error).message;
    return failAlone(
      options,
      workspaceId,
      events.map((event) => ({ ...event, end: 'failed', reason, detail })),
    );
  }
}

async function processOneByOne(
  options: DrainOptions,
  workspaceId: string,
  lane: Lane,
  events: ClaimedEvent[],
): Promise<DrainResult> {
  const total: DrainResult = { done: 0, ignored: 0, failed: 0 };
  for (const event of events) {
    // Each may take seconds; whoever closes is not kept waiting for all of them. Their leases run out.
    if (options.signal?.aborted === true) break;
    const parse = (): Promise<ParsedBatch> => options.pools[lane].parseAround(workspaceId, [event]);
    const result = await processBatch(options, workspaceId, lane, { events: [event], parse });
    total.done += result.done;
    total.ignored += result.ignored;
    total.failed += result.failed;
  }
  return total;
}

async function commitBatch(
  options: DrainOptions,
  workspaceId: string,
  events: ClaimedEvent[],
  batch: ParsedBatch,
): Promise<DrainResult> {
  const begun = performance.now();
  const ends = events.map((event, index) => toEnd(event, batch.outcomes[index]));
  await options.store.inWorkspace(workspaceId, async (trx) => {
    await applyFacts(trx, workspaceId, batch);
    await options.onStep?.('applied');
    await finishEvents(trx, workspaceId, ends);
  });
  const worked = (performance.now() - begun) / 1000;
  for (const [index, { waited }] of events.entries())
    if (waited !== null && ends[index]?.end === 'done') options.onDelivered?.(waited + worked);
  const count = (end: EventEnd['end']): number => ends.filter((one) => one.end === end).length;
  return { done: count('done'), ignored: count('ignored'), failed: count('failed') };
}

async function failAlone(options: DrainOptions, workspaceId: string, ends: EventEnd[]): Promise<DrainResult> {
  await options.store.inWorkspace(workspaceId, (trx) => finishEvents(trx, workspaceId, ends));
  return { done: 0, ignored: 0, failed: ends.length };
}

function toEnd(event: ClaimedEvent, outcome: ParsedBatch['outcomes'][number] | undefined): EventEnd {
  const { id, fence, attempts } = event;
  if (!event.hasBody)
    return { id, fence, end: 'failed', reason: 'payload_stripped', detail: 'its body is gone', attempts };
  if (outcome === undefined)
    return { id, fence, end: 'failed', reason: 'parse_crashed', detail: 'no outcome', attempts };
  if ('ok' in outcome) return { id, fence, end: 'done' };
  if ('ignored' in outcome) return { id, fence, end: 'ignored', reason: outcome.ignored };
  return { id, fence, end: 'failed', reason: outcome.failed, detail: outcome.detail, attempts };
}

/** Why the events themselves are to blame, or null when it is the surroundings: then the lease runs out and all is tried anew. */
function faultOfEvents(error: unknown): FailReason | null {
  if (error instanceof ParseStopped) return error.reason;
  const code = (error as { code?: unknown }).code;
  // Data exceptions and broken constraints; a value too large for its column type (54) as well.
  return typeof code === 'string' && /^(22|23|54)/.test(code) ? 'store_refused' : null;
}

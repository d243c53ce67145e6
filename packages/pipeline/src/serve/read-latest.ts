import { sql } from 'kysely';
import { addDays, type Day, daysBetween } from '@devpulse/contract/day';
import type { MetricAnswer, ReceiptRecord } from '@devpulse/contract/wire/metrics';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { isCounted, type LoadedCounted } from '../lens/items.ts';
import { judgeState } from './judge-state.ts';
import { whichDays } from './read-cells.ts';
import { readRecords } from './read-items.ts';
import { type Question, type Resolved, resolveQuestion, type Whose } from './resolve-question.ts';
import type { Bucket } from './windows.ts';

/** The newest records of a number, with what may be said of them. */
export interface Latest extends Pick<MetricAnswer, 'state' | 'stateReason' | 'asOf'> {
  records: ReceiptRecord[];
}

/** Reads the newest records behind a counted metric, without counting all the others as its receipt does. */
export async function readLatest(
  trx: WorkspaceTransaction,
  question: Question,
  { whose, limit }: { whose: Whose; limit: number },
): Promise<Latest> {
  const resolved = await resolveQuestion(trx, question, whose);
  const { metric } = resolved;
  if (!isCounted(metric)) throw new Error(`"${metric.id}" is derived: it has evidence, and no records of its own`);
  const standing = await judgeState(trx, question, resolved);
  const asked = { metric, resolved, limit };
  const records =
    standing.state === 'unknown'
      ? []
      : standing.daysToCount.length > 0 || resolved.unseen.size > 0
        ? await searchLatest(trx, asked)
        : await lookUpLatest(trx, asked);
  return {
    state: standing.state === 'ok' && records.length === 0 ? 'empty' : standing.state,
    ...(standing.reason === null ? {} : { stateReason: standing.reason }),
    asOf: standing.asOf?.toISOString() ?? null,
    records,
  };
}

interface Asked {
  metric: LoadedCounted;
  resolved: Resolved;
  limit: number;
}

/**
 * The counted days say on which the newest records lie, so that nothing else is read. Only while no day waits to be counted, and
 * where all that was counted may be told.
 */
async function lookUpLatest(trx: WorkspaceTransaction, { metric, resolved, limit }: Asked): Promise<ReceiptRecord[]> {
  const { rows } = await sql<{ day: Day; things: number }>`
    select day, sum(n)::integer as things from rollup_days
    where workspace_id = ${ownWorkspace} and ${whichDays(resolved, { metric: metric.id, from: resolved.from, to: resolved.to })}
    group by day order by day desc limit ${limit}`.execute(trx);
  const records: ReceiptRecord[] = [];
  const windows = joinDays(takeUntil(rows, limit));
  for (const { from, to } of windows) {
    // Where the clock goes back over midnight, the day before can hold a later instant.
    const dayBefore = addDays(from, -1);
    const window = { from: dayBefore < resolved.from ? from : dayBefore, to };
    const { records: found } = await readRecords(trx, metric, { ...resolved, ...window }, { limit });
    records.push(...found);
  }
  return records.slice(0, limit);
}

/** As many of the newest days as hold that many things. */
function takeUntil(rows: readonly { day: Day; things: number }[], limit: number): Day[] {
  const days: Day[] = [];
  let things = 0;
  for (const row of rows) {
    if (things >= limit) break;
    days.push(row.day);
    things += row.things;
  }
  return days;
}

// Two questions cost more than the few days between them.
const gapDaysMax = 3;

/** Windows over these days, newest first, for days in that order. */
function joinDays(days: readonly Day[]): Bucket[] {
  const windows: Bucket[] = [];
  for (const day of days) {
    const last = windows.at(-1);
    if (last !== undefined && daysBetween(day, last.from) <= gapDaysMax) last.from = day;
    else windows.push({ from: day, to: day });
  }
  return windows;
}

// The newest few mostly lie in the last days; a whole year would be sorted to find them.
const daysTried = [7, 28];

async function searchLatest(trx: WorkspaceTransaction, { metric, resolved, limit }: Asked): Promise<ReceiptRecord[]> {
  const last = resolved.to < resolved.today ? resolved.to : resolved.today;
  for (const days of daysTried) {
    const from: Day = addDays(last, 1 - days);
    if (from <= resolved.from) break;
    const { records } = await readRecords(trx, metric, { ...resolved, from }, { limit });
    if (records.length === limit) return records;
  }
  return (await readRecords(trx, metric, resolved, { limit })).records;
}

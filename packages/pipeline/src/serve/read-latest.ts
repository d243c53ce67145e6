import { addDays, type Day } from '@devpulse/contract/day';
import type { MetricAnswer, ReceiptRecord } from '@devpulse/contract/wire/metrics';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { isCounted, type LoadedCounted } from '../lens/items.ts';
import { judgeState } from './judge-state.ts';
import { readRecords } from './read-items.ts';
import { type Question, type Resolved, resolveQuestion, type Whose } from './resolve-question.ts';

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
  const records = standing.state === 'unknown' ? [] : await findLatest(trx, { metric, resolved, limit });
  return {
    state: standing.state === 'ok' && records.length === 0 ? 'empty' : standing.state,
    ...(standing.reason === null ? {} : { stateReason: standing.reason }),
    asOf: standing.asOf?.toISOString() ?? null,
    records,
  };
}

// The newest few mostly lie in the last days; a whole year would be sorted to find them.
const daysTried = [7, 28];

async function findLatest(
  trx: WorkspaceTransaction,
  { metric, resolved, limit }: { metric: LoadedCounted; resolved: Resolved; limit: number },
): Promise<ReceiptRecord[]> {
  const last = resolved.to < resolved.today ? resolved.to : resolved.today;
  for (const days of daysTried) {
    const from: Day = addDays(last, 1 - days);
    if (from <= resolved.from) break;
    const { records } = await readRecords(trx, metric, { ...resolved, from }, { limit });
    if (records.length === limit) return records;
  }
  return (await readRecords(trx, metric, resolved, { limit })).records;
}

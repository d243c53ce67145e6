import { sql } from 'kysely';
import type { FailReason, IgnoreReason } from '@devpulse/contract/drop-reasons';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { cleanText } from './clean-text.ts';

/** How reading one event ended. */
export type EventEnd =
  | { id: string; fence: number; end: 'done' }
  | { id: string; fence: number; end: 'ignored'; reason: IgnoreReason }
  | { id: string; fence: number; end: 'failed'; reason: FailReason; detail: string; attempts: number };

/** Another worker holds the events by now; whatever this one did must not be committed. */
export class LeaseLost extends Error {
  override name = 'LeaseLost';
}

const attemptsMax = 8;
// A body that is not what its connector documents does not get better by waiting; a few tries cover a new version of
// the connector during a rolling upgrade.
const attemptsMaxFor: Partial<Record<FailReason, number>> = {
  malformed: 3,
  parse_timeout: 3,
  parse_memory: 3,
  payload_stripped: 1,
};
const firstDelaySeconds = 30;

/** Marks events finished, or to be tried again, in the transaction of their facts; refuses when a fence is old. */
export async function finishEvents(
  trx: WorkspaceTransaction,
  workspaceId: string,
  ends: readonly EventEnd[],
): Promise<void> {
  if (ends.length === 0) return;
  const result = await sql`
    update raw_events e
    set state = f.state, reason = f.reason, detail = f.detail, lease_owner = null, lease_until = null,
        run_after = case when f.delay is null then e.run_after else now() + make_interval(secs => f.delay) end,
        finished_at = case when f.state = 'pending' then null else now() end
    from json_to_recordset(${JSON.stringify(ends.map(toRow))}::json)
      as f (id uuid, fence bigint, state text, reason text, detail text, delay double precision)
    where e.workspace_id = ${workspaceId} and e.id = f.id and e.fence = f.fence and e.state = 'leased'`.execute(trx);
  if (Number(result.numAffectedRows ?? 0n) !== ends.length) {
    throw new LeaseLost(`another worker took over some of ${ends.length} events`);
  }
}

function toRow(end: EventEnd): Record<string, unknown> {
  const base = { id: end.id, fence: end.fence };
  if (end.end === 'done') return { ...base, state: 'done' };
  if (end.end === 'ignored') return { ...base, state: 'ignored', reason: end.reason };
  const failure = { ...base, reason: end.reason, detail: cleanText(end.detail.slice(0, 2000)) };
  const dead = end.attempts >= (attemptsMaxFor[end.reason] ?? attemptsMax);
  return dead
    ? { ...failure, state: 'dead' }
    : { ...failure, state: 'pending', delay: firstDelaySeconds * 2 ** (end.attempts - 1) };
}

import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import type { RawEvent } from '@devpulse/contract/raw-event';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';

/** A raw event that this worker holds until its lease ends. */
export interface ClaimedEvent extends RawEvent {
  id: string;
  fence: number;
  attempts: number;
  /** False when its retention ended before it was read. */
  hasBody: boolean;
  /** How long ago a webhook brought it, in seconds of the store; null: it came another way, or is read again. */
  waited: number | null;
}

/**
 * Which events a worker asks for. Events that failed before, or whose worker vanished, travel in a lane of their own, so
 * that a poisoned one never slows the fresh ones.
 */
export type Lane = 'fresh' | 'retry';

// A batch is bounded in rows and bytes: bodies may have 25 MB each.
const bytesPerBatch = 16 * 1024 * 1024;
// What a body takes in memory. The last four bytes of gzip say how long the text is, and only they are fetched: 140 bodies of
// 25 MB of blanks lie in 16 MB, and unpacked all at once they would be the end of the process.
const unpackedBytes = sql`case when body_encoding = 'identity' then octet_length(body) else (
  select get_byte(tail, 0) + get_byte(tail, 1) * 256 + get_byte(tail, 2) * 65536 + get_byte(tail, 3)::bigint * 16777216
  from (select substring(body from octet_length(body) - 3) as tail) t
) end`;
/** How long a worker may be silent before another takes its events. Database time. */
export const leaseSeconds = 30;

/** Takes the next due events of a workspace, each with a new fence. */
export async function claimEvents(
  trx: WorkspaceTransaction,
  claim: { workspaceId: string; owner: string; lane: Lane; limit: number },
): Promise<ClaimedEvent[]> {
  const due =
    claim.lane === 'fresh'
      ? sql`state = 'pending' and run_after <= now() and attempts = 0`
      : sql`((state = 'pending' and run_after <= now() and attempts > 0) or (state = 'leased' and lease_until < now()))`;
  // In the order of the index of what is due: by id alone, each batch walks past all events that were ever read. Half of an
  // import of 20,000 events through, that was 13,000 pages for a batch of 500.
  const order = claim.lane === 'fresh' ? sql`run_after, id` : sql`id`;
  const { rows } = await sql<ClaimedRow>`
    with due as (
      select id, coalesce(${unpackedBytes}, 0) as bytes from raw_events
      where workspace_id = ${claim.workspaceId} and ${due}
      order by ${order} limit ${claim.limit} for update skip locked
    ), picked as (
      select id, sum(bytes) over (order by id) - bytes as bytes_before from due
    )
    update raw_events e
    set state = 'leased', lease_owner = ${claim.owner}, lease_until = now() + make_interval(secs => ${leaseSeconds}),
        fence = e.fence + 1, attempts = e.attempts + 1
    from picked
    where e.workspace_id = ${claim.workspaceId} and e.id = picked.id and picked.bytes_before < ${bytesPerBatch}
    returning e.id, e.source, e.item_key as key, e.kind, e.body, e.body_encoding as encoding, e.fence, e.attempts,
      case when e.arrival = 'webhook' and e.run_after = e.received_at then extract(epoch from now() - e.received_at)::float8 end as waited`.execute(
    trx,
  );
  return rows.map(toClaimed).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

interface ClaimedRow {
  id: string;
  source: string;
  key: string;
  kind: string;
  body: Buffer | null;
  encoding: 'identity' | 'gzip';
  fence: number;
  attempts: number;
  waited: number | null;
}

function toClaimed({ body, encoding, ...row }: ClaimedRow): ClaimedEvent {
  const bytes = body === null ? Buffer.alloc(0) : encoding === 'gzip' ? gunzipSync(body) : body;
  return { ...row, body: bytes, hasBody: body !== null };
}

/** Tells the others that this worker still lives. */
export async function renewLeases(
  trx: WorkspaceTransaction,
  workspaceId: string,
  events: readonly ClaimedEvent[],
): Promise<void> {
  await sql`
    update raw_events e set lease_until = now() + make_interval(secs => ${leaseSeconds})
    from json_to_recordset(${fenceList(events)}::json) as held (id uuid, fence bigint)
    where e.workspace_id = ${workspaceId} and e.id = held.id and e.fence = held.fence and e.state = 'leased'`.execute(
    trx,
  );
}

/** Undoes a claim, as if it had never been made; what another worker took over meanwhile stays with that one. */
export async function returnEvents(
  trx: WorkspaceTransaction,
  workspaceId: string,
  events: readonly ClaimedEvent[],
): Promise<void> {
  await sql`
    update raw_events e
    set state = 'pending', attempts = e.attempts - 1, lease_owner = null, lease_until = null
    from json_to_recordset(${fenceList(events)}::json) as held (id uuid, fence bigint)
    where e.workspace_id = ${workspaceId} and e.id = held.id and e.fence = held.fence and e.state = 'leased'`.execute(
    trx,
  );
}

/** The events and their fences as a JSON parameter. */
function fenceList(events: readonly { id: string; fence: number }[]): string {
  return JSON.stringify(events.map(({ id, fence }) => ({ id, fence })));
}

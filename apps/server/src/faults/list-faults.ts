import { type RawBuilder, sql } from 'kysely';
import type { FaultOccurrence, FaultState, FaultView } from '@devpulse/contract/wire/faults';
import type { Store } from '@devpulse/db/open-store';
import { cutPage, readCursor } from '../people/page-cursor.ts';

interface PageQuery {
  cursor?: string | undefined;
  limit: number;
}

interface FaultRow {
  id: string;
  errorClass: string;
  code: string | null;
  place: string;
  state: FaultState;
  firstSeenAt: Date;
  lastSeenAt: Date;
  resolvedAt: Date | null;
  times: number;
  message: string;
  origin: string;
  version: string;
}

/** Faults with what their occurrences tell, the one seen last first. */
export async function listFaults(
  store: Store,
  query: PageQuery & { states?: readonly FaultState[] },
): Promise<{ faults: FaultView[]; nextCursor: string | null }> {
  const { states, limit } = query;
  const conditions = [
    states === undefined ? sql`true` : sql`state = any(${states})`,
    query.cursor === undefined ? sql`true` : isBehind(sql`("lastSeenAt", id)`, query.cursor),
  ];
  const rows = await selectFaults(store, sql`where ${sql.join(conditions, sql` and `)}`, limit + 1);
  const { page, nextCursor } = cutPage(rows, limit, (row) => [row.lastSeenAt.toISOString(), row.id]);
  return { faults: page.map(presentFault), nextCursor };
}

/** One fault, or null when there is none, or none any more. */
export async function readFault(store: Store, id: string): Promise<FaultView | null> {
  const [row] = await selectFaults(store, sql`where id = ${id}`, 1);
  return row === undefined ? null : presentFault(row);
}

/** The times that a fault was seen, newest first. */
export async function listOccurrences(
  store: Store,
  faultId: string,
  { cursor, limit }: PageQuery,
): Promise<{ occurrences: FaultOccurrence[]; nextCursor: string | null }> {
  const { rows } = await sql<Omit<FaultOccurrence, 'seenAt'> & { seenAt: Date }>`
    select id, seen_at as "seenAt", origin, request_id as "requestId", version, message, stack, unwritten
    from fault_occurrences
    where fault_id = ${faultId} and ${cursor === undefined ? sql`true` : isBehind(sql`(seen_at, id)`, cursor)}
    order by seen_at desc, id desc limit ${limit + 1}`.execute(store.app);
  const { page, nextCursor } = cutPage(rows, limit, (row) => [row.seenAt.toISOString(), row.id]);
  return { occurrences: page.map((row) => ({ ...row, seenAt: row.seenAt.toISOString() })), nextCursor };
}

async function selectFaults(store: Store, where: RawBuilder<unknown>, limit: number): Promise<FaultRow[]> {
  const { rows } = await sql<FaultRow>`
    with seen as (
      select fault_id, max(seen_at) as last_seen_at, sum(1 + unwritten)::bigint as times
      from fault_occurrences group by fault_id
    ), told as (
      select f.id, f.error_class as "errorClass", f.code, f.place, f.first_seen_at as "firstSeenAt",
             s.last_seen_at as "lastSeenAt", f.resolved_at as "resolvedAt", s.times,
             case when f.resolved_at is null then 'open' when f.resolved_at < s.last_seen_at then 'returned' else 'resolved' end as state
      from faults f join seen s on s.fault_id = f.id
    ), chosen as (
      select * from told ${where} order by "lastSeenAt" desc, id desc limit ${limit}
    )
    select chosen.*, newest.message, newest.origin, newest.version
    from chosen cross join lateral (
      select message, origin, version from fault_occurrences where fault_id = chosen.id order by seen_at desc, id desc limit 1
    ) newest
    order by "lastSeenAt" desc, id desc`.execute(store.app);
  return rows;
}

function isBehind(key: RawBuilder<unknown>, cursor: string): RawBuilder<unknown> {
  const [seenAt, id] = readCursor(cursor);
  return sql`${key} < (${seenAt}::timestamptz, ${id}::uuid)`;
}

function presentFault({ firstSeenAt, lastSeenAt, resolvedAt, ...row }: FaultRow): FaultView {
  return {
    ...row,
    firstSeenAt: firstSeenAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
    resolvedAt: resolvedAt?.toISOString() ?? null,
  };
}

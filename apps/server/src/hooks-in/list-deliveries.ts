import { gunzipSync } from 'node:zlib';
import { type RawBuilder, sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { failReasons, ignoreReasons } from '@devpulse/contract/drop-reasons';
import type { RawState } from '@devpulse/contract/raw-event';
import type { DeliveryFilter, DeliveryView } from '@devpulse/contract/wire/hooks';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { eventOf, readKey } from './read-delivery.ts';

interface Row {
  id: string;
  key: string;
  kind: string;
  receivedAt: Date;
  state: RawState;
  reason: string | null;
  detail: string | null;
  bytes: number | null;
  action: string | null;
  number: string | null;
  name: string | null;
  repeats: string | null;
  hookName: string | null;
}

const words: Record<string, string> = { ...ignoreReasons, ...failReasons };

// Out of the raw events, so that one is there from the moment it was acknowledged; what it is about follows.
const columns = sql`
  e.id, e.item_key as key, e.kind, e.received_at as "receivedAt", e.state, e.reason, e.detail, octet_length(e.body) as bytes,
  d.action, d.repository_number as number, d.repository_name as name, d.repeats_event_id as repeats, h.name as "hookName"`;
const tables = sql`
  raw_events e
  left join hook_deliveries d on d.workspace_id = e.workspace_id and d.raw_event_id = e.id
  left join hooks h on h.workspace_id = e.workspace_id and h.id::text = d.hook`;

/** The log of deliveries, newest first. */
export async function listDeliveries(question: {
  store: Store;
  workspaceId: string;
  filter: DeliveryFilter;
  cursor?: string | undefined;
  limit: number;
}): Promise<{ deliveries: DeliveryView[]; nextCursor: string | null }> {
  const { store, workspaceId, filter, cursor, limit } = question;
  const after =
    cursor === undefined
      ? sql`true`
      : sql`(e.received_at, e.id) < (
          select c.received_at, c.id from raw_events c where c.workspace_id = ${ownWorkspace} and c.id = ${cursor}::uuid)`;
  const { rows } = await store.inWorkspace(workspaceId, (trx) =>
    sql<Row>`
      select ${columns} from ${tables}
      where e.workspace_id = ${ownWorkspace} and e.arrival = 'webhook' and ${matches(filter)} and ${after}
      order by e.received_at desc, e.id desc limit ${limit + 1}`.execute(trx),
  );
  const shown = rows.slice(0, limit);
  return {
    deliveries: shown.map(presentDelivery),
    nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

/** One of them, with its body. */
export async function readDeliveryOf(
  store: Store,
  workspaceId: string,
  id: string,
): Promise<{ delivery: DeliveryView; detail: string | null; body: Buffer | null }> {
  const { rows } = await store.inWorkspace(workspaceId, (trx) =>
    sql<Row & { body: Buffer | null; encoding: string }>`
      select ${columns}, e.body, e.body_encoding as encoding from ${tables}
      where e.workspace_id = ${ownWorkspace} and e.arrival = 'webhook' and e.id = ${id}::uuid`.execute(trx),
  );
  const [row] = rows;
  if (row === undefined) throw new AppError('not_found', 'There is no delivery with this id.');
  const body = row.body !== null && row.encoding === 'gzip' ? gunzipSync(row.body) : row.body;
  return { delivery: presentDelivery(row), detail: row.detail, body };
}

function matches(filter: DeliveryFilter): RawBuilder<unknown> {
  const conditions = [
    filter.event === undefined ? undefined : sql`e.kind in (${`hook.${filter.event}`}, ${`unwatched.${filter.event}`})`,
    filter.state === undefined ? undefined : sql`e.state = ${filter.state}`,
    filter.repository === undefined
      ? undefined
      : sql`position(lower(${filter.repository}) in lower(d.repository_name)) > 0`,
    filter.delivery === undefined ? undefined : sql`split_part(e.item_key, ':', 3) = ${filter.delivery}`,
    filter.hook === undefined ? undefined : sql`split_part(e.item_key, ':', 2) = ${filter.hook}`,
    filter.repeated === undefined ? undefined : sql`(d.repeats_event_id is not null) = ${filter.repeated}`,
    filter.from === undefined ? undefined : sql`e.received_at >= ${filter.from}::timestamptz`,
    filter.to === undefined ? undefined : sql`e.received_at < ${filter.to}::timestamptz`,
  ].filter((condition) => condition !== undefined);
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

function presentDelivery(row: Row): DeliveryView {
  const { hook = '', delivery = row.key } = readKey(row.key) ?? {};
  return {
    id: row.id,
    hook,
    hookName: row.hookName,
    delivery,
    event: eventOf(row.kind),
    action: row.action,
    repository: row.number === null ? null : { number: row.number, name: row.name },
    receivedAt: row.receivedAt.toISOString(),
    state: row.state,
    reason: row.reason,
    reasonText: row.reason === null ? null : (words[row.reason] ?? null),
    storedBytes: row.bytes,
    repeats: row.repeats,
  };
}

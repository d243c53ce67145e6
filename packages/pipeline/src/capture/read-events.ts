import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import type { RawState } from '@devpulse/contract/raw-event';
import type { Store } from '@devpulse/db/open-store';

/** A raw event as lists show it, without its body. */
export interface RawEventRow {
  id: string;
  source: string;
  key: string;
  kind: string;
  arrival: string;
  receivedAt: Date;
  state: RawState;
  reason: string | null;
  detail: string | null;
  attempts: number;
  runAfter: Date;
  bytes: number | null;
}

export interface RawEventFilter {
  state?: RawState | undefined;
  source?: string | undefined;
  kind?: string | undefined;
  reason?: string | undefined;
  /** Text that the key contains. */
  search?: string | undefined;
}

const columns = sql`
  id, source, item_key as key, kind, arrival, received_at as "receivedAt", state, reason, detail, attempts,
  run_after as "runAfter", octet_length(body) as bytes`;

/** Lists raw events, newest first, paged by the last id seen. */
export async function listRawEvents(question: {
  store: Store;
  workspaceId: string;
  filter: RawEventFilter;
  cursor?: string | undefined;
  limit: number;
}): Promise<{ events: RawEventRow[]; nextCursor: string | null }> {
  const { rows } = await question.store.inWorkspace(question.workspaceId, (trx) =>
    sql<RawEventRow>`
      select ${columns} from raw_events
      where workspace_id = ${question.workspaceId} and ${matches(question.filter)}
        and ${question.cursor === undefined ? sql`true` : sql`id < ${question.cursor}::uuid`}
      order by id desc limit ${question.limit + 1}`.execute(trx),
  );
  const events = rows.slice(0, question.limit);
  return { events, nextCursor: rows.length > question.limit ? (events.at(-1)?.id ?? null) : null };
}

/** One raw event with its body as it came; the body is null once its retention ended. */
export async function readRawEvent(question: {
  store: Store;
  workspaceId: string;
  id: string;
}): Promise<(RawEventRow & { body: Buffer | null }) | null> {
  const { rows } = await question.store.inWorkspace(question.workspaceId, (trx) =>
    sql<RawEventRow & { body: Buffer | null; encoding: string }>`
      select ${columns}, body, body_encoding as encoding from raw_events
      where workspace_id = ${question.workspaceId} and id = ${question.id}`.execute(trx),
  );
  const row = rows[0];
  if (row === undefined) return null;
  const { encoding, ...event } = row;
  return { ...event, body: event.body !== null && encoding === 'gzip' ? gunzipSync(event.body) : event.body };
}

/**
 * Puts events back into the inbox as if they had just come. Harmless for events that were read before: facts have
 * natural keys. Events without a body are left alone.
 */
export async function replayRawEvents(question: {
  store: Store;
  workspaceId: string;
  /** Only these; all when left out. */
  ids?: string[];
  /** Of them only what fits. */
  filter?: RawEventFilter;
}): Promise<{ replayed: number }> {
  const listed = question.ids === undefined ? sql`true` : sql`id = any(${question.ids}::uuid[])`;
  const chosen = sql`${listed} and ${matches(question.filter ?? {})}`;
  const result = await question.store.inWorkspace(question.workspaceId, (trx) =>
    sql`
      update raw_events
      set state = 'pending', attempts = 0, run_after = now(), reason = null, detail = null, finished_at = null,
          lease_owner = null, lease_until = null, fence = fence + 1
      where workspace_id = ${question.workspaceId} and body is not null and state in ('dead', 'done', 'ignored')
        and ${chosen}`.execute(trx),
  );
  return { replayed: Number(result.numAffectedRows ?? 0n) };
}

/** Removes the bodies of finished events older than the workspace keeps them; facts and the record of the event stay. */
export async function stripPayloads(question: { store: Store; workspaceId: string; batch?: number }): Promise<number> {
  const result = await question.store.inWorkspace(question.workspaceId, (trx) =>
    sql`
      with old as (
        select e.id from raw_events e join workspaces w on w.id = e.workspace_id
        where e.workspace_id = ${question.workspaceId} and e.body is not null and e.state in ('done', 'ignored', 'dead')
          and e.received_at < now() - make_interval(days => w.raw_retention_days)
        order by e.received_at limit ${question.batch ?? 1000} for update of e skip locked
      )
      update raw_events e set body = null, body_encoding = 'identity'
      from old where e.workspace_id = ${question.workspaceId} and e.id = old.id`.execute(trx),
  );
  return Number(result.numAffectedRows ?? 0n);
}

function matches(filter: RawEventFilter): ReturnType<typeof sql> {
  const conditions = [
    filter.state === undefined ? undefined : sql`state = ${filter.state}`,
    filter.source === undefined ? undefined : sql`source = ${filter.source}`,
    filter.kind === undefined ? undefined : sql`kind = ${filter.kind}`,
    filter.reason === undefined ? undefined : sql`reason = ${filter.reason}`,
    filter.search === undefined ? undefined : sql`position(lower(${filter.search}) in lower(item_key)) > 0`,
  ].filter((condition) => condition !== undefined);
  return conditions.length === 0 ? sql`true` : sql`(${sql.join(conditions, sql` and `)})`;
}

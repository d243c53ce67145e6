import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { eventOf, readKey } from './read-delivery.ts';

/** A delivery that is on disk and was not followed yet. */
export interface Unheard {
  id: string;
  hook: string;
  delivery: string;
  event: string;
  sha256: Buffer;
  receivedAt: Date;
  body: Buffer;
}

interface Row {
  id: string;
  key: string;
  kind: string;
  sha256: Buffer;
  receivedAt: Date;
  body: Buffer | null;
  encoding: string;
  isLarge: boolean;
}

// Larger bodies are fetched one by one: a hundred of them at once would fill the memory.
const largeBytes = 64 * 1024;
// Whoever began to store a delivery earlier than this has long come to an end: nothing appears before it any more.
const settledMinutes = 10;

/**
 * The oldest of them, and the time before which, once these are followed, there are none. A time cannot be the mark by itself:
 * of two deliveries the one that was stored first may become visible last.
 */
export async function readUnheard(
  store: Store,
  workspaceId: string,
  most: number,
): Promise<{ deliveries: Unheard[]; safeTo: Date }> {
  return store.inWorkspace(workspaceId, async (trx) => {
    const { rows: clock } = await sql<{ at: Date }>`
      select now() - make_interval(mins => ${settledMinutes}) as at`.execute(trx);
    const { rows } = await sql<Row>`
      select e.id, e.item_key as key, e.kind, e.body_sha256 as sha256, e.received_at as "receivedAt", e.body_encoding as encoding,
        octet_length(e.body) > ${largeBytes} as "isLarge", case when octet_length(e.body) <= ${largeBytes} then e.body end as body
      from raw_events e
      where e.workspace_id = ${ownWorkspace} and e.arrival = 'webhook'
        and e.received_at >= coalesce((select m.heard_to from hook_marks m where m.workspace_id = ${ownWorkspace}), '-infinity')
        and not exists (
          select 1 from hook_deliveries d where d.workspace_id = e.workspace_id and d.raw_event_id = e.id
        )
      order by e.received_at, e.id limit ${most}`.execute(trx);
    const deliveries: Unheard[] = [];
    for (const row of rows) deliveries.push(await toUnheard(trx, row));
    return { deliveries, safeTo: clock[0]?.at ?? new Date(0) };
  });
}

async function toUnheard(trx: WorkspaceTransaction, { key, kind, encoding, isLarge, ...row }: Row): Promise<Unheard> {
  const stored = isLarge ? await readBody(trx, row.id) : row.body;
  const body = stored === null ? Buffer.alloc(0) : encoding === 'gzip' ? gunzipSync(stored) : stored;
  const { hook = 'unknown', delivery = key } = readKey(key) ?? {};
  return { ...row, hook, delivery, event: eventOf(kind), body };
}

async function readBody(trx: WorkspaceTransaction, id: string): Promise<Buffer | null> {
  const { rows } = await sql<{ body: Buffer | null }>`
    select body from raw_events where workspace_id = ${ownWorkspace} and id = ${id}::uuid`.execute(trx);
  return rows[0]?.body ?? null;
}

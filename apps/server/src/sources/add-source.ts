import { sql } from 'kysely';
import type { Discovered } from '@devpulse/contract/connector';
import { newId } from '@devpulse/db/ids';
import type { Store } from '@devpulse/db/open-store';

/** Adds something that was discovered as a source, or finds the one it already is; settings follow the latest wish. */
export async function addSource(
  store: Store,
  workspaceId: string,
  connector: string,
  found: Discovered<unknown>,
): Promise<{ sourceId: string; isNew: boolean }> {
  const { rows } = await store.inWorkspace(workspaceId, (trx) =>
    sql<{ id: string; is_new: boolean }>`
      insert into sources as s (workspace_id, id, connector, natural_key, name, settings)
      values (${workspaceId}, ${newId()}, ${connector}, ${found.naturalKey}, ${found.name}, ${JSON.stringify(found.settings)}::jsonb)
      on conflict (workspace_id, connector, natural_key) do update set name = excluded.name, settings = excluded.settings
      returning s.id, xmax = 0 as is_new`.execute(trx),
  );
  const row = rows[0];
  if (row === undefined) throw new Error('an upsert with returning always gives a row');
  return { sourceId: row.id, isNew: row.is_new };
}

/** Takes back a source that could not be read even once, so that a mistyped folder leaves nothing behind. */
export async function removeUnreadSource(store: Store, workspaceId: string, sourceId: string): Promise<void> {
  await store.inWorkspace(workspaceId, (trx) =>
    sql`delete from sources where id = ${sourceId} and cursor is null and last_checked_at is null`.execute(trx),
  );
}

import { sql } from 'kysely';
import type { Discovered } from '@devpulse/contract/connector';
import { newId } from '@devpulse/db/ids';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { type AuditActor, recordAudit } from '../audit/record-audit.ts';
import { announceChange } from '../live/announce-change.ts';
import { refuseWhileErased } from './order-erasure.ts';

/** What was discovered, and who has it added; nobody for the demo, whose sources are made up. */
interface Found extends Discovered<unknown> {
  addedBy?: AuditActor;
}

/** Adds something that was discovered as a source, or finds the one it already is and resumes it; the latest wish counts. */
export async function addSource(
  store: Store,
  workspaceId: string,
  connector: string,
  found: Found,
): Promise<{ sourceId: string; isNew: boolean }> {
  const { rows } = await store.inWorkspace(workspaceId, async (trx) => {
    await refuseWhileErased(trx, connector, found.naturalKey);
    const saved = await sql<{ id: string; is_new: boolean }>`
      insert into sources as s (workspace_id, id, connector, natural_key, name, settings)
      values (${workspaceId}, ${newId()}, ${connector}, ${found.naturalKey}, ${found.name}, ${JSON.stringify(found.settings)}::jsonb)
      on conflict (workspace_id, connector, natural_key) do update set name = excluded.name, settings = excluded.settings,
        state = case when s.state = 'paused' then 'new' else s.state end
      returning s.id, xmax = 0 as is_new`.execute(trx);
    const [row] = saved.rows;
    if (row?.is_new === true && found.addedBy !== undefined)
      await recordAudit(trx, {
        actor: found.addedBy,
        action: 'source.added',
        target: { kind: 'source', id: row.id, name: found.name },
        after: { connector },
      });
    await announceChange(trx, workspaceId, { sources: true, metrics: ['*'] });
    return saved;
  });
  const row = rows[0];
  if (row === undefined) throw new Error('an upsert with returning always gives a row');
  return { sourceId: row.id, isNew: row.is_new };
}

/** Takes back a source that could not be read even once, so that a mistyped folder leaves nothing behind. */
export async function removeUnreadSource(store: Store, workspaceId: string, sourceId: string): Promise<void> {
  await store.inWorkspace(workspaceId, async (trx) => {
    await sql`delete from sources where workspace_id = ${ownWorkspace} and id = ${sourceId} and cursor is null and last_checked_at is null`.execute(
      trx,
    );
    await announceChange(trx, workspaceId, { sources: true, metrics: ['*'] });
  });
}

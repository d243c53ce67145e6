import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { type AuditActor, recordAudit } from '../audit/record-audit.ts';
import { announceChange } from '../live/announce-change.ts';

interface SourceRow {
  id: string;
  connector: string;
  natural_key: string;
  name: string;
}

/**
 * Disconnects a source and orders that everything read from it is erased: raw events, facts, numbers. Whoever orders it has to
 * say its name, since there is no way back but reading it again.
 */
export async function orderErasure(
  store: Store,
  workspaceId: string,
  order: { sourceId: string; name: string; actor: AuditActor },
): Promise<string> {
  return store.inWorkspace(workspaceId, async (trx) => {
    const { rows } = await sql<SourceRow>`
      select id, connector, natural_key, name from sources where workspace_id = ${ownWorkspace} and id = ${order.sourceId} for update`.execute(
      trx,
    );
    const source = rows[0];
    if (source === undefined) throw new AppError('not_found', 'There is no such source; it may have been removed.');
    if (source.name !== order.name)
      throw new AppError('invalid_request', 'The name is not that of the source.', {
        problems: [{ path: 'body.name', message: `write "${source.name}" to erase it` }],
      });
    await sql`
      insert into source_erasures (workspace_id, id, connector, natural_key, name)
      values (${workspaceId}, ${source.id}, ${source.connector}, ${source.natural_key}, ${source.name})`.execute(trx);
    await sql`delete from sources where workspace_id = ${ownWorkspace} and id = ${source.id}`.execute(trx);
    await recordAudit(trx, {
      actor: order.actor,
      action: 'source.erased',
      target: { kind: 'source', id: source.id, name: source.name },
      before: { connector: source.connector },
    });
    await announceChange(trx, workspaceId, { sources: true, metrics: ['*'] });
    return source.name;
  });
}

/** What is being erased cannot be read at the same time. */
export async function refuseWhileErased(
  trx: WorkspaceTransaction,
  connector: string,
  naturalKey: string,
): Promise<void> {
  const { rows } = await sql`
    select 1 as one from source_erasures where workspace_id = ${ownWorkspace} and connector = ${connector} and natural_key = ${naturalKey}`.execute(
    trx,
  );
  if (rows.length > 0)
    throw new AppError('conflict', 'What was read from it before is being erased; add it again in a few minutes.');
}

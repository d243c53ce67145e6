import { sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { AuditActor } from '../audit/record-audit.ts';
import { moveConnection } from './mark-connection.ts';

/**
 * Cuts what somebody granted who does not belong here any more: a workspace must not go on reading with the account of a person who
 * left it. What was read stays; somebody else of the workspace can connect an account that reaches the same.
 */
export async function cutConnectionsOf(
  trx: WorkspaceTransaction,
  { workspaceId, personId, actor }: { workspaceId: string; personId: string; actor: AuditActor },
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from connections
    where workspace_id = ${ownWorkspace} and person_id = ${personId}::uuid and state <> 'disconnected'
    order by id`.execute(trx);
  for (const { id } of rows) {
    await sql`
      delete from connection_secrets
      where workspace_id = ${ownWorkspace} and connection_id = ${id}::uuid`.execute(trx);
    await moveConnection(trx, { workspaceId, connectionId: id, state: 'disconnected', actor });
  }
}

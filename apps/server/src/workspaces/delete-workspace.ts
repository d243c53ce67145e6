import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { lockFacts } from '@devpulse/pipeline/derive/mark-stale';
import { recordAccountAudit } from '../audit/record-audit.ts';
import { announceChange } from '../live/announce-change.ts';
import { type ActingAs, lockMembers, readActingRole } from '../members/lock-members.ts';

// What is large goes first, table by table: the cascade would look for the details of each commit by itself.
const largeTables = [
  'rollup_stale',
  'rollup_days',
  'fact_pull_files',
  'fact_pull_commits',
  'fact_timeline_moments',
  'fact_commit_files',
  'fact_commit_credits',
  'fact_commit_reach',
  'fact_commits',
  'raw_events',
] as const;

/**
 * Deletes a team's workspace with everything in it, in one transaction: whoever is in it is somewhere else with their next
 * request. Only an owner can, who types its name.
 */
export async function deleteWorkspace(wish: {
  store: Store;
  workspaceId: string;
  /** The name as it was typed. */
  name: string;
  as: ActingAs & { personId: string };
}): Promise<void> {
  const { store, workspaceId, as } = wish;
  const deleted = await store.inWorkspace(workspaceId, async (trx) => {
    await lockMembers(trx);
    if ((await readActingRole(trx, as)) !== 'owner')
      throw new AppError('forbidden', 'Only an owner can delete the workspace.');
    const workspace = await trx
      .selectFrom('workspaces')
      .where('id', '=', ownWorkspace)
      .select(['name', 'kind'])
      .executeTakeFirstOrThrow();
    refuseKind(workspace.kind);
    if (wish.name.trim() !== workspace.name)
      throw new AppError('invalid_request', 'This is not the name of the workspace; nothing was deleted.', {
        problems: [{ path: 'body.name', message: 'type the name of the workspace exactly as it is' }],
      });
    await refuseOperators(trx, workspaceId);
    // Heard by every page that is open in it, once it is gone.
    await announceChange(trx, workspaceId, { metrics: ['*'], sources: true, people: true });
    await deleteRows(trx, workspaceId);
    return workspace;
  });
  // Its own log went with it: this goes to where the account is at home.
  if (as.actor.accountId !== null)
    await recordAccountAudit(store, as.actor.accountId, {
      actor: { ...as.actor, personId: null },
      action: 'workspace.deleted',
      target: { kind: 'workspace', id: workspaceId, name: deleted.name },
    });
}

/** Deletes every row of the transaction's workspace, under the locks of those who derive and count, in their order. */
export async function deleteRows(trx: WorkspaceTransaction, workspaceId: string): Promise<void> {
  await lockFacts(trx);
  await sql`select pg_advisory_xact_lock(hashtextextended('devpulse rollup ' || ${workspaceId}, 0))`.execute(trx);
  // Whoever reads a source notices that it is gone and stops.
  await trx.deleteFrom('sources').where('workspace_id', '=', ownWorkspace).execute();
  for (const table of largeTables)
    await sql`delete from ${sql.table(table)} where workspace_id = ${ownWorkspace}`.execute(trx);
  await trx.deleteFrom('workspaces').where('id', '=', workspaceId).execute();
}

function refuseKind(kind: 'personal' | 'team' | 'demo'): void {
  if (kind === 'personal')
    throw new AppError('conflict', 'A personal workspace goes with its account: delete the account under Settings.');
  if (kind === 'demo') throw new AppError('conflict', 'This is the demo, which is removed by itself.');
}

/** Without it nobody could look after the instance in a browser any more. */
async function refuseOperators(trx: WorkspaceTransaction, workspaceId: string): Promise<void> {
  const { rows } = await sql<{ id: string | null }>`select operator_workspace() as id`.execute(trx);
  if (rows[0]?.id !== workspaceId) return;
  throw new AppError(
    'conflict',
    'Whoever runs this workspace looks after the whole instance. Name another one on the machine first: ' +
      '`npm run devpulse -- workspace operator <address>`.',
  );
}

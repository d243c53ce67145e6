import { type RawBuilder, sql } from 'kysely';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { announceChange } from '../live/announce-change.ts';
import { listAccountWorkspaces } from '../workspaces/account-workspaces.ts';

/**
 * Something was told of who may see these repositories (keys of their sources; null: any of the workspace): GitHub is asked anew by
 * the job `check-sights`. What was seen stays so meanwhile. Not for the account with the number `lostBy`, which was put out:
 * it sees none of them until GitHub says that it still may.
 */
export async function recheckSight(
  trx: WorkspaceTransaction,
  workspaceId: string,
  repositoryKeys: readonly string[] | null,
  lostBy?: string,
): Promise<void> {
  const isConcerned = (key: RawBuilder<unknown>): RawBuilder<boolean> =>
    repositoryKeys === null ? sql<boolean>`true` : sql<boolean>`${key} = any(${[...repositoryKeys]}::text[])`;
  await sql`
    update repository_sights set due_at = now()
    where workspace_id = ${ownWorkspace} and ${isConcerned(sql`repository_key`)}`.execute(trx);
  await sql`
    update connections set relist_at = now()
    where workspace_id = ${ownWorkspace} and person_id is not null and state <> 'disconnected'`.execute(trx);
  if (lostBy !== undefined) await hideFrom(trx, lostBy, isConcerned);
  await announceChange(trx, workspaceId, { metrics: ['*'], sources: true });
}

async function hideFrom(
  trx: WorkspaceTransaction,
  number: string,
  isConcerned: (key: RawBuilder<unknown>) => RawBuilder<boolean>,
): Promise<void> {
  await sql`
    update repository_sights g set lost_at = coalesce(g.lost_at, now())
    from github_accounts_here() a
    where g.workspace_id = ${ownWorkspace} and g.person_id = a.person_id and a.number = ${number}
      and ${isConcerned(sql`g.repository_key`)}`.execute(trx);
  // What their own connection was shown; the next listing brings back what it still is.
  await sql`
    update connection_repositories r set gone_at = now(), change = 'unreachable', change_from = null, changed_at = now()
    from connections c
    where r.workspace_id = ${ownWorkspace} and c.workspace_id = ${ownWorkspace} and r.connection_id = c.id
      and c.person_id is not null and c.account_number = ${number} and r.is_private and r.gone_at is null
      and ${isConcerned(sql`c.host || '/' || r.number`)}`.execute(trx);
}

/** Somebody signed in: what they may see is asked anew, unless that was done just now. */
export async function recheckOwnSight(store: Store, accountId: string): Promise<void> {
  for (const { workspaceId, personId, deactivatedAt } of await listAccountWorkspaces(store.app, accountId)) {
    if (deactivatedAt !== null) continue;
    await store.inWorkspace(workspaceId, async (trx) => {
      await sql`
        update repository_sights set due_at = least(due_at, now())
        where workspace_id = ${ownWorkspace} and person_id = ${personId}::uuid
          and coalesce(checked_at, '-infinity') < now() - interval '15 minutes'`.execute(trx);
      await sql`
        update connections c set relist_at = least(c.relist_at, now())
        where c.workspace_id = ${ownWorkspace} and c.person_id = ${personId}::uuid
          and coalesce(c.checked_at, '-infinity') < now() - interval '15 minutes'`.execute(trx);
    });
  }
}

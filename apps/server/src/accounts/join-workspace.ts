import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { listWorkspaces } from '../workspaces/ensure-workspace.ts';
import { findOwnerAccount } from './owner-account.ts';

/** Lets an account act in the workspace of the transaction, as its first owner. Does nothing where it already may. */
export async function joinWorkspace(trx: WorkspaceTransaction, workspaceId: string, accountId: string): Promise<void> {
  const owner = await trx
    .selectFrom('people_members')
    .select('person_id')
    .where('role', '=', 'owner')
    .orderBy('since')
    .orderBy('person_id')
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('account_members')
    .values({ workspace_id: workspaceId, account_id: accountId, person_id: owner.person_id })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Lets the instance's owner into every demo there is. Call it after a demo was made; a demo that was made before anybody owned
 * the instance is joined at set-up.
 */
export async function joinDemos(store: Store): Promise<void> {
  const owner = await findOwnerAccount(store);
  if (owner === null) return;
  for (const workspaceId of await listWorkspaces(store)) {
    await store.inWorkspace(workspaceId, async (trx) => {
      const workspace = await trx.selectFrom('workspaces').select('kind').executeTakeFirst();
      if (workspace?.kind === 'demo') await joinWorkspace(trx, workspaceId, owner.id);
    });
  }
}

import { newId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { listWorkspaces } from '../workspaces/ensure-workspace.ts';
import { findOwnerAccount } from './owner-account.ts';

/**
 * Lets an account act in the workspace of the transaction as an owner, and answers as whom. Where it belongs already nothing
 * changes; the owner whom a first start made is nobody's yet and becomes this account; everybody shares the one of a demo.
 */
export async function joinWorkspace(
  trx: WorkspaceTransaction,
  workspaceId: string,
  accountId: string,
): Promise<string> {
  const known = await trx
    .selectFrom('account_members')
    .where('workspace_id', '=', ownWorkspace)
    .select('person_id')
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  if (known !== undefined) return known.person_id;
  const personId = (await findFreeOwner(trx)) ?? (await addOwner(trx, workspaceId));
  await trx
    .insertInto('account_members')
    .values({ workspace_id: workspaceId, account_id: accountId, person_id: personId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return personId;
}

async function findFreeOwner(trx: WorkspaceTransaction): Promise<string | undefined> {
  const owner = await trx
    .selectFrom('people_members as m')
    .where('m.workspace_id', '=', ownWorkspace)
    .innerJoin('workspaces as w', 'w.id', 'm.workspace_id')
    .select('m.person_id')
    .where('m.role', '=', 'owner')
    .where('m.deactivated_at', 'is', null)
    .where(({ or, eb, not, exists, selectFrom }) =>
      or([
        eb('w.kind', '=', 'demo'),
        not(
          exists(
            selectFrom('account_members as a')
              .select('a.account_id')
              .where('a.workspace_id', '=', ownWorkspace)
              .whereRef('a.person_id', '=', 'm.person_id'),
          ),
        ),
      ]),
    )
    .orderBy('m.since')
    .orderBy('m.person_id')
    .executeTakeFirst();
  return owner?.person_id;
}

/** For whoever holds the machine after the workspace was handed to somebody else. */
async function addOwner(trx: WorkspaceTransaction, workspaceId: string): Promise<string> {
  const id = newId();
  await trx.insertInto('people').values({ workspace_id: workspaceId, id, name: 'Owner' }).execute();
  await trx.insertInto('people_members').values({ workspace_id: workspaceId, person_id: id, role: 'owner' }).execute();
  return id;
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
      const workspace = await trx
        .selectFrom('workspaces')
        .where('id', '=', ownWorkspace)
        .select('kind')
        .executeTakeFirst();
      if (workspace?.kind === 'demo') await joinWorkspace(trx, workspaceId, owner.id);
    });
  }
}

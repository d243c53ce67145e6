import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { AuditActor } from '../audit/record-audit.ts';
import { listAccountWorkspaces } from './account-workspaces.ts';
import { createWorkspace, type Founder } from './create-workspace.ts';

const personalName = 'My work';

/**
 * Sees to it that an account has a workspace of its own, and answers which. Call it when an account was made: whoever leaves all
 * teams must still be somewhere. Asked for twice it changes nothing.
 */
export async function givePersonalWorkspace(wish: {
  store: Store;
  founder: Founder;
  /** In which its days are cut. */
  zone: string;
  actor: AuditActor;
}): Promise<string> {
  const { store, founder, zone, actor } = wish;
  const known = await findPersonalWorkspace(store, founder.accountId);
  if (known !== null) return known;
  const made = await createWorkspace({ store, kind: 'personal', founder, name: personalName, slug: null, zone, actor });
  return made.id;
}

/** The workspace that is the account's alone, or null. */
async function findPersonalWorkspace(store: Store, accountId: string): Promise<string | null> {
  for (const { workspaceId, role, deactivatedAt } of await listAccountWorkspaces(store.app, accountId)) {
    if (role !== 'owner' || deactivatedAt !== null) continue;
    const workspace = await store.inWorkspace(workspaceId, (trx) =>
      trx.selectFrom('workspaces').where('id', '=', ownWorkspace).select('kind').executeTakeFirst(),
    );
    if (workspace?.kind === 'personal') return workspaceId;
  }
  return null;
}

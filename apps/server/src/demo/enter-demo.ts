import type { Store } from '@devpulse/db/open-store';
import { joinWorkspace } from '../accounts/join-workspace.ts';

/**
 * Lets an account into the demo that is there already, since there is one for the whole instance. Whoever asked for it first is
 * let in when it is made.
 */
export async function enterDemo(store: Store, workspaceId: string, accountId: string): Promise<void> {
  await store.inWorkspace(workspaceId, async (trx) => {
    const workspace = await trx
      .selectFrom('workspaces')
      .where('id', '=', workspaceId)
      .select('kind')
      .executeTakeFirst();
    if (workspace?.kind === 'demo') await joinWorkspace(trx, workspaceId, accountId);
  });
}

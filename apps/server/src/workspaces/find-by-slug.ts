import { sql } from 'kysely';
import type { WorkspacePlace } from '@devpulse/contract/wire/workspaces';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { readSlug } from './take-slug.ts';

/**
 * The workspace of an account with this name, a former one included. Null where there is none and where it is somebody else's,
 * after the same questions: nobody learns which.
 */
export async function findBySlug(store: Store, accountId: string, slug: string): Promise<WorkspacePlace | null> {
  const { rows } = await sql<{ workspace_id: string }>`
    select workspace_id from account_workspaces(${accountId}) where deactivated_at is null`.execute(store.app);
  let found: WorkspacePlace | null = null;
  for (const { workspace_id: id } of rows) found ??= await lookInside(store, id, slug.toLowerCase());
  return found;
}

async function lookInside(store: Store, id: string, slug: string): Promise<WorkspacePlace | null> {
  return store.inWorkspace(id, async (trx) => {
    const has = await trx
      .selectFrom('workspace_slugs')
      .where('workspace_id', '=', ownWorkspace)
      .select('slug')
      .where('slug', '=', slug)
      .executeTakeFirst();
    if (has === undefined) return null;
    const { name } = await trx
      .selectFrom('workspaces')
      .where('id', '=', ownWorkspace)
      .select('name')
      .executeTakeFirstOrThrow();
    return { id, slug: await readSlug(trx), name };
  });
}

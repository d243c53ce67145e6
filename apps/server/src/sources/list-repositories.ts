import { sql } from 'kysely';
import type { z } from 'zod';
import type { repositoryListSchema } from '@devpulse/contract/wire/machinery';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { Viewer } from '../deps.ts';
import { findUnseen } from '../viewers/unseen-repositories.ts';

type RepositoryList = z.infer<typeof repositoryListSchema>;

/** Repositories that whoever asks sees, by name; the cursor is the id of the last one seen. */
export async function listRepositories(question: {
  store: Store;
  viewer: Pick<Viewer, 'workspaceId' | 'personId'>;
  now: Date;
  search?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}): Promise<RepositoryList> {
  const { cursor, search, limit, viewer, now } = question;
  const { rows, withheld } = await question.store.inWorkspace(viewer.workspaceId, async (trx) => {
    const unseen = [...(await findUnseen(trx, { viewer, now })).ids];
    const page = await sql<RepositoryList['repositories'][number]>`
      select id, source, name, url, default_branch as "defaultBranch", state from fact_repositories r
      where r.workspace_id = ${ownWorkspace} and ${unseen.length === 0 ? sql`true` : sql`id <> all(${unseen}::uuid[])`}
        and ${search === undefined ? sql`true` : sql`position(lower(${search}) in lower(name)) > 0`}
        and ${cursor === undefined ? sql`true` : sql`(name collate "C", id) > (select f.name collate "C", f.id from fact_repositories f where f.workspace_id = ${ownWorkspace} and f.id = ${cursor}::uuid)`}
      order by name collate "C", id limit ${limit + 1}`.execute(trx);
    return { rows: page.rows, withheld: unseen.length };
  });
  const repositories = rows.slice(0, limit);
  return { repositories, nextCursor: rows.length > limit ? (repositories.at(-1)?.id ?? null) : null, withheld };
}

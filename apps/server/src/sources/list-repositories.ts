import { sql } from 'kysely';
import type { z } from 'zod';
import type { repositoryListSchema } from '@devpulse/contract/wire/machinery';
import type { Store } from '@devpulse/db/open-store';

type RepositoryList = z.infer<typeof repositoryListSchema>;

/** Repositories by name; the cursor is the id of the last one seen. */
export async function listRepositories(question: {
  store: Store;
  workspaceId: string;
  search?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}): Promise<RepositoryList> {
  const { cursor, search, limit } = question;
  const { rows } = await question.store.inWorkspace(question.workspaceId, (trx) =>
    sql<RepositoryList['repositories'][number]>`
      select id, source, name, url, default_branch as "defaultBranch", state from fact_repositories r
      where ${search === undefined ? sql`true` : sql`position(lower(${search}) in lower(name)) > 0`}
        and ${cursor === undefined ? sql`true` : sql`(name collate "C", id) > (select f.name collate "C", f.id from fact_repositories f where f.id = ${cursor}::uuid)`}
      order by name collate "C", id limit ${limit + 1}`.execute(trx),
  );
  const repositories = rows.slice(0, limit);
  return { repositories, nextCursor: rows.length > limit ? (repositories.at(-1)?.id ?? null) : null };
}

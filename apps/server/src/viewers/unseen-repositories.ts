import { type RawBuilder, sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { Viewer } from '../deps.ts';

/** How long an answer of GitHub's is believed when it cannot be asked again. */
const believed = '72 hours';

/** Repositories that somebody is not told of. */
export interface Unseen {
  /** By id, as facts name them. */
  ids: ReadonlySet<string>;
  /** By the key of their source, also of those of which nothing is known yet. */
  keys: ReadonlySet<string>;
}

interface PrivateRepository {
  /** Null: it is watched, and nothing is known of it yet. */
  repository_id: string | null;
  repository_key: string;
}

/**
 * The repositories of the workspace that are not open to everybody in it: all that GitHub tells of and has not said to be public.
 * Sets that are read once each, whatever the planner believes of their size: it is asked with every question.
 */
export const privateRepositories: RawBuilder<PrivateRepository> = sql`(
  select f.id as repository_id, f.external_key as repository_key from fact_repositories f
  where f.workspace_id = ${ownWorkspace} and f.source = 'github' and ${isProven()} and f.id not in (
    select p.repository_id from fact_repository_profiles p
    where p.workspace_id = ${ownWorkspace} and p.visibility = 'public'
  )
  union all
  select null, s.natural_key from sources s
  where s.workspace_id = ${ownWorkspace} and s.connector = 'github' and ${isProven()} and s.natural_key not in (
    select f.external_key from fact_repositories f where f.workspace_id = ${ownWorkspace} and f.source = 'github'
  )
)`;

/** Did the owner leave it to GitHub who sees what? What is in a demo is made up. */
function isProven(): RawBuilder<boolean> {
  return sql<boolean>`exists (
    select 1 from workspaces w where w.id = ${ownWorkspace} and w.private_repositories = 'proven' and w.kind <> 'demo'
  )`;
}

/**
 * The repositories of the workspace that must not be named to whoever asks, in any answer: what a forge keeps private, unless it
 * said within three days that they may read it (decision 0030). The one place that decides it.
 */
export async function findUnseen(
  trx: WorkspaceTransaction,
  { viewer, now }: { viewer: Pick<Viewer, 'personId'>; now: Date },
): Promise<Unseen> {
  const since = sql`${now}::timestamptz - ${believed}::interval`;
  const { rows } = await sql<PrivateRepository>`
    select p.repository_id, p.repository_key from ${privateRepositories} p
    where p.repository_key not in (
      select s.repository_key from repository_sights s
      where s.workspace_id = ${ownWorkspace} and s.person_id = ${viewer.personId}::uuid and s.lost_at is null
        and s.checked_at > ${since}
      union all
      -- What one's own connection reached when it was listed last.
      select c.host || '/' || r.number from connections c
      join connection_repositories r on r.workspace_id = c.workspace_id and r.connection_id = c.id
      where c.workspace_id = ${ownWorkspace} and c.person_id = ${viewer.personId}::uuid and c.state <> 'disconnected'
        and r.gone_at is null and r.seen_at > ${since}
    )`.execute(trx);
  return {
    ids: new Set(rows.flatMap(({ repository_id: id }) => (id === null ? [] : [id]))),
    keys: new Set(rows.map((row) => row.repository_key)),
  };
}

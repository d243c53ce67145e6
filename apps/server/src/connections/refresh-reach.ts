import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { AskLane } from '@devpulse/contract/source-client';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { announceChange } from '../live/announce-change.ts';
import { readConnection } from './connection-rows.ts';
import { canRead, describeState } from './connection-states.ts';
import type { GithubParts } from './github-parts.ts';
import { listReach, type SeenRepository } from './list-reach.ts';
import { saveOrganisations } from './organisations.ts';
import { noteRepositoryName } from './watch-repositories.ts';

/** What a listing found out. */
export interface Refreshed {
  reached: number;
  added: number;
  renamed: number;
  gone: number;
  organisations: number;
}

interface Kept {
  number: string;
  full_name: string;
  owner_number: string;
  is_private: boolean;
  is_archived: boolean;
  gone_at: Date | null;
}

/** Has everything listed that a connection reaches. Kept only as a whole: half a list would make the other half look gone. */
export async function refreshReach(
  parts: GithubParts,
  workspaceId: string,
  connectionId: string,
  lane: AskLane = 'person',
): Promise<Refreshed> {
  const row = await parts.store.inWorkspace(workspaceId, (trx) => readConnection(trx, connectionId));
  const { kind, login, state, state_detail: detail } = row;
  if (!canRead(state)) throw new AppError('conflict', describeState({ kind, login, state, detail }));
  const { repositories, organisations } = await listReach(parts, workspaceId, row, lane);
  return parts.store.inWorkspace(workspaceId, async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`reach ${connectionId}`}, 0))`.execute(trx);
    const counts = await saveReach(trx, { workspaceId, connectionId, host: row.host }, repositories);
    await saveOrganisations(trx, { workspaceId, connectionId, url: parts.github.url }, organisations);
    await sql`
      update connections set checked_at = now(), relist_at = now() + interval '1 day' where workspace_id = ${ownWorkspace} and id = ${connectionId}::uuid`.execute(
      trx,
    );
    await announceChange(trx, workspaceId, { sources: true });
    return { ...counts, organisations: new Set(organisations.organisations.map((one) => one.number)).size };
  });
}

async function saveReach(
  trx: WorkspaceTransaction,
  whose: { workspaceId: string; connectionId: string; host: string },
  repositories: readonly SeenRepository[],
): Promise<Omit<Refreshed, 'organisations'>> {
  const { connectionId } = whose;
  const { rows } = await sql<Kept>`
    select number, full_name, owner_number, is_private, is_archived, gone_at from connection_repositories
    where workspace_id = ${ownWorkspace} and connection_id = ${connectionId}::uuid`.execute(trx);
  const before = new Map(rows.map((row) => [row.number, row]));
  let renamed = 0;
  for (const seen of repositories) {
    const kept = before.get(seen.number);
    const change = kept === undefined ? null : findChange(kept, seen);
    await saveRepository(trx, whose, seen, change);
    if (kept === undefined || kept.full_name === seen.fullName) continue;
    renamed += 1;
    await noteRepositoryName(trx, whose.host, seen.number, seen.fullName);
  }
  const numbers = repositories.map((one) => one.number);
  // Deleted, made private or taken away: GitHub does not tell which. The one who reads it finds out more.
  const gone = await sql`
    update connection_repositories set gone_at = now(), change = 'unreachable', change_from = null, changed_at = now()
    where workspace_id = ${ownWorkspace} and connection_id = ${connectionId}::uuid and gone_at is null
      and number <> all(${numbers}::text[])`.execute(trx);
  return {
    reached: repositories.length,
    added: repositories.filter((one) => !before.has(one.number)).length,
    renamed,
    gone: Number(gone.numAffectedRows ?? 0n),
  };
}

interface Change {
  change: string;
  from: string | null;
}

/** What became of a repository, by its number; null where nothing did. */
export function findChange(
  kept: Omit<Kept, 'number'>,
  seen: Omit<SeenRepository, 'pushedAt' | 'isFork' | 'defaultBranch'>,
): Change | null {
  if (kept.owner_number !== seen.owner.number) return { change: 'transferred', from: kept.full_name };
  if (kept.full_name !== seen.fullName) return { change: 'renamed', from: kept.full_name };
  if (!kept.is_private && seen.isPrivate) return { change: 'made private', from: null };
  if (kept.is_private && !seen.isPrivate) return { change: 'made public', from: null };
  if (!kept.is_archived && seen.isArchived) return { change: 'archived', from: null };
  if (kept.is_archived && !seen.isArchived) return { change: 'unarchived', from: null };
  return kept.gone_at === null ? null : { change: 'back', from: null };
}

async function saveRepository(
  trx: WorkspaceTransaction,
  { workspaceId, connectionId }: { workspaceId: string; connectionId: string },
  seen: SeenRepository,
  change: Change | null,
): Promise<void> {
  await sql`
    insert into connection_repositories as r (
      workspace_id, connection_id, number, full_name, owner_number, owner_login, is_private, is_fork, is_archived, default_branch,
      pushed_at
    ) values (
      ${workspaceId}, ${connectionId}, ${seen.number}, ${seen.fullName}, ${seen.owner.number}, ${seen.owner.login}, ${seen.isPrivate},
      ${seen.isFork}, ${seen.isArchived}, ${seen.defaultBranch}, ${seen.pushedAt}
    )
    on conflict (workspace_id, connection_id, number) do update set
      full_name = excluded.full_name, owner_number = excluded.owner_number, owner_login = excluded.owner_login,
      is_private = excluded.is_private, is_fork = excluded.is_fork, is_archived = excluded.is_archived,
      default_branch = excluded.default_branch, pushed_at = excluded.pushed_at, seen_at = now(), gone_at = null,
      change = coalesce(${change?.change ?? null}, r.change), change_from = case when ${change === null} then r.change_from else ${change?.from ?? null} end,
      changed_at = case when ${change === null} then r.changed_at else now() end`.execute(trx);
}

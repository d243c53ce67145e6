import { sql } from 'kysely';
import { z } from 'zod';
import { isBodyOf } from '@devpulse/contract/github-event-members';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { announceChange } from '../live/announce-change.ts';
import type { GithubParts } from './github-parts.ts';
import { installationShape, noteInstallation } from './note-installation.ts';
import { findChange } from './refresh-reach.ts';
import { keyOfRepository, noteRepositoryName } from './watch-repositories.ts';

/** A delivery of GitHub's whose signature was checked. */
export interface HeardHook {
  /** `X-GitHub-Event` */
  event: string;
  payload: unknown;
}

/** Sources that can be read again, or are to be looked at. */
export type Revived = { workspaceId: string; sourceId: string }[];

const repositoryShape = z.looseObject({
  id: z.number().int().positive(),
  full_name: z.string(),
  private: z.boolean(),
  archived: z.boolean().default(false),
  owner: z.looseObject({ id: z.number().int().positive(), login: z.string() }),
});
const installationEvent = z.looseObject({ action: z.string(), installation: installationShape });
const reachEvent = z.looseObject({
  action: z.string(),
  installation: z.looseObject({ id: z.number().int().positive() }),
  repositories_added: z
    .array(z.looseObject({ id: z.number(), full_name: z.string(), private: z.boolean() }))
    .default([]),
  repositories_removed: z.array(z.looseObject({ id: z.number() })).default([]),
});
const repositoryEvent = z.looseObject({ action: z.string(), repository: repositoryShape });

/**
 * What a delivery says of connections: an installation that came, went, was suspended or given less, and repositories that were
 * renamed, moved, hidden, archived or deleted. Says nothing of facts; those are parsed out of the same delivery elsewhere.
 * `workspaces`: those that the hook belongs to; for a hook of the App the one that claimed the installation, and none where nobody
 * did.
 */
export async function hearHook(
  parts: Pick<GithubParts, 'store' | 'github'>,
  heard: HeardHook,
  workspaces: readonly string[],
): Promise<Revived> {
  if (heard.event === 'installation') return hearInstallation(parts, heard.payload, workspaces);
  if (heard.event === 'installation_repositories') await hearReach(parts, heard.payload, workspaces);
  if (heard.event === 'repository') await hearRepository(parts, heard.payload, workspaces);
  return [];
}

/**
 * Installations are the instance's, so that of each only its own workspace is listened to: whoever owns a workspace can bring
 * deliveries of their own making into it, by an import.
 */
async function hearInstallation(
  parts: Pick<GithubParts, 'store' | 'github'>,
  payload: unknown,
  workspaces: readonly string[],
): Promise<Revived> {
  const read = installationEvent.safeParse(payload);
  if (!read.success) return [];
  const { rows } = await sql<{ id: string | null }>`
    select workspace_of_installation(${parts.github.host}, ${String(read.data.installation.id)}) as id`.execute(
    parts.store.app,
  );
  const holder = rows[0]?.id ?? null;
  if (workspaces.length > 0 && (holder === null || !workspaces.includes(holder))) return [];
  const { workspaceId, revived } = await noteInstallation(
    parts,
    read.data.installation,
    read.data.action === 'deleted',
  );
  return workspaceId === null ? [] : revived.map((sourceId) => ({ workspaceId, sourceId }));
}

async function hearReach(
  { store, github }: Pick<GithubParts, 'store' | 'github'>,
  payload: unknown,
  workspaces: readonly string[],
): Promise<void> {
  const read = reachEvent.safeParse(payload);
  if (!read.success) return;
  const { installation, repositories_added: added, repositories_removed: removed } = read.data;
  for (const workspaceId of workspaces)
    await store.inWorkspace(workspaceId, async (trx) => {
      const { rows } = await sql<{ id: string; account_number: string; login: string }>`
        select id, account_number, login from connections
        where workspace_id = ${ownWorkspace} and host = ${github.host} and installation_number = ${String(installation.id)}`.execute(
        trx,
      );
      const [row] = rows;
      if (row === undefined) return;
      for (const one of added)
        await sql`
          insert into connection_repositories (
            workspace_id, connection_id, number, full_name, owner_number, owner_login, is_private, is_fork, is_archived
          ) values (
            ${workspaceId}, ${row.id}, ${String(one.id)}, ${one.full_name}, ${row.account_number}, ${row.login}, ${one.private}, false, false
          ) on conflict (workspace_id, connection_id, number) do update set
            full_name = excluded.full_name, is_private = excluded.is_private, gone_at = null, seen_at = now(), change = 'back', changed_at = now()`.execute(
          trx,
        );
      const gone = removed.map((one) => String(one.id));
      await sql`
        update connection_repositories set gone_at = now(), change = 'unreachable', change_from = null, changed_at = now()
        where workspace_id = ${ownWorkspace} and connection_id = ${row.id}::uuid and number = any(${gone}::text[])`.execute(
        trx,
      );
      await failSources(
        trx,
        { host: github.host, numbers: gone, connectionId: row.id },
        'The App was taken off this repository. What was read stays; give it back at GitHub to read on.',
      );
      await announceChange(trx, workspaceId, { sources: true, metrics: ['*'] });
    });
}

async function hearRepository(
  { store, github }: Pick<GithubParts, 'store' | 'github'>,
  payload: unknown,
  workspaces: readonly string[],
): Promise<void> {
  const read = repositoryEvent.safeParse(payload);
  if (!read.success || !isBodyOf('repository', read.data)) return;
  const { action, repository } = read.data;
  for (const workspaceId of workspaces)
    await store.inWorkspace(workspaceId, async (trx) => {
      await followRepository(trx, action, repository);
      await noteRepositoryName(trx, github.host, String(repository.id), repository.full_name);
      if (action === 'deleted')
        await failSources(
          trx,
          { host: github.host, numbers: [String(repository.id)] },
          'Deleted at GitHub. What was read stays until it is erased.',
        );
      await announceChange(trx, workspaceId, { sources: true, metrics: ['*'] });
    });
}

async function followRepository(
  trx: WorkspaceTransaction,
  action: string,
  repository: z.infer<typeof repositoryShape>,
): Promise<void> {
  const seen = {
    number: String(repository.id),
    fullName: repository.full_name,
    owner: { number: String(repository.owner.id), login: repository.owner.login, type: 'User' },
    isPrivate: repository.private,
    isArchived: repository.archived,
  };
  const { rows } = await sql<Parameters<typeof findChange>[0] & { connection_id: string }>`
    select connection_id, full_name, owner_number, is_private, is_archived, gone_at from connection_repositories
    where workspace_id = ${ownWorkspace} and number = ${seen.number} for update`.execute(trx);
  for (const kept of rows) {
    const change = action === 'deleted' ? { change: 'deleted', from: null } : findChange(kept, seen);
    if (change === null) continue;
    await sql`
      update connection_repositories set full_name = ${seen.fullName}, owner_number = ${seen.owner.number},
        owner_login = ${seen.owner.login}, is_private = ${seen.isPrivate}, is_archived = ${seen.isArchived}, change = ${change.change},
        change_from = ${change.from}, changed_at = now(), gone_at = case when ${action === 'deleted'} then now() end
      where workspace_id = ${ownWorkspace} and connection_id = ${kept.connection_id}::uuid and number = ${seen.number}`.execute(
      trx,
    );
  }
}

/** Of all connections, or of one alone: what that one no longer reaches, another may. */
async function failSources(
  trx: WorkspaceTransaction,
  { host, numbers, connectionId }: { host: string; numbers: readonly string[]; connectionId?: string },
  message: string,
): Promise<void> {
  const keys = numbers.map((number) => keyOfRepository(host, number));
  await sql`
    update sources set state = 'failed', progress = null, last_error = ${JSON.stringify({ code: 'gone', message })}::jsonb
    where workspace_id = ${ownWorkspace} and connector = 'github' and natural_key = any(${keys}::text[]) and state <> 'paused'
      and ${connectionId === undefined ? sql`true` : sql`connection_id = ${connectionId}::uuid`}`.execute(trx);
}

import { sql } from 'kysely';
import { z } from 'zod';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import type { ConnectionRow } from './connection-rows.ts';
import type { GithubParts } from './github-parts.ts';
import { heldOf, lackOf } from './grants.ts';
import { type Moved, moveConnection } from './mark-connection.ts';

/** An installation as GitHub tells of it: in listings and in deliveries alike. */
export const installationShape = z.looseObject({
  id: z.number().int().positive(),
  account: z.looseObject({
    id: z.number().int().positive(),
    login: z.string().optional(),
    slug: z.string().optional(),
    type: z.string().default('Organization'),
  }),
  repository_selection: z.enum(['all', 'selected']).default('selected'),
  permissions: z.record(z.string(), z.string()).default({}),
  html_url: z.string().default(''),
  suspended_at: z.iso.datetime({ offset: true }).nullish(),
});
export type InstallationShape = z.infer<typeof installationShape>;

/** What became of the connection that stands for an installation. */
export interface NotedInstallation extends Moved {
  /** Null: no workspace has claimed it. */
  workspaceId: string | null;
  connectionId: string | null;
}

/** Notes how an installation is now; the connection of the workspace that claimed it follows. */
export async function noteInstallation(
  parts: Pick<GithubParts, 'store' | 'github'>,
  seen: InstallationShape,
  isRemoved = false,
): Promise<NotedInstallation> {
  const { rows } = await sql<{ workspace_id: string | null }>`
    select save_installation(
      ${parts.github.host}, ${String(seen.id)}, ${String(seen.account.id)}, ${loginOf(seen)}, ${seen.account.type},
      ${seen.repository_selection}, ${JSON.stringify(seen.permissions)}::jsonb, ${seen.html_url},
      ${seen.suspended_at == null ? null : new Date(seen.suspended_at)}, ${isRemoved ? new Date() : null}
    ) as workspace_id`.execute(parts.store.app);
  const workspaceId = rows[0]?.workspace_id ?? null;
  if (workspaceId === null) return { workspaceId, connectionId: null, changed: false, revived: [] };
  return parts.store.inWorkspace(workspaceId, (trx) =>
    followInstallation(trx, workspaceId, { host: parts.github.host, seen, isRemoved }),
  );
}

function loginOf({ account }: InstallationShape): string {
  return account.login ?? account.slug ?? String(account.id);
}

async function followInstallation(
  trx: WorkspaceTransaction,
  workspaceId: string,
  { host, seen, isRemoved }: { host: string; seen: InstallationShape; isRemoved: boolean },
): Promise<NotedInstallation> {
  const now = { form: 'installation' as const, scopes: [], permissions: seen.permissions };
  const { rows } = await sql<Pick<ConnectionRow, 'id' | 'agreed'>>`
    select id, agreed from connections
    where workspace_id = ${ownWorkspace} and host = ${host} and installation_number = ${String(seen.id)} for update`.execute(
    trx,
  );
  const [row] = rows;
  if (row === undefined) return { workspaceId, connectionId: null, changed: false, revived: [] };
  const missing = lackOf(row.agreed, now);
  await sql`
    update connections set login = ${loginOf(seen)}, account_type = ${seen.account.type}, account_number = ${String(seen.account.id)},
      repository_selection = ${seen.repository_selection}, permissions = ${JSON.stringify(seen.permissions)}::jsonb,
      agreed = ${[...new Set([...row.agreed, ...heldOf(now)])].toSorted()}::text[], checked_at = now()
    where workspace_id = ${ownWorkspace} and id = ${row.id}::uuid`.execute(trx);
  const state = isRemoved
    ? 'removed'
    : seen.suspended_at != null
      ? 'suspended'
      : missing.length > 0
        ? 'narrowed'
        : 'ok';
  const detail = state === 'narrowed' ? { detail: { missing } } : {};
  const moved = await moveConnection(trx, { workspaceId, connectionId: row.id, state, ...detail });
  return { workspaceId, connectionId: row.id, ...moved };
}

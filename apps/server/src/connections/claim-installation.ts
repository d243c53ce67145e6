import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { SourceRefused } from '@devpulse/contract/source-client';
import type { InstallationView } from '@devpulse/contract/wire/connections';
import { newId } from '@devpulse/db/ids';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { type AuditActor, recordAudit } from '../audit/record-audit.ts';
import type { Viewer } from '../deps.ts';
import { readApp } from './app-store.ts';
import { askAsApp } from './ask-as-app.ts';
import { askSigned } from './ask-signed.ts';
import { readConnections } from './connection-rows.ts';
import { canRead } from './connection-states.ts';
import type { GithubParts } from './github-parts.ts';
import { heldOf } from './grants.ts';
import { installationShape, noteInstallation } from './note-installation.ts';
import { moveConnection } from './mark-connection.ts';
import { credentialsOf } from './read-credential.ts';
import { type InstallationRow, readInstallations, refreshInstallations, viewInstallation } from './installations.ts';

const membershipsShape = z.array(
  z.looseObject({ state: z.string(), role: z.string(), organization: z.looseObject({ id: z.number() }) }),
);

/**
 * Gives an installation to the workspace: to one at most. For whoever shows that the account it is on is theirs, by a connection
 * of their own: it is that account, or an owner of that organisation. Those who look after the instance need not, since the key
 * of the App is theirs.
 */
export async function claimInstallation(
  parts: GithubParts,
  viewer: Viewer,
  asked: { number: string; actor: AuditActor },
): Promise<{ connectionId: string; revived: string[] }> {
  const row = await findInstallation(parts, asked.number);
  const { workspaceId } = viewer;
  if (!(await runsInstance(parts, viewer)) && !(await isTheirs(parts, viewer, row)))
    throw new AppError(
      'forbidden',
      `Only an owner of ${row.account_login} may claim this. Connect the GitHub account that owns it first, with the scope read:org for an organisation.`,
    );
  const { rows } = await sql<{ outcome: 'missing' | 'yours' | 'taken' | 'claimed' }>`
    select claim_installation(${parts.github.host}, ${row.number}, ${workspaceId}) as outcome`.execute(parts.store.app);
  const outcome = rows[0]?.outcome ?? 'missing';
  if (outcome === 'missing') throw gone();
  if (outcome === 'taken')
    throw new AppError(
      'conflict',
      'Another workspace here has claimed it. Its owners can give it up by disconnecting it.',
    );
  return adopt(parts, workspaceId, row, asked.actor);
}

async function adopt(
  parts: GithubParts,
  workspaceId: string,
  row: InstallationRow,
  actor: AuditActor,
): Promise<{ connectionId: string; revived: string[] }> {
  const agreed = heldOf({ form: 'installation', scopes: [], permissions: row.permissions });
  return parts.store.inWorkspace(workspaceId, async (trx) => {
    // Installed again it has another number; what hung on the one before goes on with it.
    await sql`
      update connections c set installation_number = ${row.number}
      where c.workspace_id = ${ownWorkspace} and c.id = (
        select old.id from connections old
        where old.workspace_id = ${ownWorkspace} and old.host = ${parts.github.host} and old.kind = 'app'
          and old.account_number = ${row.account_number} and old.state in ('removed', 'disconnected')
          and not exists (
            select 1 from connections same
            where same.workspace_id = ${ownWorkspace} and same.host = old.host and same.installation_number = ${row.number})
        order by old.state_since desc limit 1)`.execute(trx);
    const { rows } = await sql<{ id: string }>`
      insert into connections (
        workspace_id, id, kind, form, host, account_number, login, account_type, installation_number, repository_selection,
        permissions, agreed, checked_at
      ) values (
        ${workspaceId}, ${newId()}, 'app', 'installation', ${parts.github.host}, ${row.account_number}, ${row.account_login},
        ${row.account_type}, ${row.number}, ${row.repository_selection}, ${JSON.stringify(row.permissions)}::jsonb, ${agreed}::text[], now()
      )
      on conflict (workspace_id, host, installation_number) where installation_number is not null do update set
        login = excluded.login, permissions = excluded.permissions, agreed = excluded.agreed, checked_at = excluded.checked_at,
        repository_selection = excluded.repository_selection
      returning id`.execute(trx);
    const connectionId = rows[0]?.id ?? '';
    const state = row.suspended_at === null ? 'ok' : 'suspended';
    const { revived } = await moveConnection(trx, { workspaceId, connectionId, state, actor });
    await recordAudit(trx, {
      actor,
      action: 'installation.claimed',
      target: { kind: 'connection', id: connectionId, name: row.account_login },
      after: { installation: row.number },
    });
    return { connectionId, revived };
  });
}

/** As GitHub tells it now: whose account it is on says who may claim it, and what was heard of it before is no proof. */
async function findInstallation(parts: GithubParts, number: string): Promise<InstallationRow> {
  const app = await readApp(parts);
  if (app === null) throw new AppError('not_configured', 'No GitHub App is set up here.');
  const { status, json } = await askAsApp(parts, app, { path: `/app/installations/${number}` });
  const seen = installationShape.safeParse(json);
  if (status !== 200 || !seen.success) throw gone();
  await noteInstallation(parts, seen.data);
  const row = (await readInstallations(parts, null)).find((one) => one.number === number);
  if (row === undefined) throw gone();
  return row;
}

function gone(): AppError {
  return new AppError('not_found', 'The App has no such installation; it may have been removed.');
}

/** Installations that whoever asks may claim, by what their own connections prove. GitHub is asked for those that are new. */
export async function listClaimable(parts: GithubParts, viewer: Viewer): Promise<InstallationView[]> {
  const accounts = await listOwned(parts, viewer);
  await refreshInstallations(parts);
  const owned = await readInstallations(parts, [...accounts]);
  return viewInstallations(
    parts,
    viewer,
    owned.filter((row) => row.removed_at === null),
  );
}

/** With the connection that stands for each of them here. */
export async function viewInstallations(
  parts: GithubParts,
  viewer: Viewer,
  rows: readonly InstallationRow[],
): Promise<InstallationView[]> {
  const connections = await parts.store.inWorkspace(viewer.workspaceId, (trx) => readConnections(trx));
  return rows.map((row) => viewInstallation(row, viewer.workspaceId, connections));
}

async function isTheirs(parts: GithubParts, viewer: Viewer, row: InstallationRow): Promise<boolean> {
  return (await listOwned(parts, viewer)).has(row.account_number);
}

/** Numbers of the accounts that are theirs, and of the organisations that they own, by their own connections that count. */
async function listOwned(parts: GithubParts, viewer: Viewer): Promise<Set<string>> {
  const connections = await parts.store.inWorkspace(viewer.workspaceId, (trx) => readConnections(trx));
  const own = connections.filter(
    (one) => one.kind !== 'app' && one.person_id === viewer.personId && canRead(one.state),
  );
  const owned = new Set<string>();
  for (const connection of own)
    try {
      // A token that was revoked proves nothing, whatever was known of it: the account counts once GitHub has answered.
      const memberships = await listMemberships(parts, viewer.workspaceId, connection.id);
      for (const number of [connection.account_number, ...memberships]) owned.add(number);
    } catch (error) {
      if (!(error instanceof SourceRefused) || error.kind !== 'unauthenticated') throw error;
    }
  return owned;
}

/** Organisations of which they are an owner, by number: a login that was given up may be somebody else's by now. */
async function listMemberships(parts: GithubParts, workspaceId: string, connectionId: string): Promise<string[]> {
  const credentials = credentialsOf(parts, workspaceId, connectionId);
  const { status, json } = await askSigned(parts, credentials, {
    path: '/user/memberships/orgs?state=active&per_page=100',
    lane: 'person',
  });
  const read = membershipsShape.safeParse(json);
  if (status !== 200 || !read.success) return [];
  return read.data
    .filter((one) => one.state === 'active' && one.role === 'admin')
    .map((one) => String(one.organization.id));
}

async function runsInstance({ store }: GithubParts, viewer: Viewer): Promise<boolean> {
  const { rows } = await sql<{ may: boolean }>`
    select runs_instance(${viewer.workspaceId}, ${viewer.personId}, ${viewer.accountId}) as may`.execute(store.app);
  return rows[0]?.may === true;
}

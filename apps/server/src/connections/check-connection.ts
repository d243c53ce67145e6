import { sql } from 'kysely';
import { type AskLane, SourceRefused } from '@devpulse/contract/source-client';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { readApp } from './app-store.ts';
import { askAsApp } from './ask-as-app.ts';
import { type ConnectionRow, readConnection } from './connection-rows.ts';
import type { GithubParts } from './github-parts.ts';
import { lackOf } from './grants.ts';
import { moveConnection } from './mark-connection.ts';
import { installationShape, noteInstallation } from './note-installation.ts';
import { askOrganisations, saveOrganisations, type SeenOrganisations } from './organisations.ts';
import { probeToken } from './probe-token.ts';
import { readAccount, type ReadAccount } from './read-account.ts';
import { credentialsOf } from './read-credential.ts';

/** Which connection, and who waits for the answer. */
export interface Check {
  workspaceId: string;
  connectionId: string;
  lane: AskLane;
}

/**
 * Asks GitHub how a connection is and notes it; answers the sources that can be read again. What is lost is a state and throws
 * nothing; only when GitHub could not be asked at all does it throw, and then nothing is noted.
 */
export async function checkConnection(parts: GithubParts, check: Check): Promise<string[]> {
  const row = await parts.store.inWorkspace(check.workspaceId, (trx) => readConnection(trx, check.connectionId));
  if (row.state === 'disconnected') return [];
  return row.kind === 'app' ? checkInstallation(parts, check, row) : checkGrant(parts, check, row);
}

async function checkInstallation(parts: GithubParts, check: Check, row: ConnectionRow): Promise<string[]> {
  const app = await readApp(parts);
  const path = `/app/installations/${row.installation_number ?? ''}`;
  const answer = app === null ? null : await askAsApp(parts, app, { path, lane: check.lane });
  const seen = installationShape.safeParse(answer?.json);
  if (answer?.status === 200 && seen.success) return (await noteInstallation(parts, seen.data)).revived;
  if (answer !== null && answer.status !== 404)
    throw new SourceRefused('failed', `GitHub answered ${answer.status} when asked for the installation.`, {
      status: answer.status,
    });
  await parts.store.inWorkspace(check.workspaceId, async (trx) => {
    await stamp(trx, check.connectionId);
    await moveConnection(trx, { ...check, state: 'removed' });
  });
  return [];
}

async function checkGrant(parts: GithubParts, check: Check, row: ConnectionRow): Promise<string[]> {
  const credentials = credentialsOf(parts, check.workspaceId, check.connectionId);
  try {
    const { authorization, budget, version } = await credentials.read();
    const read = await readAccount(parts, { authorization, budget }).catch(async (error: unknown) => {
      if (!(error instanceof SourceRefused) || error.kind !== 'unauthenticated') throw error;
      if ((await credentials.refused(version, error)) === 'give up') throw error;
      const next = await credentials.read();
      return readAccount(parts, next);
    });
    const permissions =
      row.form === 'fine-grained' ? await probeToken(parts, { authorization, budget }) : row.permissions;
    const organisations = await askOrganisations(parts, credentials, check.lane);
    return await note(parts, check, { row, read, permissions, organisations });
  } catch (error) {
    // Noted by whoever found it: the connection says so itself.
    if (error instanceof SourceRefused && error.kind === 'unauthenticated') return [];
    throw error;
  }
}

async function note(
  parts: GithubParts,
  check: Check,
  found: {
    row: ConnectionRow;
    read: ReadAccount;
    permissions: Record<string, string>;
    organisations: SeenOrganisations;
  },
): Promise<string[]> {
  const { row, read, permissions, organisations } = found;
  const scopes = read.saysScopes ? read.scopes : row.scopes;
  const missing = lackOf(row.agreed, { form: row.form, scopes, permissions });
  const hidden = organisations.organisations
    .filter((one) => organisations.wantSso.includes(one.number))
    .map((one) => one.login);
  const { url } = parts.github;
  return parts.store.inWorkspace(check.workspaceId, async (trx) => {
    await sql`
      update connections set login = ${read.account.login}, scopes = ${scopes}::text[], permissions = ${JSON.stringify(permissions)}::jsonb,
        expires_at = ${row.kind === 'token' ? read.expiresAt : null}, checked_at = now()
      where workspace_id = ${ownWorkspace} and id = ${check.connectionId}::uuid`.execute(trx);
    await saveOrganisations(trx, { ...check, url }, organisations);
    const state = missing.length > 0 ? 'narrowed' : organisations.wantSso.length > 0 ? 'sso' : 'ok';
    const detail =
      state === 'narrowed'
        ? { missing }
        : state === 'sso' && hidden.length > 0
          ? { organisations: hidden, url: `${url}/orgs/${hidden[0] ?? ''}/sso` }
          : {};
    const { revived } = await moveConnection(trx, { ...check, state, detail });
    return revived;
  });
}

function stamp(trx: Parameters<typeof readConnection>[0], connectionId: string): Promise<unknown> {
  return sql`update connections set checked_at = now() where workspace_id = ${ownWorkspace} and id = ${connectionId}::uuid`.execute(
    trx,
  );
}

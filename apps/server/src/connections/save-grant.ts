import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { newId } from '@devpulse/db/ids';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { type AuditActor, recordAudit } from '../audit/record-audit.ts';
import { type ConnectionForm, type ConnectionRow, readConnections } from './connection-rows.ts';
import { type Tokens, writeTokens } from './connection-secrets.ts';
import { canRead } from './connection-states.ts';
import type { GithubParts } from './github-parts.ts';
import { heldOf, lackOf } from './grants.ts';
import { moveConnection } from './mark-connection.ts';

/** What somebody granted, as it came from GitHub. */
export interface Grant {
  kind: 'oauth' | 'token';
  form: Exclude<ConnectionForm, 'installation'>;
  account: { number: string; login: string; type: string };
  clientId: string | null;
  scopes: string[];
  permissions: Record<string, string>;
  tokens: Tokens;
  expiresAt: Date | null;
}

export interface Granting {
  workspaceId: string;
  personId: string;
  actor: AuditActor;
  /** The connection that was meant, where one was. */
  connectionId: string | null;
}

export interface Saved {
  connectionId: string;
  isNew: boolean;
  /** Sources that can be read again. */
  revived: string[];
}

/**
 * Keeps a grant. Of the same account (by its number) it heals what was lost, with its sources, and replaces what it stands for;
 * only a fine-grained token beside one that counts is another connection, since each of those reaches something else.
 */
export async function saveGrant(parts: GithubParts, who: Granting, grant: Grant): Promise<Saved> {
  const { workspaceId } = who;
  await parts.keyring.prepare(workspaceId);
  return parts.store.inWorkspace(workspaceId, async (trx) => {
    // Two browsers that come back at once would otherwise make two connections of one account.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`connection ${workspaceId} ${grant.account.number}`}, 0))`.execute(
      trx,
    );
    const meant = await findMeant(trx, parts.github.host, who, grant);
    const connectionId = meant?.id ?? newId();
    const agreed = agreedOf(meant, grant);
    await upsert(trx, { parts, who, grant, connectionId, agreed });
    await writeTokens(trx, parts.keyring, { workspaceId, connectionId, tokens: grant.tokens });
    const missing = lackOf(agreed, grant);
    const { revived } = await moveConnection(trx, {
      workspaceId,
      connectionId,
      state: missing.length > 0 ? 'narrowed' : 'ok',
      ...(missing.length > 0 ? { detail: { missing } } : {}),
      actor: who.actor,
    });
    await recordAudit(trx, {
      actor: who.actor,
      action: meant === null ? 'connection.added' : 'connection.renewed',
      target: { kind: 'connection', id: connectionId },
      after: { kind: grant.kind, form: grant.form, scopes: grant.scopes },
    });
    return { connectionId, isNew: meant === null, revived };
  });
}

async function findMeant(
  trx: WorkspaceTransaction,
  host: string,
  who: Granting,
  grant: Grant,
): Promise<ConnectionRow | null> {
  const rows = (await readConnections(trx)).filter((row) => row.kind !== 'app' && row.host === host);
  if (who.connectionId !== null) {
    const row = rows.find((one) => one.id === who.connectionId);
    if (row === undefined) throw new AppError('not_found', 'There is no such connection; it may have been removed.');
    if (row.account_number === grant.account.number) return row;
    throw new AppError(
      'conflict',
      `This is the account ${grant.account.login}; the connection is to ${row.login}. Sign in to GitHub as ${row.login}, or add ${grant.account.login} as a connection of its own.`,
    );
  }
  const same = rows.filter((row) => row.account_number === grant.account.number);
  const lost = same.filter((row) => !canRead(row.state));
  const healed = lost.find((row) => row.form === grant.form) ?? lost.at(-1);
  if (healed !== undefined) return healed;
  return grant.form === 'fine-grained'
    ? null
    : (same.find((row) => row.kind === grant.kind && row.form !== 'fine-grained') ?? null);
}

/** What was granted once counts as agreed, so that a smaller grant is seen as one; after disconnecting it begins anew. */
function agreedOf(meant: ConnectionRow | null, grant: Grant): string[] {
  const before = meant === null || meant.state === 'disconnected' || meant.form !== grant.form ? [] : meant.agreed;
  return [...new Set([...before, ...heldOf(grant)])].toSorted();
}

async function upsert(
  trx: WorkspaceTransaction,
  {
    parts,
    who,
    grant,
    connectionId,
    agreed,
  }: { parts: GithubParts; who: Granting; grant: Grant; connectionId: string; agreed: string[] },
): Promise<void> {
  const { account } = grant;
  await sql`
    insert into connections (
      workspace_id, id, kind, form, host, account_number, login, account_type, person_id, client_id, scopes, agreed, permissions,
      expires_at, checked_at
    ) values (
      ${who.workspaceId}, ${connectionId}, ${grant.kind}, ${grant.form}, ${parts.github.host}, ${account.number}, ${account.login},
      ${account.type}, ${who.personId}, ${grant.clientId}, ${grant.scopes}::text[], ${agreed}::text[],
      ${JSON.stringify(grant.permissions)}::jsonb, ${grant.expiresAt}, now()
    )
    on conflict (workspace_id, id) do update set
      kind = excluded.kind, form = excluded.form, login = excluded.login, account_type = excluded.account_type,
      person_id = excluded.person_id, client_id = excluded.client_id, scopes = excluded.scopes, agreed = excluded.agreed,
      permissions = excluded.permissions, expires_at = excluded.expires_at, checked_at = excluded.checked_at
    where connections.workspace_id = ${ownWorkspace}`.execute(trx);
}

import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { SourceRefused } from '@devpulse/contract/source-client';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { type AuditActor, recordAudit } from '../audit/record-audit.ts';
import { removeHooksOfConnection } from '../hooks-in/remove-hook.ts';
import { orderErasure } from '../sources/order-erasure.ts';
import { askGithub } from './ask-github.ts';
import { type ConnectionRow, readConnection, targetOf } from './connection-rows.ts';
import { forgetTokens, type KeptTokens } from './connection-secrets.ts';
import type { GithubParts } from './github-parts.ts';
import { moveConnection } from './mark-connection.ts';
import { findClientOf } from './oauth-client.ts';

/** What came of it at GitHub. */
export interface Disconnected {
  revoked: boolean;
  /** What is left to be done there by hand; null where nothing is. */
  left: string | null;
}

interface Asked {
  workspaceId: string;
  connectionId: string;
  actor: AuditActor;
}

/**
 * Cuts a connection: its tokens are gone from the store before GitHub is told, and stay gone whatever GitHub answers. What was
 * read stays; its sources stop, and go on when the same account is connected again.
 */
export async function disconnect(parts: GithubParts, asked: Asked): Promise<Disconnected> {
  const { workspaceId, connectionId, actor } = asked;
  // While there is something to ask with.
  const hooksLeft = await removeHooksOfConnection(parts, asked);
  const { row, kept } = await parts.store.inWorkspace(workspaceId, async (trx) => {
    const found = await readConnection(trx, connectionId);
    const forgotten = await forgetTokens(trx, parts.keyring, { workspaceId, connectionId });
    await moveConnection(trx, { workspaceId, connectionId, state: 'disconnected', actor });
    if (found.installation_number !== null)
      await sql`select release_installation(${found.host}, ${found.installation_number}, ${workspaceId})`.execute(trx);
    await recordAudit(trx, {
      actor,
      action: found.kind === 'app' ? 'installation.released' : 'connection.disconnected',
      target: targetOf(found),
    });
    await forgetIfUnused(trx, connectionId);
    return { row: found, kept: forgotten };
  });
  const told = await tellGithub(parts, row, kept);
  return { ...told, left: [...hooksLeft, ...(told.left === null ? [] : [told.left])].join(' ') || null };
}

/** One that no source hangs on leaves nothing to be healed. */
async function forgetIfUnused(trx: Parameters<typeof readConnection>[0], connectionId: string): Promise<void> {
  await sql`
    delete from connections c where c.workspace_id = ${ownWorkspace} and c.id = ${connectionId}::uuid
      and not exists (select 1 from sources s where s.workspace_id = c.workspace_id and s.connection_id = c.id)`.execute(
    trx,
  );
}

async function tellGithub(parts: GithubParts, row: ConnectionRow, kept: KeptTokens | null): Promise<Disconnected> {
  const { url } = parts.github;
  if (row.kind === 'app')
    return {
      revoked: false,
      left: `The App is still installed on ${row.login}. Remove it at GitHub if nobody else is to use it.`,
    };
  if (row.kind === 'token')
    return { revoked: false, left: `Delete the token at ${url}/settings/tokens: only you can.` };
  const byHand = `Take the grant back at ${url}/settings/applications.`;
  const client = await findClientOf(parts, row.client_id);
  if (client === null || kept?.access == null) return { revoked: false, left: byHand };
  try {
    // This token alone: the whole grant holds signing in and other connections as well.
    const { status } = await askGithub(parts, {
      method: 'DELETE',
      path: `/applications/${client.clientId}/token`,
      authorization: `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64')}`,
      json: { access_token: kept.access },
      budget: `${row.host}|client|${client.clientId}`,
    });
    // 404 and 422: it was gone already.
    const isGone = status === 204 || status === 404 || status === 422;
    return { revoked: isGone, left: isGone ? null : byHand };
  } catch (error) {
    if (error instanceof SourceRefused) return { revoked: false, left: byHand };
    throw error;
  }
}

/** Cuts it, and orders that everything read with it is erased. Whoever asks says its login, since there is no way back. */
export async function eraseConnection(parts: GithubParts, asked: Asked & { login: string }): Promise<Disconnected> {
  const { workspaceId, connectionId, actor } = asked;
  const { login, sources } = await parts.store.inWorkspace(workspaceId, async (trx) => {
    const row = await readConnection(trx, connectionId);
    const { rows } = await sql<{ id: string; name: string }>`
      select id, name from sources where workspace_id = ${ownWorkspace} and connection_id = ${connectionId}::uuid order by id`.execute(
      trx,
    );
    return { login: row.login, sources: rows };
  });
  if (login !== asked.login)
    throw new AppError('invalid_request', 'The login is not that of the connection.', {
      problems: [{ path: 'body.login', message: `write "${login}" to erase it` }],
    });
  for (const { id, name } of sources) await orderErasure(parts.store, workspaceId, { sourceId: id, name, actor });
  const disconnected = await disconnect(parts, asked);
  await parts.store.inWorkspace(workspaceId, async (trx) => {
    await sql`delete from connections where workspace_id = ${ownWorkspace} and id = ${connectionId}::uuid`.execute(trx);
    await recordAudit(trx, {
      actor,
      action: 'connection.erased',
      target: { kind: 'connection', id: connectionId },
      before: { sources: sources.length },
    });
  });
  return disconnected;
}

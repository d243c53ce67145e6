import { sql } from 'kysely';
import { type Role, type Scope, scopeNames } from '@devpulse/contract/permissions';
import type { Store } from '@devpulse/db/open-store';
import type { Viewer } from '../deps.ts';

interface TokenRow {
  workspace_id: string;
  token_id: string;
  person_id: string;
  role: Role;
  scopes: string[];
}

/** Whose token has this hash; null when it counts no more. */
export async function findToken(store: Store, hash: Buffer): Promise<Viewer | null> {
  const { rows } = await sql<TokenRow>`select * from find_token(${hash})`.execute(store.app);
  const row = rows[0];
  if (row === undefined) return null;
  return {
    workspaceId: row.workspace_id,
    personId: row.person_id,
    role: row.role,
    via: 'token',
    tokenId: row.token_id,
    sessionId: null,
    deviceId: null,
    accountId: null,
    scopes: row.scopes.filter((scope): scope is Scope => scopeNames.includes(scope as Scope)),
  };
}

/** The same for a token that was made before there was a pepper; from then on it is found by its new hash. */
export async function findAndPepper(store: Store, hashes: { plain: Buffer; peppered: Buffer }): Promise<Viewer | null> {
  const viewer = await findToken(store, hashes.plain);
  // Another process may have changed it since this one looked for the new hash.
  if (viewer === null) return findToken(store, hashes.peppered);
  await store.inWorkspace(viewer.workspaceId, (trx) =>
    trx
      .updateTable('account_tokens')
      .set({ token_hash: hashes.peppered })
      .where('workspace_id', '=', viewer.workspaceId)
      .where('id', '=', viewer.tokenId ?? '')
      .where('token_hash', '=', hashes.plain)
      .execute(),
  );
  return viewer;
}

/** Writes down that a token was used, at most once a minute. */
export async function noteToken(store: Store, viewer: Viewer): Promise<void> {
  await store.inWorkspace(viewer.workspaceId, (trx) =>
    // The condition is for other processes: each of them remembers only its own notes.
    sql`update account_tokens set last_used_at = now()
        where workspace_id = ${viewer.workspaceId} and id = ${viewer.tokenId}
          and (last_used_at is null or last_used_at < now() - interval '1 minute')`.execute(trx),
  );
}

import { sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { Keyring, SecretPlace } from '../secrets/keyring.ts';

/** What GitHub gave, in the open: never outlives the call it is for. */
export interface Tokens {
  access: string | null;
  refresh: string | null;
  accessExpiresAt: Date | null;
  refreshExpiresAt: Date | null;
}

/** The tokens of a connection with what is needed to renew them. */
export interface KeptTokens extends Tokens {
  version: number;
  renewedAt: Date;
}

interface Row {
  access_token: string | null;
  refresh_token: string | null;
  access_expires_at: Date | null;
  refresh_expires_at: Date | null;
  version: number;
  renewed_at: Date;
}

interface Whose {
  workspaceId: string;
  connectionId: string;
}

const place = (whose: Whose, column: 'access_token' | 'refresh_token'): SecretPlace => ({
  workspaceId: whose.workspaceId,
  table: 'connection_secrets',
  column,
  row: whose.connectionId,
});

/** The tokens of a connection; null where there are none. */
export async function readTokens(
  trx: WorkspaceTransaction,
  keyring: Keyring,
  whose: Whose,
): Promise<KeptTokens | null> {
  const { rows } = await sql<Row>`
    select access_token, refresh_token, access_expires_at, refresh_expires_at, version, renewed_at
    from connection_secrets where workspace_id = ${ownWorkspace} and connection_id = ${whose.connectionId}::uuid`.execute(
    trx,
  );
  const [row] = rows;
  if (row === undefined) return null;
  const open = (sealed: string | null, column: 'access_token' | 'refresh_token'): string | null =>
    sealed === null ? null : keyring.open(sealed, place(whose, column));
  return {
    access: open(row.access_token, 'access_token'),
    refresh: open(row.refresh_token, 'refresh_token'),
    accessExpiresAt: row.access_expires_at,
    refreshExpiresAt: row.refresh_expires_at,
    version: row.version,
    renewedAt: row.renewed_at,
  };
}

/** Puts new tokens in the place of the old ones. With `holder` only while that one has the lease: whoever lost it writes nothing. */
export async function writeTokens(
  trx: WorkspaceTransaction,
  keyring: Keyring,
  { tokens, holder, ...whose }: Whose & { tokens: Tokens; holder?: string },
): Promise<boolean> {
  const seal = (plain: string | null, column: 'access_token' | 'refresh_token'): string | null =>
    plain === null ? null : keyring.seal(plain, place(whose, column));
  const access = seal(tokens.access, 'access_token');
  const refresh = seal(tokens.refresh, 'refresh_token');
  const written =
    holder === undefined
      ? await sql`
          insert into connection_secrets as s (
            workspace_id, connection_id, access_token, refresh_token, access_expires_at, refresh_expires_at
          ) values (
            ${whose.workspaceId}, ${whose.connectionId}, ${access}, ${refresh}, ${tokens.accessExpiresAt}, ${tokens.refreshExpiresAt}
          )
          on conflict (workspace_id, connection_id) do update set
            access_token = excluded.access_token, refresh_token = excluded.refresh_token,
            access_expires_at = excluded.access_expires_at, refresh_expires_at = excluded.refresh_expires_at,
            version = s.version + 1, renewed_at = now(), lease_owner = null, lease_until = null`.execute(trx)
      : await sql`
          update connection_secrets set
            access_token = ${access}, refresh_token = ${refresh}, access_expires_at = ${tokens.accessExpiresAt},
            refresh_expires_at = ${tokens.refreshExpiresAt}, version = version + 1, renewed_at = now(), lease_owner = null,
            lease_until = null
          where workspace_id = ${ownWorkspace} and connection_id = ${whose.connectionId}::uuid and lease_owner = ${holder}`.execute(
          trx,
        );
  return (written.numAffectedRows ?? 0n) > 0n;
}

/** Takes the tokens out of the store, at once and for good; what was there is answered so that GitHub can be told. */
export async function forgetTokens(
  trx: WorkspaceTransaction,
  keyring: Keyring,
  whose: Whose,
): Promise<KeptTokens | null> {
  const kept = await readTokens(trx, keyring, whose);
  await sql`
    delete from connection_secrets
    where workspace_id = ${ownWorkspace} and connection_id = ${whose.connectionId}::uuid`.execute(trx);
  return kept;
}

const leaseSeconds = 30;

/**
 * The right to renew this version of the tokens, for one process at a time. A holder that died is followed after half a minute.
 * No transaction stays open over the network for it.
 */
export async function takeRenewal(
  trx: WorkspaceTransaction,
  connectionId: string,
  version: number,
  holder: string,
): Promise<boolean> {
  const taken = await sql`
    update connection_secrets set lease_owner = ${holder}, lease_until = now() + make_interval(secs => ${leaseSeconds})
    where workspace_id = ${ownWorkspace} and connection_id = ${connectionId}::uuid and version = ${version}
      and (lease_until is null or lease_until < now())`.execute(trx);
  return (taken.numAffectedRows ?? 0n) > 0n;
}

export async function endRenewal(trx: WorkspaceTransaction, connectionId: string, holder: string): Promise<void> {
  await sql`
    update connection_secrets set lease_owner = null, lease_until = null
    where workspace_id = ${ownWorkspace} and connection_id = ${connectionId}::uuid and lease_owner = ${holder}`.execute(
    trx,
  );
}

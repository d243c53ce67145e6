import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { DeviceTokens } from '@devpulse/contract/wire/devices';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { auditActor, recordAudit } from '../audit/record-audit.ts';
import { isToken } from '../tokens/token-format.ts';
import type { AccessTokens } from './access-token.ts';
import { type DeviceSecrets, isSignedBy, makeSeed } from './device-secrets.ts';
import { type DeviceRow, giveTokens } from './give-tokens.ts';

interface RotationRow extends DeviceRow {
  outcome: 'unknown' | 'ended' | 'barred' | 'rotated' | 'repeated' | 'replayed';
  name: string;
}

interface KnownToken {
  device_id: string;
  workspace_id: string;
  seed: Buffer;
  public_key: Buffer | null;
}

/**
 * Gives new tokens for a refresh token, which counts once. Its successor is computed from it, so that whoever asks again within
 * ten seconds, because the answer was lost or because several threads asked at once, gets the same one and no branch.
 */
export async function refreshTokens(wish: {
  store: Store;
  secrets: DeviceSecrets;
  accessTokens: AccessTokens;
  refreshToken: string;
  signature: string | undefined;
  request: FastifyRequest;
}): Promise<DeviceTokens> {
  const { store, secrets, refreshToken, request } = wish;
  if (!isToken(refreshToken, 'refresh'))
    throw new AppError('unauthenticated', 'This is no refresh token of DevPulse; it may have been cut short.');
  const hash = secrets.hashRefresh(refreshToken);
  const known = await lookAt(store, hash);
  if (known === null) throw mustPair('This refresh token is unknown.');
  // The token stays as it was: a thief without the key must not be able to use it up either.
  if (known.public_key !== null && !isSignedBy(known.public_key, refreshToken, wish.signature))
    throw new AppError('unauthenticated', 'This device paired with a key, and the token is not signed by it.');
  const successor = secrets.follow(refreshToken, known.seed);
  const row = await store.inWorkspace(known.workspace_id, async (trx) => {
    const rotation = await rotate(trx, hash, secrets.hashRefresh(successor));
    if (rotation.outcome === 'replayed') await noteReplay(trx, rotation, request);
    return rotation;
  });
  switch (row.outcome) {
    case 'rotated':
    case 'repeated':
      return giveTokens(wish.accessTokens, row, successor);
    case 'replayed':
      throw mustPair('This refresh token was used before. All tokens of the device were revoked.');
    case 'barred':
      throw new AppError('unauthenticated', 'Its person is no member of the workspace at the moment.');
    default:
      throw mustPair('This device was revoked, or was not used for too long.');
  }
}

/** A device that goes by itself: everything it was given ends. Says nothing of a token that is unknown. */
export async function leaveDevice(wish: {
  store: Store;
  secrets: DeviceSecrets;
  refreshToken: string;
  request: FastifyRequest;
}): Promise<void> {
  const { store, secrets, request } = wish;
  if (!isToken(wish.refreshToken, 'refresh')) return;
  const hash = secrets.hashRefresh(wish.refreshToken);
  const known = await lookAt(store, hash);
  if (known === null) return;
  await store.inWorkspace(known.workspace_id, async (trx) => {
    const { rows } = await sql<{ device_id: string; account_id: string; name: string }>`
      select * from end_own_device(${hash})`.execute(trx);
    const device = rows[0];
    if (device === undefined) return;
    await recordAudit(trx, {
      actor: { ...auditActor(request), accountId: device.account_id, via: 'device' },
      action: 'device.revoked',
      target: { kind: 'device', id: device.device_id, name: device.name },
    });
  });
}

async function lookAt(store: Store, hash: Buffer): Promise<KnownToken | null> {
  const { rows } = await sql<KnownToken>`select * from look_at_refresh(${hash})`.execute(store.app);
  return rows[0] ?? null;
}

async function rotate(trx: WorkspaceTransaction, hash: Buffer, nextHash: Buffer): Promise<RotationRow> {
  const { rows } = await sql<RotationRow>`
    select * from rotate_refresh(${hash}, ${nextHash}, ${makeSeed()})`.execute(trx);
  const row = rows[0];
  if (row === undefined) throw new Error('a function always gives a row');
  return row;
}

async function noteReplay(trx: WorkspaceTransaction, row: RotationRow, request: FastifyRequest): Promise<void> {
  await recordAudit(trx, {
    actor: { ...auditActor(request), accountId: row.account_id },
    action: 'device.stopped',
    target: { kind: 'device', id: row.device_id, name: row.name },
  });
}

function mustPair(what: string): AppError {
  return new AppError('unauthenticated', `${what} Pair the device again.`);
}

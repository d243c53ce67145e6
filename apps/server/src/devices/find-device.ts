import { sql } from 'kysely';
import { type Role, scopeNames } from '@devpulse/contract/permissions';
import type { Store } from '@devpulse/db/open-store';
import type { Viewer } from '../deps.ts';
import type { AccessClaims } from './access-token.ts';

interface DeviceRow {
  workspace_id: string;
  device_id: string;
  account_id: string;
  person_id: string;
  role: Role;
}

/** Who acts through this device at this moment; null when it was ended, or its version is another one by now. */
export async function findDevice(store: Store, claims: AccessClaims): Promise<Viewer | null> {
  const { rows } = await sql<DeviceRow>`
    select * from find_device(${claims.deviceId}, ${claims.version})`.execute(store.app);
  const row = rows[0];
  if (row === undefined) return null;
  return {
    workspaceId: row.workspace_id,
    personId: row.person_id,
    role: row.role,
    via: 'device',
    tokenId: null,
    sessionId: null,
    deviceId: row.device_id,
    accountId: row.account_id,
    scopes: scopeNames,
  };
}

/** Writes down that a device was used, at most once a minute. */
export async function noteDevice(store: Store, deviceId: string): Promise<void> {
  await sql`select touch_device(${deviceId})`.execute(store.app);
}

/** The claims in the bytes that a proof is made of: the device, then its version. */
export function packClaims({ deviceId, version }: AccessClaims): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.write(deviceId.replaceAll('-', ''), 0, 'hex');
  bytes.writeInt32BE(version, 16);
  return bytes;
}

export function unpackClaims(bytes: Buffer): AccessClaims {
  const hex = bytes.toString('hex', 0, 16);
  const deviceId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return { deviceId, version: bytes.readInt32BE(16) };
}

import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { StartedPairing, StartPairing } from '@devpulse/contract/wire/devices';
import type { Store } from '@devpulse/db/open-store';
import { type DeviceSecrets, makeDeviceCode, makeSeed, makeUserCode } from './device-secrets.ts';

const intervalSeconds = 5;

/** A device asks to be paired: it gets a long code to ask with and a short one to show. */
export async function startPairing(wish: {
  store: Store;
  secrets: DeviceSecrets;
  device: StartPairing;
  address: string;
  /** Where people open this instance. */
  origin: string;
}): Promise<StartedPairing> {
  const { secrets, device } = wish;
  const deviceCode = makeDeviceCode();
  const userCode = makeUserCode();
  const key = device.publicKey === undefined ? null : Buffer.from(device.publicKey, 'base64url');
  const { rows } = await sql<{ ends: Date | null }>`select open_pairing(
    ${secrets.hashDeviceCode(deviceCode)}, ${secrets.hashUserCode(userCode)}, ${makeSeed()}, ${device.name},
    ${device.system ?? ''}, ${device.program ?? ''}, ${wish.address}, ${key}
  ) as ends`.execute(wish.store.app);
  const ends = rows[0]?.ends;
  if (ends == null)
    throw new AppError('busy', 'Too many devices wait to be paired; ask again when one of those codes has ended.');
  return {
    deviceCode,
    userCode,
    verificationUri: `${wish.origin}/pair`,
    verificationUriComplete: `${wish.origin}/pair#${userCode}`,
    expiresInSeconds: Math.max(0, Math.round((ends.getTime() - Date.now()) / 1000)),
    intervalSeconds,
  };
}

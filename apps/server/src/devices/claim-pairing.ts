import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { DeviceTokens } from '@devpulse/contract/wire/devices';
import { newId } from '@devpulse/db/ids';
import type { Store } from '@devpulse/db/open-store';
import type { AccessTokens } from './access-token.ts';
import { type DeviceSecrets, makeSeed } from './device-secrets.ts';
import { type DeviceRow, giveTokens } from './give-tokens.ts';

interface ClaimRow extends DeviceRow {
  outcome: 'unknown' | 'used' | 'expired' | 'pending' | 'too_soon' | 'denied' | 'paired';
  wait_s: number;
}

/** There is nothing to give yet; says how many seconds to wait before asking again. */
export class AskAgain extends AppError {
  readonly waitSeconds: number;

  constructor(waitSeconds: number, code: 'pairing_pending' | 'too_many_requests') {
    const words =
      code === 'pairing_pending'
        ? 'Nobody has approved this device yet.'
        : `That was too soon. Ask every ${waitSeconds} seconds from now on.`;
    super(code, words);
    this.waitSeconds = waitSeconds;
  }
}

/** Gives a device its first tokens, once somebody has approved it. */
export async function claimPairing(wish: {
  store: Store;
  secrets: DeviceSecrets;
  accessTokens: AccessTokens;
  deviceCode: string;
}): Promise<DeviceTokens> {
  const { store, secrets, deviceCode } = wish;
  const hash = secrets.hashDeviceCode(deviceCode);
  const { rows: seeds } = await sql<{ seed: Buffer | null }>`
    select look_at_device_code(${hash}) as seed`.execute(store.app);
  const seed = seeds[0]?.seed;
  if (seed == null) throw ended();
  const refreshToken = secrets.follow(deviceCode, seed);
  const { rows } = await sql<ClaimRow>`
    select * from claim_pairing(${hash}, ${newId()}, ${secrets.hashRefresh(refreshToken)}, ${makeSeed()})
  `.execute(store.app);
  const row = rows[0];
  switch (row?.outcome) {
    case 'paired':
      return giveTokens(wish.accessTokens, row, refreshToken);
    case 'pending':
      throw new AskAgain(row.wait_s, 'pairing_pending');
    case 'too_soon':
      throw new AskAgain(row.wait_s, 'too_many_requests');
    case 'denied':
      throw new AppError('pairing_denied', 'Whoever looked at the code denied this device.');
    default:
      throw ended();
  }
}

function ended(): AppError {
  return new AppError('pairing_expired', 'This code has ended or was used; ask for a new one.');
}

import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { DeviceTokens } from '@devpulse/contract/wire/devices';
import { newId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { auditActor, recordAudit } from '../audit/record-audit.ts';
import type { AccessTokens } from './access-token.ts';
import { type DeviceSecrets, makeSeed } from './device-secrets.ts';
import { type DeviceRow, giveTokens } from './give-tokens.ts';

interface ClaimRow extends DeviceRow {
  outcome: 'unknown' | 'used' | 'replayed' | 'expired' | 'pending' | 'too_soon' | 'denied' | 'paired';
  wait_s: number;
}

interface KnownPairing {
  seed: Buffer;
  /** Null: nobody approved it yet. */
  workspace_id: string | null;
  name: string;
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
  request: FastifyRequest;
}): Promise<DeviceTokens> {
  const { secrets, deviceCode } = wish;
  const hash = secrets.hashDeviceCode(deviceCode);
  const { rows } = await sql<KnownPairing>`select * from look_at_device_code(${hash})`.execute(wish.store.app);
  const known = rows[0];
  if (known === undefined) throw ended();
  const refreshToken = secrets.follow(deviceCode, known.seed);
  const row = await claim(wish, known, { hash, tokenHash: secrets.hashRefresh(refreshToken) });
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

/** In the workspace where it was approved, so that what it does to a device is noted with it. */
async function claim(
  { store, request }: { store: Store; request: FastifyRequest },
  known: KnownPairing,
  { hash, tokenHash }: { hash: Buffer; tokenHash: Buffer },
): Promise<ClaimRow | undefined> {
  const ask = async (db: Store['app'] | WorkspaceTransaction): Promise<ClaimRow | undefined> => {
    const { rows } = await sql<ClaimRow>`
      select * from claim_pairing(${hash}, ${newId()}, ${tokenHash}, ${makeSeed()})`.execute(db);
    return rows[0];
  };
  if (known.workspace_id === null) return ask(store.app);
  return store.inWorkspace(known.workspace_id, async (trx) => {
    const row = await ask(trx);
    if (row?.outcome === 'replayed')
      await recordAudit(trx, {
        actor: { ...auditActor(request), accountId: row.account_id },
        action: 'device.stopped',
        target: { kind: 'device', id: row.device_id, name: known.name },
      });
    return row;
  });
}

function ended(): AppError {
  return new AppError('pairing_expired', 'This code has ended or was used; ask for a new one.');
}

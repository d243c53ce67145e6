import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { PairingView } from '@devpulse/contract/wire/devices';
import type { Store } from '@devpulse/db/open-store';
import { auditActor, recordAudit } from '../audit/record-audit.ts';
import { type DeviceSecrets, readUserCode } from './device-secrets.ts';

interface PairingRow {
  name: string;
  system: string;
  program: string;
  address: string;
  has_key: boolean;
  created_at: Date;
  expires_at: Date;
  approved: boolean | null;
}

/** What waits behind a short code. */
export async function lookAtPairing(question: {
  store: Store;
  secrets: DeviceSecrets;
  userCode: string;
  request: FastifyRequest;
}): Promise<PairingView> {
  const { store, secrets, request } = question;
  const code = demandCode(question.userCode);
  const { rows } = await sql<PairingRow>`
    select * from look_at_pairing(${request.proof.hash}, ${secrets.hashUserCode(code)})`.execute(store.app);
  const row = rows[0];
  if (row === undefined) throw noSuchCode();
  return {
    name: row.name,
    system: row.system,
    program: row.program,
    address: row.address,
    hasKey: row.has_key,
    askedAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    state: row.approved === null ? 'waiting' : row.approved ? 'approved' : 'denied',
  };
}

/** Approves or denies a device, in the name of whoever is signed in and for the workspace they act in. */
export async function answerPairing(wish: {
  store: Store;
  secrets: DeviceSecrets;
  userCode: string;
  approve: boolean;
  name: string | null;
  request: FastifyRequest;
}): Promise<void> {
  const { store, secrets, request, approve } = wish;
  const code = demandCode(wish.userCode);
  await store.inWorkspace(request.viewer.workspaceId, async (trx) => {
    const { rows } = await sql<Pick<PairingRow, 'name' | 'system' | 'program' | 'address'>>`
      select * from answer_pairing(${request.proof.hash}, ${secrets.hashUserCode(code)}, ${approve}, ${wish.name})
    `.execute(trx);
    const device = rows[0];
    if (device === undefined) throw noSuchCode();
    await recordAudit(trx, {
      actor: auditActor(request),
      action: approve ? 'device.approved' : 'device.denied',
      target: { kind: 'pairing', id: request.id, name: device.name },
      after: device,
    });
  });
}

function demandCode(typed: string): string {
  const code = readUserCode(typed);
  if (code === null)
    throw new AppError('invalid_request', 'This is no code of a device: it has eight letters, such as WDJB-MJHT.', {
      problems: [{ path: 'body.userCode', message: 'has eight letters, such as WDJB-MJHT' }],
    });
  return code;
}

/** Said of every code that is not open to this person, whatever the reason. */
function noSuchCode(): AppError {
  return new AppError('not_found', 'No device waits behind this code: it was mistyped, was answered, or has ended.');
}

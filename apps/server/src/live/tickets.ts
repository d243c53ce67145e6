import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { isId } from '@devpulse/db/ids';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { Proof } from '../deps.ts';

const secondsMax = 30;

/** A ticket that opens the live channel once, wherever it is shown within 30 seconds, in the name of a token or session. */
export async function createTicket(
  store: Store,
  workspaceId: string,
  proof: Proof,
): Promise<{ ticket: string; expiresAt: string }> {
  // The workspace in front says where to look it up; only the rest proves anything.
  const ticket = `${workspaceId}.${randomBytes(32).toString('base64url')}`;
  const expiresAt = await store.inWorkspace(workspaceId, async (trx) => {
    await sql`delete from live_tickets where workspace_id = ${ownWorkspace} and expires_at < now()`.execute(trx);
    const { rows } = await sql<{ expires_at: Date }>`
      insert into live_tickets (workspace_id, ticket_hash, proof_kind, proof_hash, expires_at)
      values (${workspaceId}, ${hash(ticket)}, ${proof.kind}, ${proof.hash}, now() + make_interval(secs => ${secondsMax}))
      returning expires_at`.execute(trx);
    return rows[0]?.expires_at ?? new Date(0);
  });
  return { ticket, expiresAt: expiresAt.toISOString() };
}

/** Uses a ticket up and gives what it stands for; of two who show the same one, one gets in. */
export async function spendTicket(store: Store, ticket: string): Promise<Proof> {
  const workspaceId = ticket.split('.', 1)[0] ?? '';
  const proof = isId(workspaceId) ? await take(store, workspaceId, ticket) : null;
  if (proof === null)
    throw new AppError('unauthenticated', 'This ticket was used, is older than 30 seconds or was never given out.');
  return proof;
}

async function take(store: Store, workspaceId: string, ticket: string): Promise<Proof | null> {
  const { rows } = await store.inWorkspace(workspaceId, (trx) =>
    sql<Proof & { counts: boolean }>`
      delete from live_tickets where workspace_id = ${ownWorkspace} and ticket_hash = ${hash(ticket)}
      returning proof_kind as kind, proof_hash as hash, expires_at > now() as counts`.execute(trx),
  );
  const row = rows[0];
  return row?.counts === true ? { kind: row.kind, hash: row.hash } : null;
}

function hash(ticket: string): Buffer {
  return createHash('sha256').update('devpulse live ticket 1\n').update(ticket).digest();
}

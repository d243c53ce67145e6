import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { describeIdentity, type IdentityRow, identityQuery } from './select-identities.ts';

/**
 * Whoever signed in as an identity is that identity, whatever anybody says: it moves when somebody else signs in as it, or once
 * the proof itself was taken back, which is a decision that the log keeps.
 */
export async function refuseProven(
  trx: WorkspaceTransaction,
  moves: readonly { identityId: string; from: string }[],
): Promise<void> {
  if (moves.length === 0) return;
  const ids = moves.map((move) => move.identityId);
  const { rows } = await sql<IdentityRow>`${identityQuery(sql`
    i.workspace_id = ${ownWorkspace} and i.id = any(${ids}::uuid[]) and exists (
      select 1 from people_link_log d
      where d.workspace_id = i.workspace_id and d.identity_id = i.id and d.to_person_id = l.person_id
        and d.proof is not null and d.undone_at is null
    )`)} order by i.id`.execute(trx);
  if (rows.length === 0) return;
  throw new AppError(
    'conflict',
    `${rows.map(describeIdentity).join(', ')} proved by signing in whose this is. Take that back among the decisions first.`,
  );
}

import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { LinkOutcome } from '@devpulse/contract/wire/people';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { AuditActor } from '../audit/record-audit.ts';
import { undoLink } from './undo-link.ts';

/**
 * Takes back what one's own sign-in proved: an account that several people share is nobody's. What others decided is theirs to
 * take back.
 */
export async function disownIdentity(asked: {
  store: Store;
  workspaceId: string;
  personId: string;
  identityId: string;
  actor: AuditActor;
}): Promise<LinkOutcome> {
  const { store, workspaceId, personId, actor } = asked;
  const batchId = await store.inWorkspace(workspaceId, async (trx) => {
    const { rows } = await sql<{ batch_id: string }>`
      select d.batch_id from people_link_log d
      join people_links l on l.workspace_id = d.workspace_id and l.identity_id = d.identity_id and l.person_id = d.to_person_id
      where d.workspace_id = ${ownWorkspace} and d.identity_id = ${asked.identityId} and d.to_person_id = ${personId}
        and d.proof is not null and d.undone_at is null
      order by d.decided_at desc limit 1`.execute(trx);
    return rows[0]?.batch_id;
  });
  if (batchId === undefined)
    throw new AppError(
      'not_found',
      'Signing in has not proved that this is you; whoever says who is who can change it.',
    );
  return undoLink({ store, workspaceId, batchId, by: personId, actor });
}

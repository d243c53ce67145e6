import { AppError } from '@devpulse/contract/errors';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { recordAudit } from '../audit/record-audit.ts';
import { announceChange } from '../live/announce-change.ts';
import {
  type ActingAs,
  endInvitationsOf,
  lockMembers,
  readActingRole,
  readKind,
  readMembership,
} from './lock-members.ts';

/** Makes another member an owner and whoever asks an admin, both or neither. */
export async function handOver(wish: {
  store: Store;
  workspaceId: string;
  personId: string;
  as: ActingAs & { personId: string };
}): Promise<void> {
  const { store, workspaceId, personId, as } = wish;
  await store.inWorkspace(workspaceId, async (trx) => {
    await lockMembers(trx);
    if ((await readKind(trx)) !== 'team')
      throw new AppError('conflict', 'Only the workspace of a team can be handed over.');
    if ((await readActingRole(trx, as)) !== 'owner')
      throw new AppError('forbidden', 'Only an owner can hand the workspace over.');
    if (personId === as.personId) throw new AppError('conflict', 'It is yours already; choose somebody else.');
    const heir = await readMembership(trx, personId);
    const account = await trx
      .selectFrom('account_members')
      .where('workspace_id', '=', ownWorkspace)
      .select('account_id')
      .where('person_id', '=', personId)
      .executeTakeFirst();
    if (heir.deactivatedAt !== null || account === undefined)
      throw new AppError('conflict', 'Only an active member who signs in can take the workspace over.');
    await trx
      .updateTable('people_members')
      .where('workspace_id', '=', ownWorkspace)
      .set({ role: 'owner' })
      .where('person_id', '=', personId)
      .execute();
    await trx
      .updateTable('people_members')
      .where('workspace_id', '=', ownWorkspace)
      .set({ role: 'admin' })
      .where('person_id', '=', as.personId)
      .execute();
    await endInvitationsOf(trx, as.personId, 'admin');
    await recordAudit(trx, {
      actor: as.actor,
      action: 'workspace.handed_over',
      target: { kind: 'person', id: personId },
      before: { owner: as.personId, role: heir.role },
      after: { owner: personId, role: 'owner' },
    });
    await announceChange(trx, workspaceId, { people: true });
  });
}

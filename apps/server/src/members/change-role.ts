import { AppError } from '@devpulse/contract/errors';
import type { Role } from '@devpulse/contract/permissions';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { recordAudit } from '../audit/record-audit.ts';
import { announceChange } from '../live/announce-change.ts';
import {
  type ActingAs,
  demandOtherOwner,
  demandWithin,
  endInvitationsOf,
  lockMembers,
  readActingRole,
  readMembership,
} from './lock-members.ts';

/** Gives a member another role, which counts from their next request. */
export async function changeRole(wish: {
  store: Store;
  workspaceId: string;
  personId: string;
  role: Role;
  as: ActingAs;
}): Promise<void> {
  const { store, workspaceId, personId, role, as } = wish;
  await store.inWorkspace(workspaceId, async (trx) => {
    await lockMembers(trx);
    const acting = await readActingRole(trx, as);
    const member = await readMembership(trx, personId);
    demandWithin(acting, member.role);
    demandWithin(acting, role);
    if (member.role === role) return;
    if (member.deactivatedAt !== null)
      throw new AppError('conflict', 'They are not active here. Reactivate them first, then change the role.');
    if (member.role === 'owner') await demandOtherOwner(trx, personId);
    await trx
      .updateTable('people_members')
      .where('workspace_id', '=', ownWorkspace)
      .set({ role })
      .where('person_id', '=', personId)
      .execute();
    await endInvitationsOf(trx, personId, role);
    await recordAudit(trx, {
      actor: as.actor,
      action: 'member.role_changed',
      target: { kind: 'person', id: personId },
      before: { role: member.role },
      after: { role },
    });
    await announceChange(trx, workspaceId, { people: true });
  });
}

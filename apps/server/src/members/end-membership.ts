import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { recordAudit } from '../audit/record-audit.ts';
import { cutConnectionsOf } from '../connections/cut-connections.ts';
import { announceChange } from '../live/announce-change.ts';
import {
  type ActingAs,
  demandOtherOwner,
  demandWithin,
  endInvitationsOf,
  lockMembers,
  readActingRole,
  readKind,
  readMembership,
} from './lock-members.ts';

export interface OnMember {
  store: Store;
  workspaceId: string;
  personId: string;
  as: ActingAs;
}

/**
 * Takes a member out: from the next request neither session nor token of theirs counts here. What they did stays; figures about
 * later days leave them out.
 */
export async function deactivateMember({ store, workspaceId, personId, as }: OnMember): Promise<void> {
  await store.inWorkspace(workspaceId, async (trx) => {
    await lockMembers(trx);
    const acting = await readActingRole(trx, as);
    const member = await readMembership(trx, personId);
    demandWithin(acting, member.role);
    if (personId === as.personId) throw new AppError('conflict', 'That is you. Leave the workspace instead.');
    if (member.deactivatedAt !== null) return;
    if (member.role === 'owner') await demandOtherOwner(trx, personId);
    await pause(trx, personId, as.personId);
    await cutConnectionsOf(trx, { workspaceId, personId, actor: as.actor });
    await recordAudit(trx, {
      actor: as.actor,
      action: 'member.deactivated',
      target: { kind: 'person', id: personId },
      before: { role: member.role },
    });
    await announceChange(trx, workspaceId, { people: true });
  });
}

/** Leaves the workspace. Whoever wants to come back is invited again. */
export async function leaveWorkspace({ store, workspaceId, as }: Omit<OnMember, 'personId'>): Promise<void> {
  const { personId } = as;
  if (personId === null) throw new Error('only a person can leave');
  await store.inWorkspace(workspaceId, async (trx) => {
    await lockMembers(trx);
    const kind = await readKind(trx);
    if (kind === 'personal')
      throw new AppError('conflict', 'A personal workspace goes with its account; it cannot be left.');
    const member = await readMembership(trx, personId);
    if (member.deactivatedAt !== null) return;
    if (member.role === 'owner') await demandOtherOwner(trx, personId);
    await pause(trx, personId, personId);
    await cutConnectionsOf(trx, { workspaceId, personId, actor: as.actor });
    await recordAudit(trx, {
      actor: as.actor,
      action: 'member.left',
      target: { kind: 'person', id: personId },
      before: { role: member.role },
    });
    await announceChange(trx, workspaceId, { people: true });
  });
}

/** Lets a deactivated member back in, with the role they had. */
export async function reactivateMember({ store, workspaceId, personId, as }: OnMember): Promise<void> {
  await store.inWorkspace(workspaceId, async (trx) => {
    await lockMembers(trx);
    const acting = await readActingRole(trx, as);
    const member = await readMembership(trx, personId);
    demandWithin(acting, member.role);
    if (member.deactivatedAt === null) return;
    if (member.deactivatedBy === personId)
      throw new AppError('conflict', 'They left by themselves. Invite them again, so that they can decide.');
    await resume(trx, personId, as.personId);
    await recordAudit(trx, {
      actor: as.actor,
      action: 'member.reactivated',
      target: { kind: 'person', id: personId },
      after: { role: member.role },
    });
    await announceChange(trx, workspaceId, { people: true });
  });
}

async function pause(trx: WorkspaceTransaction, personId: string, by: string | null): Promise<void> {
  await sql`
    with paused as (
      update people_members set deactivated_at = clock_timestamp(), deactivated_by = ${by}
      where workspace_id = ${ownWorkspace} and person_id = ${personId} returning workspace_id, deactivated_at
    )
    insert into people_member_pauses (workspace_id, person_id, began_at, began_by)
    select workspace_id, ${personId}::uuid, deactivated_at, ${by}::uuid from paused`.execute(trx);
  await endInvitationsOf(trx, personId, null);
}

/** Makes a member active again, inside a transaction that does more. */
export async function resume(trx: WorkspaceTransaction, personId: string, by: string | null): Promise<void> {
  await sql`update people_members set deactivated_at = null, deactivated_by = null where workspace_id = ${ownWorkspace} and person_id = ${personId}`.execute(
    trx,
  );
  await sql`
    update people_member_pauses set ended_at = clock_timestamp(), ended_by = ${by}
    where workspace_id = ${ownWorkspace} and person_id = ${personId} and ended_at is null`.execute(trx);
}

import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { newId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { hashSecret } from '../accounts/secret-format.ts';
import { type AuditActor, recordAudit } from '../audit/record-audit.ts';
import { announceChange } from '../live/announce-change.ts';
import { resume } from './end-membership.ts';
import { type InvitationRow, selectInvitations } from './invitation-rows.ts';
import { joinTeam } from './join-team.ts';
import { lockMembers, readMembership } from './lock-members.ts';
import { lookAtInvitation, unknownLink } from './look-at-invitation.ts';

const over: Readonly<Record<string, string>> = {
  accepted: 'This invitation was accepted already; each counts once. If that was not you, ask for a new one.',
  declined: 'This invitation was declined. Ask for a new one if that was a mistake.',
  revoked: 'This invitation was taken back. Ask whoever sent it.',
  expired: 'This invitation has expired. Ask for a new one: whoever sent it can renew it.',
};

/** Who accepts. */
export interface Guest {
  accountId: string;
  /** What they will be called in the workspace, and the zone they have chosen for themselves. */
  name: string;
  zone: string | null;
}

/**
 * Makes the holder of the secret a member, once. Throws and uses nothing up where it is over, or made out to somebody else.
 * Whoever has no account yet gets it from `guest`, in the same transaction: of two with one link the second gets neither.
 */
export async function acceptInvitation(wish: {
  store: Store;
  secret: string;
  guest: (trx: WorkspaceTransaction, invitation: InvitationRow) => Promise<Guest>;
  actor: AuditActor;
  now: Date;
}): Promise<{ workspaceId: string; personId: string; guest: Guest }> {
  const { store, secret } = wish;
  const found = await lookAtInvitation(store, secret);
  if (found === null) throw unknownLink();
  const { workspaceId } = found;
  return store.inWorkspace(workspaceId, async (trx) => {
    await lockMembers(trx);
    const invitation = await take(trx, secret);
    const guest = await wish.guest(trx, invitation);
    await demandRecipient(trx, guest.accountId, invitation);
    const personId = await becomeMember(trx, { workspaceId, guest, invitation });
    await sql`
      update invitations set accepted_at = now(), accepted_by = ${personId} where workspace_id = ${ownWorkspace} and id = ${invitation.id}`.execute(
      trx,
    );
    const actor = { ...wish.actor, accountId: guest.accountId, personId };
    if (invitation.team_id !== null)
      await joinTeam(trx, { teamId: invitation.team_id, personId, newId: newId(), now: wish.now, actor });
    await recordAudit(trx, {
      actor,
      action: 'member.joined',
      target: { kind: 'person', id: personId },
      after: { role: invitation.role, invitation: invitation.id, invitedBy: invitation.invited_by },
    });
    await announceChange(trx, workspaceId, { people: true });
    return { workspaceId, personId, guest };
  });
}

/** Turns an invitation down; whoever holds the link may, since it is they who were asked. */
export async function declineInvitation(wish: { store: Store; secret: string; actor: AuditActor }): Promise<void> {
  const found = await lookAtInvitation(wish.store, wish.secret);
  if (found === null) throw unknownLink();
  await wish.store.inWorkspace(found.workspaceId, async (trx) => {
    await lockMembers(trx);
    const invitation = await take(trx, wish.secret);
    await sql`update invitations set declined_at = now() where workspace_id = ${ownWorkspace} and id = ${invitation.id}`.execute(
      trx,
    );
    await recordAudit(trx, {
      actor: wish.actor,
      action: 'invitation.declined',
      target: { kind: 'invitation', id: invitation.id, name: invitation.recipient || 'whoever holds the link' },
    });
    await announceChange(trx, found.workspaceId, { people: true });
  });
}

/** Under the lock of the members, so that of two who hold the same link one finds it used. */
async function take(trx: WorkspaceTransaction, secret: string): Promise<InvitationRow> {
  const [row] = await selectInvitations(trx, sql`i.token_hash = ${hashSecret('invitation', secret)}`, 1);
  if (row === undefined) throw unknownLink();
  if (row.state !== 'open') throw new AppError('conflict', over[row.state] ?? 'This invitation is over.');
  return row;
}

/** What was mailed to an address and shown to nobody proves the address by itself. */
async function demandRecipient(trx: WorkspaceTransaction, accountId: string, row: InvitationRow): Promise<void> {
  const { rows } = await sql<{ proof: 'yes' | 'unverified' | 'no' }>`
    select proves_recipient(${accountId}, ${row.kind}, ${row.recipient}) as proof`.execute(trx);
  const proof = rows[0]?.proof ?? 'no';
  if (proof === 'yes' || (proof === 'unverified' && row.mailed_at !== null)) return;
  throw new AppError(
    'forbidden',
    `${refusalOf(row, proof)} ${row.inviter} can instead make a link that anyone may accept.`,
  );
}

function refusalOf({ kind, recipient }: InvitationRow, proof: 'unverified' | 'no'): string {
  if (kind === 'github')
    return `This invitation is for the GitHub login ${recipient}. Link that GitHub account under Settings, Security, and open the link again.`;
  return proof === 'unverified'
    ? `This invitation is for ${recipient}, and that address of yours is not verified yet. Verify it under Settings, Security, and open the link again.`
    : `This invitation is for ${recipient}, which is not the address of this account. Sign in with the account that has it.`;
}

/** A new person, or the same as before where the account was a member once. */
async function becomeMember(
  trx: WorkspaceTransaction,
  join: { workspaceId: string; guest: Guest; invitation: InvitationRow },
): Promise<string> {
  const { workspaceId, guest, invitation } = join;
  const known = await trx
    .selectFrom('account_members')
    .where('workspace_id', '=', ownWorkspace)
    .select('person_id')
    .where('account_id', '=', guest.accountId)
    .executeTakeFirst();
  if (known !== undefined) {
    await comeBack(trx, known.person_id, invitation);
    return known.person_id;
  }
  const personId = newId();
  const { zone } = await trx
    .selectFrom('workspaces')
    .where('id', '=', ownWorkspace)
    .select('zone')
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('people')
    .values({
      workspace_id: workspaceId,
      id: personId,
      name: guest.name,
      zone: guest.zone === zone ? null : guest.zone,
    })
    .execute();
  await trx
    .insertInto('people_members')
    .values({ workspace_id: workspaceId, person_id: personId, role: invitation.role })
    .execute();
  await trx
    .insertInto('account_members')
    .values({ workspace_id: workspaceId, account_id: guest.accountId, person_id: personId })
    .execute();
  return personId;
}

async function comeBack(trx: WorkspaceTransaction, personId: string, invitation: InvitationRow): Promise<void> {
  const member = await readMembership(trx, personId);
  if (member.deactivatedAt === null)
    throw new AppError('conflict', 'You are a member of this workspace already; the invitation stays as it is.');
  // Whoever was taken out needs an invitation of their own: a link that lies around must not undo it.
  if (member.deactivatedBy !== personId && invitation.kind === 'link')
    throw new AppError(
      'forbidden',
      'Your membership was ended by whoever runs the workspace. Ask them to reactivate it.',
    );
  await resume(trx, personId, personId);
  await trx
    .updateTable('people_members')
    .where('workspace_id', '=', ownWorkspace)
    .set({ role: invitation.role })
    .where('person_id', '=', personId)
    .execute();
}

import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import {
  type InvitationKind,
  type InvitationView,
  invitationDays,
  type NewInvitation,
  type SentInvitation,
} from '@devpulse/contract/wire/members';
import { newId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { hashSecret, makeSecret } from '../accounts/secret-format.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { Mailer } from '../mail/mailer.ts';
import { selectInvitations, toInvitationView } from './invitation-rows.ts';
import { type ActingAs, demandWithin, lockMembers, readActingRole, readKind } from './lock-members.ts';
import { writeInvitation } from './write-invitation.ts';

/** How many invitations may be open in a workspace at once. */
const openMost = 100;
const keptDays = 90;

export interface SendInvitation {
  store: Store;
  workspaceId: string;
  as: ActingAs & { personId: string };
  /** Null where this instance cannot send mail. */
  mailer: Mailer | null;
  /** Where the screens are reached, for the link. */
  address: string;
}

/** Invites somebody. They are nothing in the workspace until they accept. */
export async function sendInvitation(wish: SendInvitation, invitation: NewInvitation): Promise<SentInvitation> {
  const secret = makeSecret();
  const made = await wish.store.inWorkspace(wish.workspaceId, async (trx) => {
    await lockMembers(trx);
    if ((await readKind(trx)) !== 'team')
      throw new AppError(
        'conflict',
        'Only the workspace of a team has members. Make this one a team’s, or make another.',
      );
    demandWithin(await readActingRole(trx, wish.as), invitation.role);
    await limitOpen(trx);
    if (invitation.teamId !== undefined) await demandTeam(trx, invitation.teamId);
    const id = await insertInvitation(trx, wish, invitation, secret);
    return readOne(trx, id);
  });
  return deliver(wish, made, secret);
}

/** Makes a new link for an invitation that is open or has expired; the link before it is worth nothing any more. */
export async function renewInvitation(wish: SendInvitation, id: string): Promise<SentInvitation> {
  const secret = makeSecret();
  const renewed = await wish.store.inWorkspace(wish.workspaceId, async (trx) => {
    await lockMembers(trx);
    const acting = await readActingRole(trx, wish.as);
    const before = await readOne(trx, id);
    demandWithin(acting, before.role);
    if (before.state !== 'open' && before.state !== 'expired')
      throw new AppError('conflict', `This invitation was ${before.state}; make a new one.`);
    await trx
      .updateTable('invitations')
      .where('workspace_id', '=', ownWorkspace)
      .set({
        token_hash: hashSecret('invitation', secret),
        expires_at: inDays(invitationDays),
        mailed_at: null,
        // Whoever renews it answers for it, and with their membership it ends.
        invited_by: wish.as.personId,
      })
      .where('id', '=', id)
      .execute();
    await recordAudit(trx, { actor: wish.as.actor, action: 'invitation.renewed', target: targetOf(before) });
    return readOne(trx, id);
  });
  return deliver(wish, renewed, secret);
}

/** Takes an invitation back; its link opens nothing from now on. */
export async function revokeInvitation(
  wish: Pick<SendInvitation, 'store' | 'workspaceId' | 'as'>,
  id: string,
): Promise<void> {
  await wish.store.inWorkspace(wish.workspaceId, async (trx) => {
    await lockMembers(trx);
    const acting = await readActingRole(trx, wish.as);
    const before = await readOne(trx, id);
    demandWithin(acting, before.role);
    if (before.state === 'revoked') return;
    if (before.state !== 'open' && before.state !== 'expired')
      throw new AppError('conflict', `This invitation was ${before.state} already.`);
    await sql`update invitations set revoked_at = now() where workspace_id = ${ownWorkspace} and id = ${id}`.execute(
      trx,
    );
    await recordAudit(trx, { actor: wish.as.actor, action: 'invitation.revoked', target: targetOf(before) });
  });
}

async function limitOpen(trx: WorkspaceTransaction): Promise<void> {
  await sql`delete from invitations where workspace_id = ${ownWorkspace} and expires_at < now() - make_interval(days => ${keptDays})`.execute(
    trx,
  );
  const open = await selectInvitations(
    trx,
    sql`i.accepted_at is null and i.declined_at is null and i.revoked_at is null and i.expires_at > now()`,
    openMost,
  );
  if (open.length >= openMost)
    throw new AppError('conflict', `${openMost} invitations are open. Revoke some that nobody will accept.`);
}

/** Whoever accepts would join nothing, and nobody would be told. */
async function demandTeam(trx: WorkspaceTransaction, teamId: string): Promise<void> {
  const team = await trx
    .selectFrom('teams')
    .where('workspace_id', '=', ownWorkspace)
    .select('id')
    .where('id', '=', teamId)
    .where('archived_at', 'is', null)
    .executeTakeFirst();
  if (team !== undefined) return;
  throw new AppError('invalid_request', 'There is no such team in this workspace; it may have been archived.', {
    problems: [{ path: 'body.teamId', message: 'must be a team of this workspace that is not archived' }],
  });
}

async function insertInvitation(
  trx: WorkspaceTransaction,
  wish: SendInvitation,
  invitation: NewInvitation,
  secret: string,
): Promise<string> {
  const id = newId();
  const recipient = recipientOf(invitation);
  await trx
    .insertInto('invitations')
    .values({
      workspace_id: wish.workspaceId,
      id,
      kind: invitation.kind,
      recipient,
      role: invitation.role,
      team_id: invitation.teamId ?? null,
      token_hash: hashSecret('invitation', secret),
      invited_by: wish.as.personId,
      expires_at: inDays(invitationDays),
    })
    .execute();
  await recordAudit(trx, {
    actor: wish.as.actor,
    action: 'invitation.sent',
    target: targetOf({ id, kind: invitation.kind, recipient }),
    after: { role: invitation.role, kind: invitation.kind, teamId: invitation.teamId ?? null },
  });
  return id;
}

function recipientOf(invitation: NewInvitation): string {
  if (invitation.kind === 'link') return '';
  return (invitation.kind === 'email' ? invitation.email : invitation.login).trim().toLowerCase();
}

/** Outside of the transaction: nothing in the store waits for a mail server. */
async function deliver(wish: SendInvitation, invitation: InvitationView, secret: string): Promise<SentInvitation> {
  const link = `${wish.address}/join#${secret}`;
  if (wish.mailer === null || invitation.kind !== 'email' || invitation.recipient === null)
    return { invitation, link, mailFault: null };
  const workspace = await wish.store.inWorkspace(wish.workspaceId, (trx) =>
    trx.selectFrom('workspaces').where('id', '=', ownWorkspace).select('name').executeTakeFirstOrThrow(),
  );
  try {
    await wish.mailer.send(writeInvitation({ invitation, to: invitation.recipient, workspace: workspace.name, link }));
  } catch (error) {
    return { invitation, link, mailFault: error instanceof Error ? error.message : String(error) };
  }
  const mailed = await wish.store.inWorkspace(wish.workspaceId, async (trx) => {
    // Only for the very link that was mailed: it may have been renewed meanwhile.
    await sql`
      update invitations set mailed_at = now()
      where workspace_id = ${ownWorkspace} and id = ${invitation.id} and token_hash = ${hashSecret('invitation', secret)}`.execute(
      trx,
    );
    return readOne(trx, invitation.id);
  });
  return { invitation: mailed, link: null, mailFault: null };
}

async function readOne(trx: WorkspaceTransaction, id: string): Promise<InvitationView> {
  const [row] = await selectInvitations(trx, sql`i.id = ${id}::uuid`, 1);
  if (row === undefined) throw new AppError('not_found', 'There is no such invitation in this workspace.');
  return toInvitationView(row);
}

function targetOf(invitation: { id: string; kind: InvitationKind; recipient: string | null }) {
  const name =
    invitation.recipient === null || invitation.recipient === '' ? 'whoever holds the link' : invitation.recipient;
  return { kind: 'invitation', id: invitation.id, name };
}

function inDays(days: number) {
  return sql<Date>`now() + make_interval(days => ${days})`;
}

import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { type Role, rolesWithin } from '@devpulse/contract/permissions';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { AuditActor } from '../audit/record-audit.ts';

/** Who changes something about members: a person of the workspace, or the operator at the command line (null). */
export interface ActingAs {
  personId: string | null;
  actor: AuditActor;
}

/** Somebody's place in the workspace. */
export interface Membership {
  personId: string;
  role: Role;
  deactivatedAt: Date | null;
  deactivatedBy: string | null;
}

/**
 * Lets one transaction at a time change who is what in the workspace. Two owners who lower each other at once would otherwise
 * each see the other one left.
 */
export async function lockMembers(trx: WorkspaceTransaction): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(hashtextextended('devpulse members ' || current_setting('app.workspace'), 0))`.execute(
    trx,
  );
}

/** The kind of the transaction's workspace. */
export async function readKind(trx: WorkspaceTransaction): Promise<'personal' | 'team' | 'demo'> {
  const workspace = await trx.selectFrom('workspaces').where('id', '=', ownWorkspace).select('kind').executeTakeFirst();
  if (workspace === undefined) throw new AppError('not_found', 'There is no such workspace any more.');
  return workspace.kind;
}

/** A member of the workspace, active or not. */
export async function readMembership(trx: WorkspaceTransaction, personId: string): Promise<Membership> {
  const row = await trx
    .selectFrom('people_members')
    .where('workspace_id', '=', ownWorkspace)
    .select(['person_id', 'role', 'deactivated_at', 'deactivated_by'])
    .where('person_id', '=', personId)
    .executeTakeFirst();
  if (row === undefined) throw new AppError('not_found', 'There is no such member in this workspace.');
  return {
    personId: row.person_id,
    role: row.role,
    deactivatedAt: row.deactivated_at,
    deactivatedBy: row.deactivated_by,
  };
}

/**
 * What whoever acts is at this moment, under the lock: the request was let in with the role it had when it came, which may have
 * been taken since. Throws unless they still run the workspace.
 */
export async function readActingRole(trx: WorkspaceTransaction, as: ActingAs): Promise<Role> {
  if (as.personId === null) return 'owner';
  const own = await readMembership(trx, as.personId);
  if (own.deactivatedAt !== null || rolesWithin(own.role).length === 0)
    throw new AppError('forbidden', `Your role here is ${own.role} by now; this is for: owner, admin.`);
  return own.role;
}

/** Throws when somebody with this role may not give or take that one. */
export function demandWithin(acting: Role, role: Role): void {
  if (rolesWithin(acting).includes(role)) return;
  throw new AppError('forbidden', 'Only an owner makes owners, and only an owner may change what an owner is.');
}

/** Is this the only active owner of the transaction's workspace? */
export async function isLastOwner(trx: WorkspaceTransaction, personId: string): Promise<boolean> {
  const owners = await trx
    .selectFrom('people_members')
    .where('workspace_id', '=', ownWorkspace)
    .select('person_id')
    .where('role', '=', 'owner')
    .where('deactivated_at', 'is', null)
    .execute();
  return owners.length === 1 && owners[0]?.person_id === personId;
}

/** Throws when the workspace would be left without this owner, and so without any. */
export async function demandOtherOwner(trx: WorkspaceTransaction, personId: string): Promise<void> {
  if (await isLastOwner(trx, personId))
    throw new AppError('conflict', 'A workspace has at least one owner. Make somebody else an owner first.');
}

/**
 * Ends what somebody offered, nobody accepted yet, and they could not offer any more: whoever does not run the workspace must not
 * let people in by a link that is still on its way.
 */
export async function endInvitationsOf(trx: WorkspaceTransaction, personId: string, now: Role | null): Promise<void> {
  const within = now === null ? [] : rolesWithin(now);
  await sql`
    update invitations set revoked_at = now()
    where workspace_id = ${ownWorkspace} and invited_by = ${personId} and accepted_at is null and declined_at is null and revoked_at is null
      and not (role = any(${[...within]}::text[]))`.execute(trx);
}

import { type RawBuilder, sql } from 'kysely';
import type { InvitationKind, InvitationView } from '@devpulse/contract/wire/members';
import type { Role } from '@devpulse/contract/permissions';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

/** An invitation as the store has it, with the names of those it mentions. */
export interface InvitationRow {
  id: string;
  kind: InvitationKind;
  recipient: string;
  role: Role;
  team_id: string | null;
  invited_by: string;
  inviter: string;
  created_at: Date;
  expires_at: Date;
  mailed_at: Date | null;
  accepted_at: Date | null;
  accepted_by: string | null;
  accepter: string | null;
  state: InvitationView['state'];
}

/** Invitations of the transaction's workspace, open ones first, then the newest. */
export async function selectInvitations(
  trx: WorkspaceTransaction,
  which: RawBuilder<unknown>,
  most: number,
): Promise<InvitationRow[]> {
  const { rows } = await sql<InvitationRow>`
    select * from (
      select i.*, inviter.name as inviter, accepter.name as accepter,
        case
          when i.accepted_at is not null then 'accepted'
          when i.declined_at is not null then 'declined'
          when i.revoked_at is not null then 'revoked'
          when i.expires_at <= now() then 'expired'
          else 'open'
        end as state
      from invitations i
      join people inviter on inviter.workspace_id = i.workspace_id and inviter.id = i.invited_by
      left join people accepter on accepter.workspace_id = i.workspace_id and accepter.id = i.accepted_by
      where i.workspace_id = ${ownWorkspace} and (${which})
    ) found
    order by (state = 'open') desc, created_at desc, id desc limit ${most}`.execute(trx);
  return rows;
}

/** The same for the wire: without anything that could open it. */
export function toInvitationView(row: InvitationRow): InvitationView {
  return {
    id: row.id,
    kind: row.kind,
    recipient: row.recipient === '' ? null : row.recipient,
    role: row.role,
    teamId: row.team_id,
    state: row.state,
    invitedBy: { personId: row.invited_by, name: row.inviter },
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    mailedAt: row.mailed_at?.toISOString() ?? null,
    acceptedAt: row.accepted_at?.toISOString() ?? null,
    acceptedBy:
      row.accepted_by === null || row.accepter === null ? null : { personId: row.accepted_by, name: row.accepter },
  };
}

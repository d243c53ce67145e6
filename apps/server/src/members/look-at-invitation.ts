import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { ShownInvitation } from '@devpulse/contract/wire/members';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { hashSecret, isSecret } from '../accounts/secret-format.ts';
import { type InvitationRow, selectInvitations } from './invitation-rows.ts';

/** An invitation as its secret finds it, in whatever workspace. */
export interface FoundInvitation {
  workspaceId: string;
  /** The name of the workspace. */
  workspace: string;
  invitation: InvitationRow;
}

/** The invitation with this secret, whatever became of it; null where there is none. Not for answers: see `showInvitation`. */
export async function lookAtInvitation(store: Store, secret: string): Promise<FoundInvitation | null> {
  if (!isSecret(secret)) return null;
  const { rows } = await sql<{ workspace_id: string; invitation_id: string }>`
    select workspace_id, invitation_id from look_at_invitation(${hashSecret('invitation', secret)})`.execute(store.app);
  const found = rows[0];
  if (found === undefined) return null;
  return store.inWorkspace(found.workspace_id, async (trx) => {
    const [invitation] = await selectInvitations(trx, sql`i.id = ${found.invitation_id}::uuid`, 1);
    const workspace = await trx
      .selectFrom('workspaces')
      .where('id', '=', ownWorkspace)
      .select('name')
      .executeTakeFirst();
    if (invitation === undefined || workspace === undefined) return null;
    return { workspaceId: found.workspace_id, workspace: workspace.name, invitation };
  });
}

/** What the holder of the link is shown before they decide. */
export async function showInvitation(store: Store, secret: string): Promise<ShownInvitation> {
  const found = await lookAtInvitation(store, secret);
  if (found === null) throw unknownLink();
  const { invitation } = found;
  return {
    state: invitation.state === 'open' ? 'valid' : invitation.state,
    workspace: found.workspace,
    invitedBy: invitation.inviter,
    kind: invitation.kind,
    recipient: invitation.recipient === '' ? null : invitation.recipient,
    role: invitation.role,
    expiresAt: invitation.expires_at.toISOString(),
  };
}

/** For a secret that opens nothing and never did, or whose invitation is long gone. */
export function unknownLink(): AppError {
  return new AppError(
    'not_found',
    'There is no such invitation. The link may have been cut when it was copied, or a newer one was sent since.',
  );
}

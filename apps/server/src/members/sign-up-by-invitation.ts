import { AppError } from '@devpulse/contract/errors';
import type { SignUp } from '@devpulse/contract/wire/members';
import type { Store } from '@devpulse/db/open-store';
import { createAccount } from '../accounts/create-account.ts';
import { hashPassword } from '../accounts/hash-password.ts';
import { countAttempt, forgetAttempts } from '../accounts/limit-attempts.ts';
import { openSession } from '../accounts/open-session.ts';
import { TooManyAttempts } from '../accounts/too-many-attempts.ts';
import type { AuditActor } from '../audit/record-audit.ts';
import { checkZone } from '../people/check-zone.ts';
import { givePersonalWorkspace } from '../workspaces/give-personal-workspace.ts';
import { acceptInvitation } from './answer-invitation.ts';
import type { InvitationRow } from './invitation-rows.ts';
import { lookAtInvitation, unknownLink } from './look-at-invitation.ts';

export interface SignUpHere {
  store: Store;
  /** Where the request came from, to count attempts. */
  address: string;
  agent: string;
  actor: AuditActor;
  now: Date;
}

/**
 * Makes an account with a password for whoever holds an invitation, and accepts it in the same transaction. Gives the secret of
 * a session that acts in the workspace.
 */
export async function signUpByInvitation(wish: SignUpHere, signUp: SignUp): Promise<string> {
  const { store } = wish;
  const wait = await countAttempt(store, wish.address);
  if (wait > 0) throw new TooManyAttempts(wait);
  const found = await lookAtInvitation(store, signUp.secret);
  if (found === null) throw unknownLink();
  // Before the costly hash: what is over or not for a password must not keep a core busy.
  refuseElsewhere(found.invitation, signUp.email);
  const zone = signUp.zone === undefined ? null : await checkZone(store, signUp.zone);
  const passwordHash = await hashPassword(signUp.password);
  const { name, email } = signUp;
  const { workspaceId, guest } = await acceptInvitation({
    store,
    secret: signUp.secret,
    guest: async (trx, { kind, mailed_at }) => {
      // Whoever holds a link that was mailed and shown to nobody reads the mail of that address.
      const confirmed = kind === 'email' && mailed_at !== null;
      return { accountId: await createAccount(trx, { name, email, confirmed, passwordHash }), name, zone };
    },
    actor: wish.actor,
    now: wish.now,
  });
  await forgetAttempts(store, wish.address);
  const founder = { ...guest, zone: null };
  const actor = { ...wish.actor, accountId: guest.accountId };
  await givePersonalWorkspace({ store, founder, zone: zone ?? 'UTC', actor });
  return openSession({ db: store.app, accountId: guest.accountId, workspaceId, agent: wish.agent });
}

function refuseElsewhere({ kind, recipient, inviter, state }: InvitationRow, email: string): void {
  // Why it is over is said where it would be accepted.
  if (state !== 'open') return;
  if (kind === 'github')
    throw new AppError(
      'forbidden',
      `This invitation is for the GitHub login ${recipient}: go on with GitHub instead of a password. ${inviter} can also ` +
        'make a link that anyone may accept.',
    );
  if (kind === 'email' && email !== recipient)
    throw new AppError('invalid_request', `This invitation is for ${recipient}.`, {
      problems: [{ path: 'body.email', message: `must be ${recipient}, whom the invitation is for` }],
    });
}

import { AppError } from '@devpulse/contract/errors';
import type { Store } from '@devpulse/db/open-store';
import { isPassword } from './hash-password.ts';
import { countAttempt, forgetAttempts } from './limit-attempts.ts';
import { openSession } from './open-session.ts';
import { findOwnerAccount } from './owner-account.ts';

/** Too many attempts; says how many seconds to wait. */
export class TooManyAttempts extends AppError {
  readonly waitSeconds: number;

  constructor(waitSeconds: number) {
    super(
      'too_many_requests',
      `Too many attempts to sign in; the next one counts in ${Math.ceil(waitSeconds / 60)} minutes.`,
    );
    this.waitSeconds = waitSeconds;
  }
}

/**
 * Signs the owner in and gives the secret of the new session. A wrong password and an instance without an owner get the same
 * answer after the same work.
 */
export async function signIn(wish: {
  store: Store;
  password: string;
  address: string;
  agent: string;
}): Promise<string> {
  const wait = await countAttempt(wish.store, wish.address);
  if (wait > 0) throw new TooManyAttempts(wait);
  const account = await findOwnerAccount(wish.store);
  const isRight = await isPassword(wish.password, account?.passwordHash ?? null);
  if (!isRight || account === null) throw new AppError('unauthenticated', 'This is not the password.');
  await forgetAttempts(wish.store, wish.address);
  return openSession({ db: wish.store.app, accountId: account.id, workspaceId: null, agent: wish.agent });
}

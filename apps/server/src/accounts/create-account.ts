import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { newId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { makePlaceholder } from './placeholder-address.ts';

/**
 * Makes an account for somebody whose invitation was proved by the caller, and answers its id. Throws `conflict` when the address
 * has an account: whoever it belongs to signs in and accepts then.
 */
export async function createAccount(
  db: Store['app'] | WorkspaceTransaction,
  wish: {
    name: string;
    /** Null: none was told; such an account signs in elsewhere. */
    email: string | null;
    /** Whether it was proved that the address is theirs, as by an invitation that was mailed to it. */
    confirmed: boolean;
    passwordHash: string | null;
  },
): Promise<string> {
  const id = newId();
  const email = wish.email?.toLowerCase() ?? makePlaceholder(id);
  const { rows } = await sql<{ made: boolean }>`
    select create_account(${id}, ${wish.name}, ${email}, ${wish.confirmed}, ${wish.passwordHash}) as made`.execute(db);
  if (rows[0]?.made !== true)
    throw new AppError(
      'conflict',
      'This address has an account here already. Sign in with it, then open the link again.',
    );
  return id;
}

import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { Store } from '@devpulse/db/open-store';
import { shownAddress } from './placeholder-address.ts';

/** Gives an account another address, which nobody has confirmed yet. Answers what was there before; null: the same. */
export async function changeEmail(
  store: Store,
  accountId: string,
  email: string,
): Promise<{ before: { email: string | null }; after: { email: string } } | null> {
  const { rows } = await sql<{ email: string }>`
    select email from auth."user" where id = ${accountId}`.execute(store.auth);
  const former = rows[0]?.email ?? '';
  if (former === email) return null;
  await sql`update auth."user" set email = ${email}, email_verified = false, updated_at = now() where id = ${accountId}`
    .execute(store.auth)
    .catch((error: unknown) => {
      if ((error as { constraint?: string }).constraint !== 'user_email_key') throw error;
      throw new AppError('conflict', 'Another account has this address; take another one.');
    });
  return { before: { email: shownAddress(former) }, after: { email } };
}

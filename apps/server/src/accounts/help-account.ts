import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { newId } from '@devpulse/db/ids';
import type { Store } from '@devpulse/db/open-store';
import type { Keyring } from '../secrets/keyring.ts';

/** An account as the operator of the machine names it. */
export interface NamedAccount {
  id: string;
  name: string;
  twoFactor: boolean;
}

/** The account with this address, or null. */
export async function findAccountByEmail(store: Store, email: string): Promise<NamedAccount | null> {
  const { rows } = await sql<NamedAccount>`
    select id, name, two_factor_enabled as "twoFactor" from auth."user" where email = ${email.trim().toLowerCase()}`.execute(
    store.auth,
  );
  return rows[0] ?? null;
}

/** What the mailed link to a new password would carry, for instances that send no mail. It counts once, for an hour. */
export async function makeResetToken(store: Store, keyring: Keyring, accountId: string): Promise<string> {
  const token = randomBytes(24).toString('base64url');
  const id = newId();
  // As the library keeps its own: hashed, and sealed to the row.
  const identifier = createHash('sha256').update(`reset-password:${token}`).digest('base64url');
  const place = { workspaceId: null, table: 'auth.verification', column: 'value', row: id };
  await sql`insert into auth.verification (id, identifier, value, user_id, expires_at)
    values (${id}, ${identifier}, ${keyring.seal(accountId, place)}, ${accountId}, now() + interval '1 hour')`.execute(
    store.auth,
  );
  return token;
}

/** Switches the second step off, for somebody who lost both the app and the recovery codes. */
export async function stopTwoFactor(store: Store, accountId: string): Promise<void> {
  await store.auth.transaction().execute(async (trx) => {
    await sql`delete from auth.two_factor where user_id = ${accountId}`.execute(trx);
    await sql`update auth."user" set two_factor_enabled = false, updated_at = now() where id = ${accountId}`.execute(
      trx,
    );
  });
}

import { sql } from 'kysely';
import type { Store } from '@devpulse/db/open-store';

/** The account that owns this instance. */
export interface OwnerAccount {
  id: string;
  name: string;
  /** Null: nobody can sign in with a password yet. */
  passwordHash: string | null;
}

/** The owner's account, or null while nobody has made this instance theirs. */
export async function findOwnerAccount(store: Store): Promise<OwnerAccount | null> {
  const { rows } = await sql<{ account_id: string; name: string; password_hash: string | null }>`
    select * from find_owner_account()`.execute(store.app);
  const row = rows[0];
  return row === undefined ? null : { id: row.account_id, name: row.name, passwordHash: row.password_hash };
}

import { sql } from 'kysely';
import type { Store } from '@devpulse/db/open-store';
import { shownAddress } from './placeholder-address.ts';

/** The account that owns this instance. */
export interface OwnerAccount {
  id: string;
  name: string;
  /** Null: none was told. */
  email: string | null;
  /** False: nobody can sign in to it yet. */
  canSignIn: boolean;
}

/** The owner's account, or null while nobody has made this instance theirs. */
export async function findOwnerAccount(store: Store): Promise<OwnerAccount | null> {
  const { rows } = await sql<{ account_id: string; name: string; email: string; can_sign_in: boolean }>`
    select * from find_owner_account()`.execute(store.app);
  const row = rows[0];
  if (row === undefined) return null;
  return { id: row.account_id, name: row.name, email: shownAddress(row.email), canSignIn: row.can_sign_in };
}

import { sql } from 'kysely';
import type { Store } from '@devpulse/db/open-store';
import { hashSecret, isSecret } from './secret-format.ts';

/** Whether this is an invitation that still counts: the only thing that lets a stranger have an account. */
export async function mayJoin(store: Store, secret: string): Promise<boolean> {
  if (!isSecret(secret)) return false;
  const { rows } = await sql<{ state: string }>`
    select state from look_at_invitation(${hashSecret('invitation', secret)})`.execute(store.app);
  return rows[0]?.state === 'valid';
}

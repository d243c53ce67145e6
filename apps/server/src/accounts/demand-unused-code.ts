import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { Store } from '@devpulse/db/open-store';
import { useCode } from './limit-attempts.ts';
import { hashSecret } from './secret-format.ts';

/**
 * Uses the code up by which this session was just opened, and ends the session where it was used before: the library takes a code
 * as often as it comes, as long as it is shown. Nobody has been given the session yet.
 */
export async function demandUnusedCode(store: Store, token: string, code: string): Promise<void> {
  const hash = hashSecret('session', token);
  const { rows } = await sql<{ id: string }>`
    select user_id as id from auth.session where token = ${hash.toString('hex')}`.execute(store.auth);
  if (await useCode(store, rows[0]?.id ?? '', code)) return;
  await sql`select end_session(${hash})`.execute(store.app);
  throw new AppError('unauthenticated', 'This code was used already. Wait for the next one.');
}

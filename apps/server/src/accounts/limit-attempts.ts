import { isIPv6 } from 'node:net';
import { sql } from 'kysely';
import type { Store } from '@devpulse/db/open-store';

/** How often signing in may be tried within a quarter of an hour. */
export const attemptLimits = { perAddress: 10, overall: 100 } as const;

/** Counts an attempt to sign in, whatever process it came to. Answers the seconds to wait; 0: go on. */
export async function countAttempt(store: Store, address: string): Promise<number> {
  // One stubborn address shall not use up what all others have together.
  return (
    (await note(store, keyOf(address), attemptLimits.perAddress)) || (await note(store, 'all', attemptLimits.overall))
  );
}

/** Whoever knew the password starts anew. */
export async function forgetAttempts(store: Store, address: string): Promise<void> {
  await sql`select forget_attempts(${keyOf(address)})`.execute(store.app);
}

async function note(store: Store, key: string, most: number): Promise<number> {
  const { rows } = await sql<{ wait: number }>`select note_attempt(${key}, ${most}) as wait`.execute(store.app);
  return rows[0]?.wait ?? 0;
}

/** One subscriber has a whole /64 of the newer addresses: who counts single ones counts nothing. */
function keyOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = '', tail = ''] = address.split('%', 1)[0]?.split('::') ?? [];
  const front = head.split(':').filter((group) => group !== '');
  const back = tail.split(':').filter((group) => group !== '');
  const groups = [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

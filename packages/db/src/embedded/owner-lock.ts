import pg from 'pg';
import type { Connection } from '../connection.ts';

/**
 * Two numbers nobody else uses: 'DvPl' and 'ownr'. The lock is taken in the database "postgres", where DevPulse does
 * nothing else, and advisory locks count per database.
 */
const KEY = [0x4476506c, 0x6f776e72];

/** The session whose lock says that this process owns the store. */
export interface OwnerLock {
  /** Calls back once when the session is over, at once when it already is. */
  onEnd(listener: () => void): void;
  release(): Promise<void>;
}

export type LockAttempt =
  | { state: 'taken'; lock: OwnerLock }
  | { state: 'held' }
  /** PostgreSQL does not know the password. */
  | { state: 'refused' }
  /** It does not answer yet: starting, recovering or gone. */
  | { state: 'not-ready'; reason: string };

/** Connects and tries to take the owner's lock, once. */
export async function attemptOwnerLock(connection: Connection): Promise<LockAttempt> {
  const client = new pg.Client({
    ...connection,
    database: 'postgres',
    application_name: 'devpulse-owner',
    connectionTimeoutMillis: 2_000,
    ssl: false,
  });
  let ended = false;
  const listeners: (() => void)[] = [];
  // Without a listener a lost session would end the whole process; 'end' follows and is what counts.
  client.on('error', () => undefined);
  client.on('end', () => {
    ended = true;
    for (const listener of listeners) listener();
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1, $2) as taken', KEY);
    if (rows[0]?.taken !== true) {
      await client.end();
      return { state: 'held' };
    }
  } catch (error) {
    await client.end().catch(() => undefined);
    const { code, message } = error as { code?: string; message: string };
    return code === '28P01' ? { state: 'refused' } : { state: 'not-ready', reason: message };
  }
  return {
    state: 'taken',
    lock: {
      onEnd: (listener) => (ended ? listener() : void listeners.push(listener)),
      release: () => client.end(),
    },
  };
}

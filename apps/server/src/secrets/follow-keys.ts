import type { Connection } from '@devpulse/db/connection';
import { type Listener, listenChanges } from '../live/listen-changes.ts';
import type { Logger } from '../log.ts';
import { keysChannel } from './key-table.ts';
import type { LiveKeyring } from './open-keyring.ts';

/** Advisory locks of this class say which change of keys a process has followed; they go with its connection. */
export const followerLockClass = 7_270_414;

/** What it takes to ask on the connection that listens. */
interface Asking {
  query(text: string, values?: unknown[]): Promise<unknown>;
}

/**
 * Reads the keys again whenever they change, and holds a lock that says how far this process has come. A rotation waits for
 * every holder before it takes the next step, so that no process meets a text sealed with a key it does not know.
 */
export function followKeys(options: { login: Connection; log: Logger; keyring: LiveKeyring }): Listener {
  const { keyring, log } = options;
  let client: Asking | null = null;
  let held = -1;
  let turn: Promise<void> = Promise.resolve();

  const follow = async (): Promise<void> => {
    const asking = client;
    if (asking === null) return;
    const version = await keyring.reload();
    if (version === null) throw new Error('the master key of the new data keys is not here');
    if (version === held || asking !== client) return;
    // The new one first: in between there is never a moment without a lock.
    await asking.query('select pg_advisory_lock_shared($1, $2)', [followerLockClass, version]);
    if (held >= 0) await asking.query('select pg_advisory_unlock_shared($1, $2)', [followerLockClass, held]);
    held = version;
  };
  const followNext = (): void => {
    turn = turn.then(follow).catch((error: unknown) => {
      log.error({ err: error }, 'the keys for secrets changed, and this process cannot read the new ones');
    });
  };

  const listener = listenChanges({
    login: options.login,
    log,
    channel: { name: keysChannel, connection: 'devpulse keys' },
    onNotice: followNext,
    onListening: (fresh) => {
      client = fresh;
      held = -1;
      followNext();
    },
  });
  return {
    ready: listener.ready,
    close: async () => {
      client = null;
      await turn;
      await listener.close();
    },
  };
}

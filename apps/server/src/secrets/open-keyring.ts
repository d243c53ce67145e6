import { randomBytes } from 'node:crypto';
import { StoreUnusable } from '@devpulse/db/prepare-roles';
import type { Store } from '@devpulse/db/open-store';
import {
  addDataKey,
  addSecretValue,
  makeDataKey,
  MasterKeyMissing,
  readSecretValue,
  readWrappedKeys,
  unwrapKey,
  type WrappedKey,
} from './key-table.ts';
import { type DataKey, type Keyring, knowKeys, type KnownKeys, makeKeyring, type SecretPlace } from './keyring.ts';
import type { MasterKey } from './master-key.ts';
import { SecretUnreadable } from './seal-text.ts';

/** Where master keys come from. */
export interface MasterKeys {
  /** Reads them anew, since a rotation may have added one; the one to use first. */
  read(): MasterKey[];
  /** Makes the first one. */
  make(): MasterKey;
}

/** The keyring of a process. */
export interface LiveKeyring extends Keyring {
  /** Reads the keys again and answers the number of the change that it has followed; null where it could not. */
  reload(): Promise<number | null>;
}

const instanceSecret: SecretPlace = { workspaceId: null, table: 'secret_values', column: 'sealed', row: 'instance' };
const readAgainAfterMs = 5_000;

/**
 * Opens every data key of the store, making the first ones in a new store. A store whose keys cannot all be opened is refused:
 * half of the secrets would look like none.
 */
export async function openKeyring(options: { store: Store; masters: MasterKeys }): Promise<LiveKeyring> {
  const db = options.store.app;
  const opened = new Map<string, DataKey>();
  let known: KnownKeys = knowKeys([], Buffer.alloc(0));
  let readAt = 0;

  const read = async (): Promise<number | null> => {
    const { version, keys } = await readWrappedKeys(db);
    readAt = Date.now();
    const masters = options.masters.read();
    // A key that is only coming seals nothing yet: without its master key this process goes on, and the rotation waits for it.
    const usable = keys.filter((row) => row.state !== 'next' || masters.some((master) => master.id === row.masterId));
    const data = usable.map((row) => openOnce(row, masters, opened));
    known = knowKeys(data, known.instanceSecret);
    return usable.length === keys.length ? version : null;
  };
  const source = {
    known: () => known,
    readAgain: () => {
      if (Date.now() - readAt < readAgainAfterMs) return false;
      readAt = Date.now();
      // Whoever asks next sees what came of it; what went wrong is told to the one who needs the key.
      read().catch(() => undefined);
      return true;
    },
    prepare: async (workspaceId: string) => {
      const [master] = options.masters.read();
      if (master === undefined) throw new MasterKeyMissing('of this process');
      await addDataKey(db, makeDataKey(workspaceId, master));
      await read();
      if (!known.current.has(workspaceId)) throw new Error('the workspace is not there');
    },
  };
  const keyring = makeKeyring(source);

  try {
    await read();
    if (!known.current.has('')) await makeFirst();
    known = { ...known, instanceSecret: await readInstanceSecret(options.store, keyring) };
  } catch (error) {
    throw explainRefusal(error, options.masters);
  }
  return { ...keyring, reload: read };

  async function makeFirst(): Promise<void> {
    if ((await readSecretValue(db, instanceSecret.row)) !== null)
      throw new SecretUnreadable('the data key of the instance is gone from the store');
    const [master = options.masters.make()] = options.masters.read();
    await addDataKey(db, makeDataKey(null, master));
    await read();
  }
}

function openOnce(row: WrappedKey, masters: readonly MasterKey[], opened: Map<string, DataKey>): DataKey {
  const before = opened.get(row.id);
  // A key that is known may be wrapped anew at any time; whether its master key is there is asked all the same.
  if (before !== undefined && masters.some((master) => master.id === row.masterId)) {
    const same = { ...before, state: row.state };
    opened.set(row.id, same);
    return same;
  }
  const key = unwrapKey(row, masters);
  opened.set(row.id, key);
  return key;
}

async function readInstanceSecret(store: Store, keyring: Keyring): Promise<Buffer> {
  const sealed =
    (await readSecretValue(store.app, instanceSecret.row)) ??
    (await addSecretValue(
      store.app,
      instanceSecret.row,
      keyring.seal(randomBytes(32).toString('base64url'), instanceSecret),
    ));
  return Buffer.from(keyring.open(sealed, instanceSecret), 'base64url');
}

/** One line: what is wrong, and every way out. */
function explainRefusal(error: unknown, source: MasterKeys): unknown {
  if (error instanceof MasterKeyMissing) {
    const here = source.read();
    const have =
      here.length === 0
        ? 'and there is none here'
        : `and what is here is ${here.map((key) => `${key.id} (${key.from})`).join(', ')}`;
    return new StoreUnusable(
      `the secrets in this store need the master key ${error.masterId}, ${have}: put it back as DEVPULSE_KEY, ` +
        'DEVPULSE_KEY_FILE or the file master-key of the data folder; if it is lost for good, ' +
        `devpulse keys forget ${error.masterId} gives up what it sealed`,
      { cause: error },
    );
  }
  if (error instanceof SecretUnreadable) {
    return new StoreUnusable(
      `the secrets in this store cannot be opened (${error.message}): restore a backup together with its master key`,
      { cause: error },
    );
  }
  return error;
}

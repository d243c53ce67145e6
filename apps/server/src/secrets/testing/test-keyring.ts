import { randomBytes } from 'node:crypto';
import type { Store } from '@devpulse/db/open-store';
import { type MasterKey, nameKey } from '../master-key.ts';
import { type LiveKeyring, openKeyring } from '../open-keyring.ts';

/** A keyring over the store of a test, with a master key of its own. */
export function openTestKeyring(store: Store): Promise<LiveKeyring> {
  return openKeyring({ store, masters: fixedMasters([makeTestMaster()]) });
}

/** A master key as one that was given. */
export function makeTestMaster(): MasterKey {
  return { ...nameKey(randomBytes(32)), from: 'DEVPULSE_KEY' };
}

/** These and no others. */
export function fixedMasters(keys: readonly MasterKey[]): { read(): MasterKey[]; make(): MasterKey } {
  return {
    read: () => [...keys],
    make: () => {
      throw new Error('a test gives its keys');
    },
  };
}

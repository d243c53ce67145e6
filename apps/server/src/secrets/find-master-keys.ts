import { randomBytes } from 'node:crypto';
import type { MasterKeys } from './open-keyring.ts';
import {
  makeMasterKey,
  type MasterKey,
  masterKeyFile,
  nameKey,
  putAside,
  readMasterKeys,
  removeMasterKeys,
  writeMasterKeys,
} from './master-key.ts';

/** What was said of the master key. */
export interface MasterKeyOptions {
  key: string | undefined;
  keyFile: string | undefined;
  /** Speaks to whoever started the program. */
  say(text: string): void;
}

/** Those that a rotation can change. */
export interface ChangeableMasterKeys extends MasterKeys {
  /** Adds one and puts it first; null where keys are given from outside. */
  add(): MasterKey | null;
  /** Keeps these of the data folder; answers the files into which the others were put. */
  keep(ids: readonly string[]): string[];
}

/** Master keys of a running program: given, or else made at the first start in the data folder. */
export function findMasterKeys(options: {
  dataDir: string;
  databaseUrl: string | undefined;
  keys?: MasterKeyOptions;
}): ChangeableMasterKeys {
  const { dataDir, keys } = options;
  const read = (): MasterKey[] => readMasterKeys({ key: keys?.key, keyFile: keys?.keyFile, dataDir });
  const kept = (): MasterKey[] => read().filter((key) => key.from === 'data folder');
  return {
    read,
    add: () => {
      // What was given from outside is for its giver to change.
      if (read()[0]?.from !== 'data folder') return null;
      const key: MasterKey = { ...nameKey(randomBytes(32)), from: 'data folder' };
      writeMasterKeys(dataDir, [key, ...kept()]);
      return key;
    },
    keep: (ids) => {
      const all = kept();
      const unused = all.filter((key) => !ids.includes(key.id));
      if (unused.length === 0) return [];
      const files = putAside(dataDir, unused);
      const rest = all.filter((key) => ids.includes(key.id));
      if (rest.length > 0) writeMasterKeys(dataDir, rest);
      else removeMasterKeys(dataDir);
      return files;
    },
    make: () => {
      const made = makeMasterKey(dataDir);
      keys?.say(
        `The master key for secrets is in ${masterKeyFile(dataDir)}: keep a copy of it apart from backups.` +
          (options.databaseUrl === undefined
            ? ''
            : ' Other servers on this PostgreSQL need the same key, as DEVPULSE_KEY or DEVPULSE_KEY_FILE.'),
      );
      return made;
    },
  };
}

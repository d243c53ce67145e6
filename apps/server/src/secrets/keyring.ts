import { hkdfSync } from 'node:crypto';
import { AppError } from '@devpulse/contract/errors';
import { keyIdOf, openText, sealText, SecretUnreadable } from './seal-text.ts';

/** Where a secret stands; it opens nowhere else. */
export interface SecretPlace {
  /** Null for what belongs to the instance and not to a workspace. */
  workspaceId: string | null;
  table: string;
  column: string;
  /** The id of the row. */
  row: string;
}

/** Seals what must not be readable in the store. */
export interface Keyring {
  /** For a workspace other than null, `prepare` has to have been awaited once in this process. */
  seal(plain: string, place: SecretPlace): string;
  /** Throws `SecretUnreadable` for what was changed or stood elsewhere; never answers half. */
  open(sealed: string, place: SecretPlace): string;
  /** 32 bytes for this purpose, the same in every process and after every rotation. */
  derive(purpose: string): Buffer;
  /** Sees to it that the workspace has a data key, and that this process knows it. */
  prepare(workspaceId: string): Promise<void>;
}

/** A data key, unwrapped. */
export interface DataKey {
  id: string;
  workspaceId: string | null;
  state: 'next' | 'current' | 'retired';
  key: Buffer;
}

/** What a process knows of keys at a moment. */
export interface KnownKeys {
  byId: ReadonlyMap<string, DataKey>;
  /** The key that seals, by workspace; the instance’s stands under the empty name. */
  current: ReadonlyMap<string, DataKey>;
  instanceSecret: Buffer;
}

/** How a keyring comes to keys it does not know yet. */
export interface KeySource {
  known(): KnownKeys;
  /** Reads the keys again in the background; false when that was just done. */
  readAgain(): boolean;
  /** Makes the workspace’s first data key, unless it has one. */
  prepare(workspaceId: string): Promise<void>;
}

/** Orders keys for look-ups. */
export function knowKeys(keys: readonly DataKey[], instanceSecret: Buffer): KnownKeys {
  return {
    byId: new Map(keys.map((key) => [key.id, key])),
    current: new Map(keys.filter((key) => key.state === 'current').map((key) => [key.workspaceId ?? '', key] as const)),
    instanceSecret,
  };
}

/** The keyring over what a process knows. */
export function makeKeyring(source: KeySource): Keyring {
  return {
    seal: (plain, place) => {
      const key = source.known().current.get(place.workspaceId ?? '');
      if (key === undefined)
        throw new Error('the workspace has no data key in this process: await keyring.prepare first');
      return sealText(Buffer.from(plain, 'utf8'), describePlace(place), key);
    },
    open: (sealed, place) => {
      const id = keyIdOf(sealed);
      if (id === null) throw new SecretUnreadable(`${place.table}.${place.column} holds a text that was never sealed`);
      const key = source.known().byId.get(id);
      if (key === undefined) {
        // Another process may have made it a moment ago.
        if (source.readAgain()) throw new AppError('busy', 'A key is being read; ask again.');
        throw new SecretUnreadable(`the data key ${id} is not in this store`);
      }
      if (key.workspaceId !== place.workspaceId)
        throw new SecretUnreadable(`the data key ${id} belongs to another workspace`);
      return openText(sealed, describePlace(place), key).toString('utf8');
    },
    derive: (purpose) =>
      Buffer.from(hkdfSync('sha256', source.known().instanceSecret, '', `devpulse ${purpose} 1`, 32)),
    prepare: async (workspaceId) => {
      if (!source.known().current.has(workspaceId)) await source.prepare(workspaceId);
    },
  };
}

/** Only the row can hold a bar: the other parts are names and ids, so no two places read alike. */
function describePlace({ workspaceId, table, column, row }: SecretPlace): string {
  return `${workspaceId ?? 'instance'}|${table}|${column}|${row}`;
}

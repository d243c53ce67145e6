import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, Log } from '../connection.ts';
import { prepareDataFolder } from './data-folder.ts';
import { tryGate } from './folder-gate.ts';
import { asHolder, readHolder, type HolderRecord, type StoreHolder } from './holder-file.ts';
import { joinAsGuest } from './join-as-guest.ts';
import { locateBinaries } from './locate-binaries.ts';
import { openAsOwner } from './open-as-owner.ts';
import { isAlive } from './process-facts.ts';
import { StoreFault, StoreInUse } from './store-faults.ts';
import type { StoreEvent } from './supervise.ts';

/** The embedded PostgreSQL, open for use. */
export interface EmbeddedStore {
  /** Superuser login over the private socket (on Windows over loopback, with a random password). */
  connection: Connection;
  /** 'owner' started PostgreSQL and holds the folder; 'guest' works beside a running server. */
  standing: 'owner' | 'guest';
  readonly holder: StoreHolder;
  /** Writes the address the server answers on beside the data, for whoever is refused (owner only). */
  announce(address: string): Promise<void>;
  /**
   * 'lost' when PostgreSQL died, 'restarted' when it is back, 'lock-lost' when somebody else took the folder: stop serving.
   * A guest hears nothing; its connections tell it.
   */
  onEvent(listener: (event: StoreEvent) => void): void;
  /** Ends what this process started; for a guest it does nothing. May be called again. */
  stop(): Promise<void>;
}

interface OpenOptions {
  dataDir: string;
  kind: 'server' | 'command';
  log: Log;
  /** Called whenever a program of PostgreSQL was started and works by itself: there is time for something else. */
  onSpawn?: () => void;
  /** How long to wait for whoever holds the folder; a command waits 10 s by default, a server does not. */
  waitForHolderMs?: number;
}

/** Even who does not wait gives a killed holder's kernel lock, or a new holder's first line, this long to come about. */
const GRACE_MS = 400;
/** With a holder that is not to be seen (dead, or not yet written down) it is worth a little longer. */
const UNKNOWN_GRACE_MS = 1_200;

/**
 * Opens the PostgreSQL in a data folder, starting it (and making it) when nobody has.
 *
 * @example
 * const store = await openEmbedded({ dataDir: defaultDataDir(), kind: 'server', log: console.log });
 * const pool = new pg.Pool(store.connection);
 */
export async function openEmbedded(options: OpenOptions): Promise<EmbeddedStore> {
  const { dataDir, kind, log, onSpawn } = options;
  const packaged = locateBinaries();
  const folder = await prepareDataFolder(dataDir).catch((error: unknown) => {
    throw nameHolderIfForbidden(dataDir, error);
  });
  const startedAt = Date.now();
  const patienceMs = options.waitForHolderMs ?? (kind === 'command' ? 10_000 : 0);
  for (let isWaiting = false; ;) {
    const gate = tryGate(folder.path, folder.handOver);
    if (gate) return ownerStore(await openAsOwner({ folder, gate, packaged, kind, log, onSpawn }));
    const holder = readHolder(folder.path);
    const guest = kind === 'command' && holder?.kind === 'server' ? await joinAsGuest(folder.path, holder) : null;
    if (guest && holder) return guestStore(guest, holder);
    const graceMs = holder && isPlausible(holder) ? GRACE_MS : UNKNOWN_GRACE_MS;
    if (Date.now() - startedAt >= Math.max(graceMs, patienceMs)) throw new StoreInUse(folder.path, asHolder(holder));
    if (!isWaiting && patienceMs > 0) log('info', 'Waiting for the data folder to be free', { pid: holder?.pid });
    isWaiting = true;
    await sleep(50);
  }
}

function ownerStore(owned: Awaited<ReturnType<typeof openAsOwner>>): EmbeddedStore {
  return {
    connection: owned.connection,
    standing: 'owner',
    get holder() {
      return owned.holder();
    },
    announce: async (address) => owned.announce(address),
    onEvent: (listener) => owned.onEvent(listener),
    stop: () => owned.stop(),
  };
}

function guestStore(connection: Connection, holder: HolderRecord): EmbeddedStore {
  return {
    connection,
    standing: 'guest',
    holder: asHolder(holder),
    announce: () => Promise.reject(new Error('Only the process that owns the store announces its address.')),
    onEvent: () => undefined,
    stop: () => Promise.resolve(),
  };
}

/** A user who may not write in the folder may still be told who holds it. */
function nameHolderIfForbidden(dataDir: string, error: unknown): unknown {
  if (!(error instanceof StoreFault) || error.code !== 'forbidden-folder') return error;
  const holder = readHolder(resolve(dataDir));
  return holder && isPlausible(holder) ? new StoreInUse(resolve(dataDir), asHolder(holder)) : error;
}

/** True unless the record is of this machine and its process is gone. Another container's pids cannot be seen from here. */
function isPlausible(holder: HolderRecord): boolean {
  return holder.host !== hostname() || isAlive(holder.pid);
}

import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, Log } from '../connection.ts';
import type { DataFolder } from './data-folder.ts';
import type { FolderGate } from './folder-gate.ts';
import {
  asHolder,
  describeOwnProcess,
  readHolder,
  removeHolder,
  writeHolder,
  type StoreHolder,
} from './holder-file.ts';
import { hasUsableCluster, initCluster, removeLeftovers } from './init-cluster.ts';
import { attemptOwnerLock } from './owner-lock.ts';
import { prepareBinaries, type Binaries } from './prepare-binaries.ts';
import type { PackagedBinaries } from './locate-binaries.ts';
import { openServerLog, type ServerLog } from './server-log.ts';
import { serverArguments } from './server-settings.ts';
import { refuseHalfRestored } from './restore-note.ts';
import { prepareEndpoint, type Endpoint } from './socket-folder.ts';
import { spawnServer } from './spawn-server.ts';
import { findRunningServer, type PostmasterPid, removeSocketRemains, stopLeftBehind, stopOrphan } from './stale-pid.ts';
import {
  MAINTENANCE_DATABASE,
  SUPERUSER,
  readPassword,
  resetPassword,
  writeNewPassword,
} from './superuser-password.ts';
import { StoreFault, StoreInUse } from './store-faults.ts';
import { Supervisor, type StoreEvent } from './supervise.ts';

/** A store this process started and keeps. */
export interface OwnedStore {
  connection: Connection;
  holder(): StoreHolder;
  announce(address: string): void;
  onEvent(listener: (event: StoreEvent) => void): void;
  stop(): Promise<void>;
}

interface OwnerOptions {
  folder: DataFolder;
  gate: FolderGate;
  packaged: PackagedBinaries;
  kind: StoreHolder['kind'];
  log: Log;
  onSpawn?: (() => void) | undefined;
}

interface Parts extends OwnerOptions {
  binaries: Binaries;
  endpoint: Endpoint;
  serverLog: ServerLog;
  login: { user: string; password: string };
}

/** Opens the folder whose gate this process holds: makes the cluster if need be, takes over from whoever died, starts PostgreSQL. */
export async function openAsOwner(options: OwnerOptions): Promise<OwnedStore> {
  const { folder, gate, kind, log } = options;
  let record = describeOwnProcess(kind);
  const cleanUps: (() => unknown)[] = [() => gate.release()];
  const cleanUp = async () => {
    for (const step of cleanUps.splice(0).toReversed()) await step();
  };
  try {
    const orphan = await findOrphan(options);
    const { endpoint, temporaryFolder } = await prepareEndpoint(folder.path, folder.runAs);
    record = { ...record, endpoint };
    writeHolder(folder.path, record, folder.handOver);
    cleanUps.push(() => {
      const isStillOurs = removeHolder(folder.path, record);
      if (isStillOurs && temporaryFolder) rmSync(temporaryFolder, { recursive: true, force: true });
    });
    if (orphan) await stopOrphan(orphan, folder.cluster, log);
    removeLeftovers(folder.path, log);
    const binaries = await prepareBinaries({ packaged: options.packaged, folder, log });
    const serverLog = openServerLog(folder.path, folder.handOver);
    cleanUps.push(() => serverLog.close());
    const password = await prepareCluster(options, binaries);
    const parts: Parts = { ...options, binaries, endpoint, serverLog, login: { user: SUPERUSER, password } };
    const events = new EventList(log);
    const supervisor = superviseCluster(parts, events);
    cleanUps.push(() => supervisor.stop());
    await startCluster(supervisor, parts);
    const connection = { ...endpoint, ...parts.login, database: MAINTENANCE_DATABASE };
    let stopped: Promise<void> | null = null;
    return {
      connection,
      holder: () => asHolder(record),
      announce: (address) => {
        record = { ...record, address };
        writeHolder(folder.path, record, folder.handOver);
      },
      onEvent: (listener) => events.add(listener),
      stop: () => (stopped ??= cleanUp()),
    };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

/** A PostgreSQL on the cluster that nobody owns any more; throws when its lock shows that somebody does. */
async function findOrphan({ folder, log }: OwnerOptions): Promise<PostmasterPid | null> {
  const login = { user: SUPERUSER, password: readPassword(folder.path) ?? '' };
  const running = await findRunningServer(folder.cluster, login, { log });
  if (!running) return null;
  const { host, port } = running;
  const attempt = await attemptOwnerLock({ host, port, ...login, database: MAINTENANCE_DATABASE });
  if (attempt.state === 'held') throw new StoreInUse(folder.path, asHolder(readHolder(folder.path)));
  return running;
}

/** Sees to it that there is a stopped cluster to start, and returns its superuser's password. */
async function prepareCluster(options: OwnerOptions, binaries: Binaries): Promise<string> {
  const { folder, log } = options;
  if (!hasUsableCluster(folder.cluster, binaries)) {
    refuseHalfRestored(folder.path);
    log('info', 'Making a new PostgreSQL data folder', { folder: folder.cluster });
    const password = writeNewPassword(folder.path, folder.handOver);
    const making = initCluster({ folder, binaries, password });
    options.onSpawn?.();
    await making;
    return password;
  }
  await stopLeftBehind(folder.cluster, log);
  const kept = readPassword(folder.path);
  if (kept !== null) return kept;
  log('warn', 'The password file is missing; setting a new password');
  const password = writeNewPassword(folder.path, folder.handOver);
  await resetPassword({ binaries, cluster: folder.cluster, runAs: folder.runAs, password });
  return password;
}

function superviseCluster(parts: Parts, events: EventList): Supervisor {
  const { folder, endpoint, login, log } = parts;
  return new Supervisor({
    spawn: () => {
      removeSocketRemains(endpoint);
      const server = spawnServer({
        binaries: parts.binaries,
        cluster: folder.cluster,
        args: serverArguments(folder.cluster, endpoint),
        runAs: folder.runAs,
        serverLog: parts.serverLog,
      });
      parts.onSpawn?.();
      return server;
    },
    attemptLock: () => attemptOwnerLock({ ...endpoint, ...login, database: MAINTENANCE_DATABASE }),
    clearWay: async () => {
      if (await findRunningServer(folder.cluster, login, { log })) return false;
      await stopLeftBehind(folder.cluster, log);
      return true;
    },
    emit: (event) => events.emit(event),
    log,
  });
}

/** Remains of a dead PostgreSQL that nobody could see (another user's, hidden by the container) give way after a while. */
const INTERLOCK = /pre-existing shared memory block|lock file "postmaster\.pid" already exists/;
const INTERLOCK_WAIT_MS = 10_000;

async function startCluster(supervisor: Supervisor, parts: Parts): Promise<void> {
  const { folder, binaries, login, serverLog, log } = parts;
  let mayReset = true;
  for (const giveUpAt = Date.now() + INTERLOCK_WAIT_MS; ;) {
    const outcome = await supervisor.start();
    if (outcome.state === 'running') return;
    if (outcome.state === 'held') throw new StoreInUse(folder.path, asHolder(readHolder(folder.path)));
    if (outcome.state === 'refused' && mayReset) {
      mayReset = false;
      log('warn', 'The password file does not fit the cluster (a restored backup?); setting the password anew');
      await supervisor.pause();
      await resetPassword({ binaries, cluster: folder.cluster, runAs: folder.runAs, password: login.password });
      continue;
    }
    const said = serverLog.readEnd();
    if (outcome.state === 'exited' && INTERLOCK.test(said) && Date.now() < giveUpAt) {
      await sleep(250);
      continue;
    }
    const how = outcome.state === 'exited' ? outcome.how : 'it refuses the password';
    throw new StoreFault(
      'start-failed',
      `PostgreSQL did not start (${how}). The end of ${serverLog.path}:\n${said || '(empty)'}`,
    );
  }
}

/** Listeners of the store; a listener that throws does not keep the others from hearing. */
class EventList {
  readonly #listeners: ((event: StoreEvent) => void)[] = [];
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  add(listener: (event: StoreEvent) => void): void {
    this.#listeners.push(listener);
  }

  emit(event: StoreEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#log('error', `A listener failed on the store's event "${event}"`, { error: String(error) });
      }
    }
  }
}

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Connection, Log } from '../connection.ts';
import { findWorkersIn, isAlive, signalProcess, worksIn } from './process-facts.ts';
import type { Endpoint } from './socket-folder.ts';

/** What postmaster.pid says, line by line. */
export interface PostmasterPid {
  pid: number;
  port: number;
  /** Folder of the socket, or the address on Windows. */
  host: string;
}

export function readPostmasterPid(cluster: string): PostmasterPid | null {
  let lines: string[];
  try {
    lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return null;
  }
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  return { pid, port: Number(lines[3]), host: lines[4]?.trim() || lines[5]?.trim() || '' };
}

/**
 * Finds out whether the number in postmaster.pid is a PostgreSQL at work on this very cluster.
 *
 * PostgreSQL itself only asks whether a process of that number lives. In a container, where numbers are small, it is
 * soon somebody else's, and the start is refused for ever; so the file is removed here when it does not speak the truth.
 */
export async function findRunningServer(
  cluster: string,
  login: Pick<Connection, 'user' | 'password'>,
  options: { log: Log; canAskKernel?: boolean },
): Promise<PostmasterPid | null> {
  const found = readPostmasterPid(cluster);
  if (found && isAlive(found.pid)) {
    const known = (options.canAskKernel ?? process.platform === 'linux') ? worksIn(found.pid, cluster) : null;
    if (known ?? (await answersFor(cluster, found, login))) return found;
  }
  const file = join(cluster, 'postmaster.pid');
  // The file of a process that is truly gone stays: PostgreSQL reads from it whether shared memory is still in use.
  if (existsSync(file) && (!found || isNumberTaken(found.pid))) {
    options.log('warn', 'Removing a stale postmaster.pid', { pid: found?.pid ?? null });
    rmSync(file, { force: true });
  }
  return null;
}

/** Removes the socket of a server that no longer runs; the pid in its lock file goes stale just as that in postmaster.pid. */
export function removeSocketRemains(endpoint: Endpoint): void {
  for (const name of [`.s.PGSQL.${endpoint.port}`, `.s.PGSQL.${endpoint.port}.lock`]) {
    rmSync(join(endpoint.host, name), { force: true });
  }
}

/** Stops a PostgreSQL nobody owns any more: fast, then at once, then by force, and whatever it left behind. */
export async function stopOrphan(server: PostmasterPid, cluster: string, log: Log): Promise<void> {
  log('warn', 'Stopping a PostgreSQL whose DevPulse is gone', { pid: server.pid });
  for (const [signal, patience] of [
    ['SIGINT', 3_000],
    ['SIGQUIT', 1_000],
    ['SIGKILL', 2_000],
  ] as const) {
    if (!signalProcess(server.pid, signal) || (await isGoneWithin(server.pid, patience))) break;
  }
  if (isAlive(server.pid)) throw new Error(`The PostgreSQL with pid ${server.pid} cannot be stopped.`);
  await stopLeftBehind(cluster, log);
}

/** Ends the children of a PostgreSQL that died without them: they hold its shared memory, and no new one starts beside it. */
export async function stopLeftBehind(cluster: string, log: Log): Promise<void> {
  // They notice by themselves that their parent is gone unless they are deep in a query.
  for (let waited = 0; waited < 300 && findWorkersIn(cluster).length > 0; waited += 20) await sleep(20);
  for (const pid of findWorkersIn(cluster)) {
    log('warn', 'Ending a process that a dead PostgreSQL left behind', { pid });
    signalProcess(pid, 'SIGKILL');
    await isGoneWithin(pid, 2_000);
  }
}

async function isGoneWithin(pid: number, patience: number): Promise<boolean> {
  for (const end = Date.now() + patience; Date.now() < end; await sleep(10)) {
    if (!isAlive(pid)) return true;
  }
  return !isAlive(pid);
}

/** True when PostgreSQL's own test would take the number for alive, be it only a process that waits to be collected. */
function isNumberTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Asks whoever answers on the socket which folder it serves; the way where the kernel does not tell (macOS, Windows). */
async function answersFor(
  cluster: string,
  found: PostmasterPid,
  login: Pick<Connection, 'user' | 'password'>,
): Promise<boolean> {
  const client = new pg.Client({
    host: found.host,
    port: found.port,
    database: 'postgres',
    ...login,
    connectionTimeoutMillis: 1_000,
    ssl: false,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string }>("select current_setting('data_directory') as folder");
    return rows[0]?.folder === cluster;
  } catch (error) {
    // A code of five characters is PostgreSQL's answer (starting, stopping, wrong password): on a private socket that is ours.
    return /^[0-9A-Z]{5}$/.test((error as { code?: string }).code ?? '');
  } finally {
    await client.end().catch(() => undefined);
  }
}

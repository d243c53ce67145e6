import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, globSync, openSync } from 'node:fs';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { findFreePort } from './find-free-port.ts';

interface ExternalServers {
  databaseUrl: string;
  redisUrl: string;
  stop(): Promise<void>;
}

interface Login {
  uid: number;
  gid: number;
}

const OLDEST_POSTGRES = 15;

/** The folder of the newest PostgreSQL on this machine that is new enough, or `null`. */
export function findPostgres(): string | null {
  const inPath = findInPath('postgres');
  const folders = globSync('/usr/lib/postgresql/*/bin').concat(inPath === null ? [] : [path.dirname(inPath)]);
  const usable = folders.filter((folder) => majorOf(folder) >= OLDEST_POSTGRES);
  return usable.toSorted((a, b) => majorOf(b) - majorOf(a))[0] ?? null;
}

/** Where a program lies, by PATH. */
export function findInPath(name: string): string | null {
  const places = (process.env['PATH'] ?? '').split(path.delimiter).concat('/usr/sbin', '/usr/local/sbin');
  return places.map((place) => path.join(place, name)).find((file) => existsSync(file)) ?? null;
}

/** Starts a throw-away PostgreSQL and Redis on free ports of the loopback, each with data in a folder of its own. */
export async function startExternalServers(): Promise<ExternalServers> {
  const folder = await mkdtemp(path.join(tmpdir(), 'devpulse-external-'));
  const children: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(children.map(stopChild));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const databaseUrl = await startPostgres(folder, children);
    const redisUrl = await startRedis(folder, children);
    return { databaseUrl, redisUrl, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startPostgres(parent: string, children: ChildProcess[]): Promise<string> {
  const bin = findPostgres();
  if (bin === null) throw new Error(`no PostgreSQL ${OLDEST_POSTGRES} or newer on this machine`);
  const login = findLogin();
  const folder = path.join(parent, 'postgres');
  await mkdir(folder, { mode: 0o700 });
  const password = randomBytes(12).toString('hex');
  const passwordFile = path.join(folder, 'password');
  await writeFile(passwordFile, password);
  if (login !== null) for (const file of [parent, folder, passwordFile]) chownSync(file, login.uid, login.gid);
  const data = path.join(folder, 'data');
  const locale = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
  execFileSync(
    path.join(bin, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      `--locale=${locale}`,
    ],
    { ...login, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const port = await findFreePort();
  // Throw-away data: what a power cut would lose is lost anyway.
  const settings = { listen_addresses: '127.0.0.1', port, max_connections: 200, fsync: 'off', full_page_writes: 'off' };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = path.join(parent, 'postgres.log');
  const output = openSync(log, 'a');
  const child = spawn(path.join(bin, 'postgres'), ['-D', data, '-k', folder, ...flags], {
    ...login,
    cwd: '/',
    stdio: ['ignore', output, output],
  });
  children.push(child);
  const isReady = (): boolean => {
    try {
      execFileSync(path.join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
      return true;
    } catch {
      return false; // its exit code says "not yet"; the caller has the time limit
    }
  };
  await waitFor(child, async () => isReady(), log);
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}

async function startRedis(parent: string, children: ChildProcess[]): Promise<string> {
  const program = findInPath('redis-server');
  if (program === null) throw new Error('no redis-server on this machine');
  const port = await findFreePort();
  const folder = path.join(parent, 'redis');
  await mkdir(folder);
  const log = path.join(parent, 'redis.log');
  const output = openSync(log, 'a');
  const flags = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', '', '--appendonly', 'no'];
  const child = spawn(program, flags, { cwd: '/', stdio: ['ignore', output, output] });
  children.push(child);
  await waitFor(child, () => answersPing(port), log);
  return `redis://127.0.0.1:${port}`;
}

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. */
function findLogin(): Login | null {
  if (process.platform === 'win32' || userInfo().uid !== 0) return null;
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

function majorOf(folder: string): number {
  try {
    const version = execFileSync(path.join(folder, 'postgres'), ['--version'], { encoding: 'utf8', stdio: 'pipe' });
    return Number(/(\d+)/.exec(version)?.[1] ?? 0);
  } catch {
    return 0; // a folder left behind by a removed package
  }
}

async function waitFor(child: ChildProcess, isReady: () => Promise<boolean>, log: string): Promise<void> {
  const giveUpAt = Date.now() + 30_000;
  while (!(await isReady())) {
    if (child.exitCode !== null || Date.now() > giveUpAt) {
      throw new Error(`${path.basename(log, '.log')} does not start:\n${await readFile(log, 'utf8')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function answersPing(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
  socket.once('data', (data) => resolve(data.toString().startsWith('+PONG')));
  socket.once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  // For PostgreSQL this is the fast stop: it ends open sessions instead of waiting for them.
  child.kill('SIGINT');
  await gone;
}

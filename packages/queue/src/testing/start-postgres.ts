import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

/** A throw-away PostgreSQL with an owner role and an application role, reached by unix socket only. */
export interface TestPostgres {
  owner: pg.PoolConfig;
  app: pg.PoolConfig;
  appRole: string;
  /** Stops as a crash does and starts again on the same data. */
  restart: () => Promise<void>;
  halt: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Starts the PostgreSQL the machine has; one that has none fails here, with what to install. */
export async function startPostgresForTests(): Promise<TestPostgres> {
  const bin = findBinaries();
  const folder = await mkdtemp(join(tmpdir(), 'queue-pg-'));
  const as = process.getuid?.() === 0 ? await unprivileged(folder) : asMyself;
  const data = join(folder, 'data');
  const options = ['-D', data, '-U', 'admin', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C'];
  await run(...as(join(bin, 'initdb'), options));
  let server = await launch({ as, bin, data, folder });
  const connection = { host: folder, database: 'devpulse' };
  await createRoles(folder);
  const halt = async (): Promise<void> => end(server, 'SIGQUIT');
  return {
    owner: { ...connection, user: 'devpulse_owner' },
    app: { ...connection, user: 'devpulse_app' },
    appRole: 'devpulse_app',
    halt,
    restart: async () => {
      await halt();
      server = await launch({ as, bin, data, folder });
    },
    stop: async () => {
      await halt();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function findBinaries(): string {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const newest = versions
    .map(Number)
    .filter(Number.isFinite)
    .toSorted((a, b) => b - a)[0];
  if (newest === undefined) throw new Error('the queue tests need a PostgreSQL server: apt-get install postgresql');
  return join(debian, String(newest), 'bin');
}

/** Turns a command into the one that runs it as the right user. */
type RunAs = (program: string, options: readonly string[]) => [string, string[]];

const asMyself: RunAs = (program, options) => [program, [...options]];

/** PostgreSQL refuses to run as root, so it runs as the user its package made. */
async function unprivileged(folder: string): Promise<RunAs> {
  const idOf = async (flag: string): Promise<number> => Number((await run('id', [flag, 'postgres'])).stdout);
  const [user, group] = [await idOf('-u'), await idOf('-g')];
  await chown(folder, user, group);
  return (program, options) => [
    'setpriv',
    [`--reuid=${user}`, `--regid=${group}`, '--clear-groups', '--', program, ...options],
  ];
}

interface Cluster {
  as: RunAs;
  bin: string;
  data: string;
  folder: string;
}

async function launch({ as, bin, data, folder }: Cluster): Promise<ChildProcess> {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${folder}`,
    'fsync=off',
    'shared_buffers=16MB',
    'max_connections=60',
  ];
  const [program, options] = as(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]);
  const server = spawn(program, options, { stdio: 'ignore' });
  await untilItAnswers(server, folder);
  return server;
}

async function untilItAnswers(server: ChildProcess, host: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with ${server.exitCode}`);
    const client = new pg.Client({ host, user: 'admin', database: 'postgres' });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function createRoles(host: string): Promise<void> {
  const admin = new pg.Client({ host, user: 'admin', database: 'postgres' });
  await admin.connect();
  await admin.query('CREATE ROLE devpulse_owner LOGIN NOSUPERUSER');
  await admin.query('CREATE ROLE devpulse_app LOGIN NOSUPERUSER NOBYPASSRLS');
  await admin.query('CREATE DATABASE devpulse OWNER devpulse_owner');
  await admin.end();
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill(signal);
  await ended;
}

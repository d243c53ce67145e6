import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createTestDatabase } from '@devpulse/db/testing/test-server';

const mainFile = fileURLToPath(new URL('../main.ts', import.meta.url));

/** The program as a process of its own, on a data folder of its own. */
export interface Program {
  child: ChildProcess;
  address: string;
  output(): string;
  /** Resolves with exit code and signal. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** What the program is told of its surroundings, by data folder. */
const surroundings = new Map<string, Record<string, string>>();

/** A data folder that is removed with everything that still runs on it. Its store is always the embedded one. */
export async function makeDataDir(): Promise<{ dataDir: string; remove: () => Promise<void> }> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'devpulse-program-'));
  return {
    dataDir,
    remove: async () => {
      await killPostgres(dataDir, 'SIGKILL');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The same, but on the external PostgreSQL and Redis where the suite runs on those. */
export async function makeSurroundings(): Promise<{
  dataDir: string;
  databaseUrl: string | undefined;
  remove: () => Promise<void>;
}> {
  const { dataDir, remove } = await makeDataDir();
  if (process.env['TEST_DATABASE_URL'] === undefined) return { dataDir, databaseUrl: undefined, remove };
  const { logins, drop } = await createTestDatabase({ empty: true });
  const { user, password, host, port, database } = logins.owner;
  const databaseUrl = `postgres://${user}:${encodeURIComponent(password)}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
  const redisUrl = process.env['TEST_REDIS_URL'];
  surroundings.set(dataDir, { DATABASE_URL: databaseUrl, ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }) });
  return {
    dataDir,
    databaseUrl,
    remove: async () => {
      surroundings.delete(dataDir);
      await remove();
      await drop();
    },
  };
}

/** Starts the server and waits until it says where it answers. */
export async function startProgram(
  dataDir: string,
  options: { args?: string[]; env?: Record<string, string> } = {},
): Promise<Program> {
  const child = spawn(
    process.execPath,
    [mainFile, 'serve', '--port', '0', '--data', dataDir, ...(options.args ?? [])],
    {
      env: { PATH: process.env['PATH'], ...surroundings.get(dataDir), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  const address = new Promise<string>((resolve, reject) => {
    const hear = (text: Buffer): void => {
      output += text.toString();
      const found = /DevPulse answers at (\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    void ended.then(() => reject(new Error(`the program ended before it answered:\n${output}`)));
  });
  return { child, address: await address, output: () => output, ended };
}

/** Runs a command of the program to its end. */
export async function runCommand(
  dataDir: string,
  args: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawnCommand(dataDir, args, options);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** Starts a command of the program, for tests that do not let it end by itself. */
export function spawnCommand(
  dataDir: string,
  args: string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [mainFile, ...args], {
    env: { PATH: process.env['PATH'], DEVPULSE_DATA: dataDir, ...surroundings.get(dataDir), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
}

/** The pid of the PostgreSQL of a data folder, or null when it left none behind. */
export async function postgresPid(dataDir: string): Promise<number | null> {
  const text = await readFile(path.join(dataDir, 'pg', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
}

/** Sends a signal to the PostgreSQL of a data folder, and only to that. */
export async function killPostgres(dataDir: string, signal: NodeJS.Signals): Promise<boolean> {
  const pid = await postgresPid(dataDir);
  if (pid === null || !(await isAliveIn(pid, dataDir))) return false;
  process.kill(pid, signal);
  return true;
}

async function isAliveIn(pid: number, dataDir: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.includes('postgres') && command.includes(path.basename(dataDir));
}

import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const mainFile = fileURLToPath(new URL('../main.ts', import.meta.url));

/** As `npm start` has it: compiled code is kept between starts, of which the tests make hundreds. */
const startEnv = {
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../../../node_modules/.cache/devpulse', import.meta.url)),
};

/** The program as a process of its own, on a data folder of its own. */
export interface Program {
  child: ChildProcess;
  address: string;
  output(): string;
  /** Resolves with exit code and signal. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** What programs on a data folder are told of the servers they shall use; the embedded store where nothing is said. */
const surroundings = new Map<string, Record<string, string>>();

/** Has every program on this data folder start with these settings, or with none of them any more. */
export function setSurroundings(dataDir: string, settings: Record<string, string> | null): void {
  if (settings === null) surroundings.delete(dataDir);
  else surroundings.set(dataDir, settings);
}

/** A data folder that is removed with everything that still runs on it. Its store is the embedded one. */
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

/** Starts the server and waits until it says where it answers. */
export async function startProgram(
  dataDir: string,
  options: { args?: string[]; env?: Record<string, string> } = {},
): Promise<Program> {
  const child = spawn(
    process.execPath,
    [mainFile, 'serve', '--port', '0', '--data', dataDir, ...(options.args ?? [])],
    {
      env: { ...startEnv, ...surroundings.get(dataDir), ...options.env },
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
    env: { ...startEnv, DEVPULSE_DATA: dataDir, ...surroundings.get(dataDir), ...options.env },
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

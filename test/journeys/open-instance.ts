import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../../tools/root.ts';

const program = path.join(ROOT, 'apps/server/src/main.ts');

/** The real program on a data folder of its own, started as a person would. */
export interface Instance {
  address: string;
  /** The one-time link for the owner, as printed. */
  ownerLink: string | null;
  folder: string;
  output(): string;
  /** Runs a command of the program beside the server. */
  run(...args: string[]): Promise<string>;
  kill(signal: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it, with these settings more; folders below `code` in its folder are the ones it may read. */
export async function openInstance(args: string[] = [], more: Record<string, string> = {}): Promise<Instance> {
  const folder = await mkdtemp(path.join(tmpdir(), 'devpulse-journey-'));
  // As root, PostgreSQL runs as a user of its own, who has to get through.
  await chmod(folder, 0o711);
  await mkdir(path.join(folder, 'code'));
  const env = {
    PATH: process.env['PATH'],
    // As `npm start` has it: compiled code is kept between starts.
    NODE_COMPILE_CACHE: path.join(ROOT, 'node_modules/.cache/devpulse'),
    HOME: folder,
    DEVPULSE_DATA: path.join(folder, 'data'),
    DEVPULSE_GIT_ROOTS: path.join(folder, 'code'),
    LOG_LEVEL: 'warn',
    ...more,
  };
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', ...args], { env, cwd: folder });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  const address = await waitForLine(child, () => output, /DevPulse answers at (\S+)/);
  const ownerLink = await waitForLine(child, () => output, /(http\S+\/setup#\S+)/).catch(() => null);
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  };
  return {
    address,
    ownerLink,
    folder,
    output: () => output,
    run: (...words) => runCommand(words, env, folder),
    kill,
    stop: async () => {
      await kill('SIGTERM');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function waitForLine(child: ChildProcess, read: () => string, pattern: RegExp): Promise<string> {
  for (let round = 0; round < 600; round += 1) {
    const found = pattern.exec(read())?.[1];
    if (found !== undefined) return found;
    if (child.exitCode !== null) break;
    // Once it answers, everything else it has to say follows within moments.
    if (pattern.source.includes('setup') && round > 50) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the program never said ${pattern.source}:\n${read()}`);
}

async function runCommand(words: string[], env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  const child = spawn(process.execPath, [program, ...words], { env, cwd });
  let output = '';
  child.stdout.on('data', (text: Buffer) => (output += text.toString()));
  child.stderr.on('data', (text: Buffer) => (output += text.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`devpulse ${words.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

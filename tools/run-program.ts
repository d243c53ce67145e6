import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './root.ts';

interface ProgramOptions {
  env?: NodeJS.ProcessEnv;
  /** Where to run it; the root when left out. */
  cwd?: string;
  /** Show the output as it comes instead of keeping it. */
  show?: boolean;
}

interface ProgramResult {
  ok: boolean;
  output: string;
}

/** Runs a program in the root until it ends; a signal to us reaches it as well. */
export async function runProgram(file: string, args: string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  const { promise, resolve, reject } = Promise.withResolvers<ProgramResult>();
  const stdio = options.show === true ? 'inherit' : 'pipe';
  // With CI=true the linter writes colours into a pipe, whatever NO_COLOR says, and they tear apart what the tests look for.
  const { CI: _ci, ...env } = options.env ?? process.env;
  const child = spawn(file, args, { cwd: options.cwd ?? ROOT, stdio: ['ignore', stdio, stdio], env });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, forward);
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.once('error', reject);
  child.once('close', (code) => {
    for (const signal of signals) process.off(signal, forward);
    resolve({ ok: code === 0, output });
  });
  return promise;
}

/** The script behind a package's command: run by our own Node, since the shebang would pick whatever is in PATH. */
export function findBin(name: string, command = name): string {
  const folder = path.join(ROOT, 'node_modules', name);
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    bin: string | Record<string, string>;
  };
  const bin = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[command];
  if (bin === undefined || !existsSync(path.join(folder, bin))) throw new Error(`${name} has no command ${command}`);
  return path.join(folder, bin);
}

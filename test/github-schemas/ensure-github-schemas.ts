import { closeSync, existsSync, futimesSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runProgram } from '../../tools/run-program.ts';

const folder = import.meta.dirname;
const beatMs = 1000;
const deadAfterMs = 10_000;

interface Lock {
  packages: Record<string, { version?: string; integrity?: string }>;
}

/**
 * What GitHub publishes of its shapes has a package of its own, which nobody needs who only runs DevPulse. It is installed when
 * the tests begin; one process does it, the others wait.
 */
export async function ensureGithubSchemas(): Promise<void> {
  if (areInstalled(folder)) return;
  const log = await takeTurn();
  const beat = setInterval(() => futimesSync(log, new Date(), new Date()), beatMs);
  try {
    if (areInstalled(folder)) return;
    process.stderr.write('Installing what GitHub publishes of its shapes, about 400 MB … ');
    const started = performance.now();
    const { ok, output } = await runNpm();
    process.stderr.write(ok ? `${Math.round((performance.now() - started) / 1000)} s\n` : 'failed\n');
    if (!ok) throw new Error(`npm ci in test/github-schemas failed:\n${output.slice(-2000)}`);
  } finally {
    clearInterval(beat);
    closeSync(log);
    rmSync(logFile, { force: true });
  }
}

const logFile = path.join(folder, 'install.log');

/** While the file exists and is touched every second, somebody installs. */
async function takeTurn(): Promise<number> {
  for (;;) {
    try {
      return openSync(logFile, 'wx');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const touched = statSync(logFile, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - touched > deadAfterMs) rmSync(logFile, { force: true });
    await delay(300);
  }
}

/** npm notes down what it installed as the last thing that it does. */
export function areInstalled(place: string): boolean {
  const noted = path.join(place, 'node_modules', '.package-lock.json');
  if (!existsSync(noted)) return false;
  const installed = readLock(noted);
  return Object.entries(readLock(path.join(place, 'package-lock.json')))
    .filter(([name]) => name !== '')
    .every(([name, { version, integrity }]) => {
      const found = installed[name];
      return found?.version === version && found?.integrity === integrity;
    });
}

function readLock(file: string): Lock['packages'] {
  return (JSON.parse(readFileSync(file, 'utf8')) as Lock).packages;
}

function runNpm(): ReturnType<typeof runProgram> {
  const cli = process.env['npm_execpath'];
  const args = ['ci', '--no-audit', '--no-fund'];
  if (cli !== undefined && /npm-cli\.c?js$/.test(cli)) {
    return runProgram(process.env['npm_node_execpath'] ?? process.execPath, [cli, ...args], { cwd: folder });
  }
  return process.platform === 'win32'
    ? runProgram('cmd.exe', ['/d', '/s', '/c', 'npm.cmd', ...args], { cwd: folder })
    : runProgram('npm', args, { cwd: folder });
}

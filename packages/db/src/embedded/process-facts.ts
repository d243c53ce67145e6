import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { childEnvironment } from './child-environment.ts';

/** True when a process of that number lives; one that ended and only waits to be collected does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there and somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

/** Sends a signal; false when the process is gone already. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** What Linux says about a process: is it a postgres at work in that folder? `null` when it will not tell. */
export function worksIn(pid: number, folder: string): boolean | null {
  const command = readProc(pid, 'comm');
  if (command === null) return null;
  if (command !== 'postgres') return false;
  return isWorkingDirectory(pid, folder) ?? askAsOwner([pid], folder).includes(pid);
}

/**
 * Every postgres process at work in that folder: the server and its children, also those it left behind.
 * Linux only, else none.
 */
export function findWorkersIn(folder: string): number[] {
  if (process.platform !== 'linux' || !existsSync(folder)) return [];
  const servers = listPids().filter((pid) => readProc(pid, 'comm') === 'postgres' && !isZombie(pid));
  const hidden: number[] = [];
  const seen = servers.filter((pid) => {
    const isThere = isWorkingDirectory(pid, folder);
    if (isThere === null) hidden.push(pid);
    return isThere === true;
  });
  return [...seen, ...askAsOwner(hidden, folder)];
}

/** An initdb that outlived whoever started it and still works on that folder. Linux only, else none. */
export function findMakersOf(folder: string): number[] {
  if (process.platform !== 'linux') return [];
  return listPids().filter(
    (pid) => readProc(pid, 'comm') === 'initdb' && readProc(pid, 'cmdline')?.includes(`=${folder}\0`),
  );
}

/** True or false as the kernel says; null when it will not tell: root in a container has no CAP_SYS_PTRACE. */
function isWorkingDirectory(pid: number, folder: string): boolean | null {
  try {
    return isSameFolder(`/proc/${pid}/cwd`, folder);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? null : false;
  }
}

/** Asks as the folder's owner, who may look at processes of its own even where root may not. */
function askAsOwner(pids: readonly number[], folder: string): number[] {
  const { uid, gid } = statSync(folder);
  const own = pids.filter((pid) => statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === uid);
  if (own.length === 0 || process.getuid?.() !== 0) return [];
  const script = 'for pid; do echo "$pid $(readlink "/proc/$pid/cwd")"; done';
  const { stdout } = spawnSync('sh', ['-c', script, 'sh', ...own.map(String)], {
    uid,
    gid,
    cwd: '/',
    env: childEnvironment(),
    encoding: 'utf8',
  });
  const lines = stdout.split('\n');
  return own.filter((pid) => lines.includes(`${pid} ${folder}`));
}

function listPids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function isZombie(pid: number): boolean {
  // The name stands in brackets and may hold anything, so the state is what follows the last one.
  const state = readProc(pid, 'stat')?.split(') ').at(-1)?.[0];
  return state === 'Z' || state === 'X';
}

function isSameFolder(one: string, other: string): boolean {
  const a = statSync(one, { bigint: true });
  const b = statSync(other, { bigint: true });
  return a.dev === b.dev && a.ino === b.ino;
}

function readProc(pid: number, file: 'comm' | 'cmdline' | 'stat'): string | null {
  if (process.platform !== 'linux') return null;
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').replace(/\n$/, '');
  } catch {
    return null;
  }
}

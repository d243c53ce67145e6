import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename } from 'node:path';

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
  try {
    return isSameFolder(`/proc/${pid}/cwd`, folder);
  } catch {
    // Root in a container without CAP_SYS_PTRACE may not look at another user's cwd; the command line is open to all.
    const words = readProc(pid, 'cmdline')?.split('\0') ?? [];
    const named = words[words.indexOf('-D') + 1];
    if (basename(words[0] ?? '') !== 'postgres' || !words.includes('-D') || named === undefined) return false;
    return existsSync(named) && isSameFolder(named, folder);
  }
}

/** Every postgres process at work in that folder: the server and its children, also those it left behind. Linux only, else none. */
export function findWorkersIn(folder: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => worksIn(pid, folder) === true && !isZombie(pid));
}

/** An initdb that outlived whoever started it and still works on that folder. Linux only, else none. */
export function findMakersOf(folder: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => readProc(pid, 'comm') === 'initdb' && readProc(pid, 'cmdline')?.includes(`=${folder}\0`));
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

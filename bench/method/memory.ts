import { readdirSync, readFileSync } from 'node:fs';

/** Memory of a process in bytes, shared pages divided among those who share them; 0 when it is gone. Linux only. */
export function readPss(pid: number): number {
  return readField(`/proc/${pid}/smaps_rollup`, 'Pss') * 1024;
}

/** Resident memory of a process in bytes. */
export function readRss(pid: number): number {
  return readField(`/proc/${pid}/status`, 'VmRSS') * 1024;
}

/** PSS of a process and everything that descends from it. */
export function readTreePss(pid: number): number {
  return [pid, ...findDescendants(pid)].reduce((sum, one) => sum + readPss(one), 0);
}

function readField(file: string, name: string): number {
  try {
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
  } catch {
    // It ended between being listed and being read.
    return 0;
  }
}

function findDescendants(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = readParent(name);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const collect = (pid: number): number[] => (children.get(pid) ?? []).flatMap((child) => [child, ...collect(child)]);
  return collect(root);
}

function readParent(pid: string): number {
  try {
    // The name in brackets may hold anything, brackets too; what is counted stands behind the last one.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1)?.trim().split(' ')[1] ?? 0);
  } catch {
    return 0;
  }
}

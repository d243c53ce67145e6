import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Endpoint } from './socket-folder.ts';

/** Who holds a data folder. */
export interface StoreHolder {
  pid: number;
  kind: 'server' | 'command';
  /** Address the server answers on; null until it is announced, and for commands. */
  address: string | null;
  /** ISO instant. */
  startedAt: string;
}

/** What the holder writes beside the cluster: who it is, and where its PostgreSQL listens. */
export interface HolderRecord extends StoreHolder {
  host: string;
  endpoint: Endpoint | null;
}

const FILE = 'holder.json';

/** The record without what is only of use inside the folder; a nobody when there is none. */
export function asHolder(record: HolderRecord | null): StoreHolder {
  if (!record) return { pid: 0, kind: 'server', address: null, startedAt: '' };
  const { pid, kind, address, startedAt } = record;
  return { pid, kind, address, startedAt };
}

/** A record for this process. */
export function describeOwnProcess(kind: StoreHolder['kind']): HolderRecord {
  return {
    pid: process.pid,
    kind,
    address: null,
    startedAt: new Date().toISOString(),
    host: hostname(),
    endpoint: null,
  };
}

/** The record in the folder, or null when there is none or it cannot be read. The lock is the truth; this only tells who. */
export function readHolder(dataDir: string): HolderRecord | null {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(join(dataDir, FILE), 'utf8'));
  } catch {
    return null;
  }
  return isHolderRecord(found) ? found : null;
}

/** Replaces the record in one step, so that a reader never sees half of it. */
export function writeHolder(dataDir: string, record: HolderRecord, handOver: (path: string) => void): void {
  const path = join(dataDir, FILE);
  const fresh = `${path}.${process.pid}.new`;
  writeFileSync(fresh, `${JSON.stringify(record)}\n`);
  // Readable by all: the start of another user must name the holder, and there is nothing secret in it.
  chmodSync(fresh, 0o644);
  handOver(fresh);
  renameSync(fresh, path);
}

/** Removes the record if it is still this one; false when it is somebody else's by now. */
export function removeHolder(dataDir: string, own: HolderRecord): boolean {
  const found = readHolder(dataDir);
  if (found && (found.pid !== own.pid || found.startedAt !== own.startedAt)) return false;
  rmSync(join(dataDir, FILE), { force: true });
  return true;
}

function isHolderRecord(found: unknown): found is HolderRecord {
  if (typeof found !== 'object' || found === null) return false;
  const record = found as Partial<HolderRecord>;
  return (
    Number.isSafeInteger(record.pid) &&
    (record.kind === 'server' || record.kind === 'command') &&
    (record.address === null || typeof record.address === 'string') &&
    typeof record.startedAt === 'string' &&
    typeof record.host === 'string'
  );
}

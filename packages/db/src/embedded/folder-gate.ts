import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreFault } from './store-faults.ts';

/** Proof that this process, and no other, may start or stop PostgreSQL in a folder. */
export interface FolderGate {
  release(): void;
}

const BUSY = 5;

/**
 * Takes the folder's gate, or returns null when another living process has it.
 *
 * The advisory lock says who owns the store, but it lives inside PostgreSQL: while none runs (first start, a crash,
 * the moments around a restart) it cannot keep two starters apart. A lock of the kernel can, and it ends with its
 * process, however that dies, so it is never stale. SQLite is how Node reaches one (fcntl, LockFileEx) without a
 * native module; a lock file with a pid in it was rejected, since two takers of a stale one can both win.
 * Nothing else in this process may open the file: closing any handle on it would drop an fcntl lock.
 */
export function tryGate(dataDir: string, handOver: (path: string) => void): FolderGate | null {
  const path = join(dataDir, 'owner.lock');
  const isNew = !existsSync(path);
  let file: DatabaseSync | null = null;
  try {
    file = new DatabaseSync(path, { timeout: 0 });
    if (isNew) handOver(path);
    // A journal in memory, because the default leaves a second file behind when the process is killed.
    file.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    const held = file;
    return { release: () => held.close() };
  } catch (error) {
    file?.close();
    if (((error as { errcode?: number }).errcode ?? 0) % 256 === BUSY) return null;
    throw new StoreFault(
      'lock-unusable',
      `The lock file ${path} cannot be used (${(error as Error).message}). Is the folder writable and on a local disk? Otherwise choose another one with --data.`,
      { cause: error },
    );
  }
}

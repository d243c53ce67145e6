import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataFolder } from './data-folder.ts';
import { StoreFault } from './store-faults.ts';

const FILE = 'restore-unfinished.json';

interface RestoreNote {
  /** Where the store lies that was there before. */
  kept: string;
  /** Where the unpacked backup lies. */
  fresh: string;
}

/** Writes down that the store is being exchanged. */
export function noteRestore(folder: DataFolder, note: RestoreNote): void {
  const path = join(folder.path, FILE);
  writeFileSync(path, `${JSON.stringify(note)}\n`, { mode: 0o600, flush: true });
  folder.handOver(path);
}

export function forgetRestore(dataDir: string): void {
  rmSync(join(dataDir, FILE), { force: true });
}

/** An exchange that was cut off between its two renames left no store in its place; making an empty one would hide both. */
export function refuseHalfRestored(dataDir: string): void {
  const path = join(dataDir, FILE);
  if (!existsSync(path)) return;
  const { kept } = JSON.parse(readFileSync(path, 'utf8')) as RestoreNote;
  if (!existsSync(kept)) {
    forgetRestore(dataDir);
    return;
  }
  throw new StoreFault(
    'restore-unfinished',
    `A restore was cut off in ${dataDir}. Run it again, or take the former store back: mv ${kept} ${join(dataDir, 'pg')} && rm ${path}`,
  );
}

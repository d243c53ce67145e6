import { chmod, chown, mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { writeCompressed } from './write-compressed.ts';

const PARTIAL_HOURS_MAX = 24;

/** How many backups of a kind are kept. */
export const BACKUPS_KEPT = 5;

interface BackupPlace {
  folder: string;
  kind: 'embedded' | 'external';
  label: string;
  /** Ending of the name, such as '.tar.gz'. */
  ending: string;
}

/**
 * Writes one compressed backup: what `fill` puts into the stream is in the folder under its final name when, and only
 * when, all of it is on the disk. Afterwards the older ones of its kind are removed.
 */
export async function writeBackupFile(
  place: BackupPlace,
  fill: (sink: Writable) => Promise<void>,
): Promise<{ file: string; bytes: number }> {
  const { folder, kind } = place;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  await giveToOwnerOf(path.dirname(folder), folder);
  const stamp = new Date().toISOString().replace(/[-:.]/g, '');
  const name = `${kind}-${stamp}-${cleanLabel(place.label)}${place.ending}`;
  const file = path.join(folder, name);
  await writeCompressed({ file, over: false, finish: (partial) => giveToOwnerOf(folder, partial) }, fill);
  await removeOld(folder, kind, name);
  return { file, bytes: (await stat(file)).size };
}

/** The newest stay, the one just made among them whatever the clock says; so do partial files that may be in the making. */
async function removeOld(folder: string, kind: string, justMade: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${kind}-`));
  const finished = names.filter((name) => name.endsWith('.gz') && name !== justMade).toSorted();
  const surplus = finished.slice(0, Math.max(0, finished.length - (BACKUPS_KEPT - 1)));
  for (const name of names.filter((entry) => entry.endsWith('.partial'))) {
    const { mtimeMs } = await stat(path.join(folder, name));
    if (Date.now() - mtimeMs > PARTIAL_HOURS_MAX * 3_600_000) surplus.push(name);
  }
  for (const name of surplus) await rm(path.join(folder, name), { force: true });
}

/** Root may run DevPulse in a user's folder for once; that user's own backups must go on afterwards. */
async function giveToOwnerOf(parent: string, made: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(parent);
  if (uid !== 0) await chown(made, uid, gid);
}

function cleanLabel(label: string): string {
  return label.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 60) || 'backup';
}

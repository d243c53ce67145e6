import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../connection.ts';
import type { DataFolder } from './data-folder.ts';
import { findMissingLinks, makeLinks } from './library-links.ts';
import { describeUnusable, type PackagedBinaries } from './locate-binaries.ts';
import { runTool, type RunAs } from './run-tool.ts';
import { StoreFault } from './store-faults.ts';

/** PostgreSQL programs that were proved to run as the user they will run as. */
export interface Binaries {
  postgres: string;
  initdb: string;
  pgCtl: string;
  /** Major version, as it stands in a cluster's PG_VERSION. */
  major: string;
}

interface Preparation {
  packaged: PackagedBinaries;
  folder: DataFolder;
  log: Log;
}

/**
 * Makes the packaged PostgreSQL runnable: restores its library links, and copies it once beside the data
 * when the links cannot be made in place or the user it runs as cannot reach it.
 */
export async function prepareBinaries(preparation: Preparation): Promise<Binaries> {
  const { packaged, log } = preparation;
  const { path, runAs, handOver } = preparation.folder;
  const folder = join(path, 'binaries');
  const copy = join(folder, packaged.version);
  let reason = 'its library links are missing and the folder is read-only.';
  if (makeLinks(packaged.native, findMissingLinks(packaged.native))) {
    const inPlace = await probe(packaged.native, runAs);
    if ('major' in inPlace) return inPlace;
    reason = inPlace.reason;
  }
  if (!existsSync(copy)) {
    log('info', 'Copying PostgreSQL beside the data', { why: reason, to: copy });
    await copyBinaries({ native: packaged.native, folder, copy, handOver });
  }
  const copied = await probe(copy, runAs);
  if ('major' in copied) return copied;
  throw describeUnusable(copied.reason);
}

async function copyBinaries(options: {
  native: string;
  folder: string;
  copy: string;
  handOver: (path: string) => void;
}): Promise<void> {
  const { native, folder, copy, handOver } = options;
  await mkdir(folder, { recursive: true, mode: 0o755 });
  // mkdir's mode is cut by the umask; root's is often 077, and then the other user reads nothing.
  await chmod(folder, 0o755);
  handOver(folder);
  for (const old of await readdir(folder)) await rm(join(folder, old), { recursive: true, force: true });
  const fresh = await mkdtemp(join(folder, '.new-'));
  await cp(native, fresh, { recursive: true, verbatimSymlinks: true });
  // First the rights: the folders of a read-only installation are copied as they are, and would take no links.
  await openToAll(fresh, handOver);
  if (!makeLinks(fresh, findMissingLinks(fresh))) throw new Error(`The library links cannot be made in ${fresh}.`);
  await rename(fresh, copy);
}

async function openToAll(folder: string, handOver: (path: string) => void): Promise<void> {
  await chmod(folder, 0o755);
  handOver(folder);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path, handOver);
    else if (entry.isFile()) await chmod(path, folder.endsWith('bin') ? 0o755 : 0o644);
  }
}

async function probe(native: string, runAs: RunAs | null): Promise<Binaries | { reason: string }> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => join(native, 'bin', name + suffix);
  const { code, output, startError } = await runTool(program('postgres'), ['--version'], { runAs });
  if (startError?.code === 'EPERM' && runAs) {
    throw new StoreFault(
      'no-system-user',
      `This process is root but may not start programs as the user ${runAs.name}, and PostgreSQL refuses to run as root. Start DevPulse as an ordinary user.`,
    );
  }
  const major = /^postgres \(PostgreSQL\) (\d+)/.exec(output)?.[1];
  if (code === 0 && major) {
    return { postgres: program('postgres'), initdb: program('initdb'), pgCtl: program('pg_ctl'), major };
  }
  return {
    reason: startError ? `${startError.message}.` : `${output || 'it ended without a word'} (exit code ${code}).`,
  };
}

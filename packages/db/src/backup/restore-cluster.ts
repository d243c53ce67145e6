import { existsSync, mkdtempSync, chownSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { Log } from '../connection.ts';
import { prepareDataFolder, type DataFolder } from '../embedded/data-folder.ts';
import { type FolderGate, tryGate } from '../embedded/folder-gate.ts';
import { asHolder, readHolder } from '../embedded/holder-file.ts';
import { locateBinaries } from '../embedded/locate-binaries.ts';
import { prepareBinaries } from '../embedded/prepare-binaries.ts';
import { findRunningServer, stopLeftBehind, stopOrphan } from '../embedded/stale-pid.ts';
import { StoreInUse } from '../embedded/store-faults.ts';
import { forgetRestore, noteRestore } from '../embedded/restore-note.ts';
import { readPassword, SUPERUSER } from '../embedded/superuser-password.ts';
import { StoreUnusable } from '../prepare-roles.ts';
import type { BackupHeader } from './sealed-file.ts';
import { unpackCluster } from './unpack-cluster.ts';

export interface RestoreCluster {
  dataDir: string;
  header: BackupHeader;
  payload: () => Readable;
  /** Puts what is there aside. */
  force: boolean;
  log: Log;
  onStep?: (step: string) => void;
}

/**
 * Puts the cluster of a backup in the place of the embedded store, of which nothing is touched until all of the backup lies
 * unpacked beside it. What was there is kept under another name, which is answered.
 */
export async function restoreCluster(options: RestoreCluster): Promise<{ kept: string | null }> {
  const folder = await prepareDataFolder(options.dataDir);
  const gate = takeGate(folder);
  try {
    const isThere = existsSync(folder.cluster) && readdirSync(folder.cluster).length > 0;
    if (isThere && !options.force)
      throw new StoreUnusable(
        `there is a store in ${folder.path} already; --force puts the backup in its place and keeps it under another name`,
      );
    await refuseOtherMajor(folder, options);
    if (isThere) await clearWay(folder, options.log);
    options.onStep?.('Unpacking');
    // Whatever begins like this and lies around is removed by the next start.
    const fresh = mkdtempSync(path.join(folder.path, `pg.new-${process.pid}-`));
    try {
      if (folder.runAs !== null) chownSync(fresh, folder.runAs.uid, folder.runAs.gid);
      await unpackCluster(options.payload(), { folder: fresh, owner: folder.runAs });
      if (!statSync(path.join(fresh, 'PG_VERSION'), { throwIfNoEntry: false })?.isFile())
        throw new StoreUnusable('the backup holds no PostgreSQL folder');
      return { kept: exchange(folder, fresh, isThere) };
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      throw error;
    }
  } finally {
    gate.release();
  }
}

/** A cluster starts only under the major version that wrote it. */
async function refuseOtherMajor(folder: DataFolder, { header, log }: RestoreCluster): Promise<void> {
  const { major } = await prepareBinaries({ packaged: locateBinaries(), folder, log });
  if (String(header.serverMajor) === major) return;
  throw new StoreUnusable(
    `this backup is of PostgreSQL ${header.serverMajor}, and this DevPulse brings ${major}; restore it with DevPulse ` +
      `${header.program}, and take one there with devpulse backup --tables`,
  );
}

/** A PostgreSQL whose DevPulse was killed may still be at work in the folder. */
async function clearWay(folder: DataFolder, log: Log): Promise<void> {
  const login = { user: SUPERUSER, password: readPassword(folder.path) ?? '' };
  const orphan = await findRunningServer(folder.cluster, login, { log });
  if (orphan !== null) await stopOrphan(orphan, folder.cluster, log);
  await stopLeftBehind(folder.cluster, log);
}

function takeGate(folder: DataFolder): FolderGate {
  const gate = tryGate(folder.path, folder.handOver);
  if (gate === null) throw new StoreInUse(folder.path, asHolder(readHolder(folder.path)));
  return gate;
}

/** Two renames. Between them there is no store, which a note tells whoever starts then: it must not make an empty one. */
function exchange(folder: DataFolder, fresh: string, isThere: boolean): string | null {
  const stamp = new Date().toISOString().replace(/[-:.]/g, '');
  const kept = isThere ? `${folder.cluster}.before-restore-${stamp}` : null;
  if (kept !== null) {
    noteRestore(folder, { kept, fresh });
    renameSync(folder.cluster, kept);
  } else if (existsSync(folder.cluster)) {
    rmSync(folder.cluster, { recursive: true });
  }
  renameSync(fresh, folder.cluster);
  forgetRestore(folder.path);
  return kept;
}

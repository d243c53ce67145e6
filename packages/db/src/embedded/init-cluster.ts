import {
  chownSync,
  existsSync,
  openSync,
  closeSync,
  fsyncSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Log } from '../connection.ts';
import type { DataFolder } from './data-folder.ts';
import type { Binaries } from './prepare-binaries.ts';
import { findMakersOf, findWorkersIn, signalProcess } from './process-facts.ts';
import { runTool } from './run-tool.ts';
import { StoreFault } from './store-faults.ts';
import { SUPERUSER } from './superuser-password.ts';

const LEFTOVER = 'pg.new-';

/** True when the folder holds a cluster these binaries can run; throws when it holds something else. */
export function hasUsableCluster(cluster: string, binaries: Pick<Binaries, 'major'>): boolean {
  if (!existsSync(cluster)) return false;
  if (readdirSync(cluster).length === 0) {
    // An empty folder is what a failed restore or a mount point leaves; there is nothing in it to lose.
    rmdirSync(cluster);
    return false;
  }
  const file = join(cluster, 'PG_VERSION');
  const version = existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
  if (version === null || !/^\d+$/.test(version) || !existsSync(join(cluster, 'global', 'pg_control'))) {
    throw new StoreFault(
      'not-a-cluster',
      `${cluster} is not a complete PostgreSQL data folder (PG_VERSION or global/pg_control is missing or unreadable). ` +
        `Restore a backup into it, or move it away to begin anew.`,
    );
  }
  if (version !== binaries.major) {
    throw new StoreFault(
      'wrong-version',
      `${cluster} was made by PostgreSQL ${version}, but this DevPulse brings PostgreSQL ${binaries.major}. ` +
        `Start the DevPulse version that made it, or move its data over with a dump.`,
    );
  }
  return true;
}

/** Removes what a start that was killed in the middle of initdb left behind. The caller holds the gate, so nobody is at work in it. */
export function removeLeftovers(dataDir: string, log: Log): void {
  for (const name of readdirSync(dataDir).filter((entry) => entry.startsWith(LEFTOVER))) {
    log('warn', 'Removing a half-made PostgreSQL folder', { name });
    const path = join(dataDir, name);
    // The initdb of a killed start works on until it is done, and would write after the folder was emptied.
    for (const pid of [...findMakersOf(path), ...findWorkersIn(path)]) signalProcess(pid, 'SIGKILL');
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    } catch (error) {
      // Where such a process cannot be found it harms nobody; the next start tries again.
      log('warn', 'A half-made PostgreSQL folder could not be removed yet', { name, error: (error as Error).message });
    }
  }
}

/** Makes the cluster beside its place and renames it, so that a kill in the middle leaves nothing that looks finished. */
export async function initCluster(options: {
  folder: DataFolder;
  binaries: Binaries;
  password: string;
}): Promise<void> {
  const { folder, binaries, password } = options;
  // initdb runs its neighbour `postgres` through a shell, with its path between double quotes.
  if (process.platform !== 'win32' && /["$`\\]/.test(binaries.initdb)) {
    throw new StoreFault(
      'binaries-unusable',
      `PostgreSQL cannot set itself up from ${dirname(binaries.initdb)}: its path holds one of " $ \` \\. ` +
        `Move DevPulse, or choose another data folder with --data.`,
    );
  }
  // A random end as well as the pid: in a container the next start often has the same pid.
  const fresh = mkdtempSync(join(folder.path, `${LEFTOVER}${process.pid}-`));
  const passwordFile = `${fresh}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  for (const path of [fresh, passwordFile]) if (folder.runAs) chownSync(path, folder.runAs.uid, folder.runAs.gid);
  try {
    const { code, output, startError } = await runTool(
      binaries.initdb,
      [...initArguments(fresh), `--pwfile=${passwordFile}`],
      {
        runAs: folder.runAs,
      },
    );
    if (code !== 0) throw describeInitFailure(startError?.message ?? output);
    renameSync(fresh, folder.cluster);
    syncFolder(folder.path);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

function initArguments(target: string): string[] {
  return [
    `--pgdata=${target}`,
    `--username=${SUPERUSER}`,
    '--encoding=UTF8',
    // Sorting and case by PostgreSQL itself: neither the C library's nor ICU's version can change an index.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--auth-local=scram-sha-256',
    '--auth-host=scram-sha-256',
    '--no-instructions',
  ];
}

/** The fault for an initdb that failed, with what it said. */
export function describeInitFailure(said: string): StoreFault {
  if (said.includes('could not look up effective user ID')) {
    return new StoreFault(
      'no-user-name',
      `PostgreSQL needs the user it runs as to have a name, and uid ${process.getuid?.()} has none (no line in /etc/passwd). ` +
        `Start the container as root or as a user of its image, or set DATABASE_URL.`,
    );
  }
  return new StoreFault('initdb-failed', `The PostgreSQL data folder could not be made: ${said}`);
}

function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

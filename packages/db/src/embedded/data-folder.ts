import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { findBlockedParent, findDeepestExisting } from './find-blocked-parent.ts';
import type { RunAs } from './run-tool.ts';
import { StoreFault } from './store-faults.ts';
import { ensureSystemUser, findUser } from './system-user.ts';

/** A data folder that exists and that the user PostgreSQL runs as can reach. */
export interface DataFolder {
  /** Real path, with no links in it. */
  path: string;
  /** Folder of the cluster; it need not exist yet. */
  cluster: string;
  /** User PostgreSQL runs as; null when that is the user of this process. */
  runAs: RunAs | null;
  /** Gives a file this process made to the owner of the folder, so that the owner can start DevPulse without root later. */
  handOver(path: string): void;
}

const SYSTEM_USER = 'devpulse';

/** Makes the data folder when it is missing and settles who PostgreSQL runs as in it. */
export async function prepareDataFolder(dataDir: string): Promise<DataFolder> {
  const wanted = resolve(dataDir);
  if (process.getuid?.() === 0) return prepareAsRoot(wanted);
  try {
    makeFolder(wanted);
    accessSync(wanted, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new StoreFault(
      'forbidden-folder',
      `The data folder ${wanted} cannot be used by this user (${(error as Error).message}). Choose another one with --data.`,
      { cause: error },
    );
  }
  const path = realpathSync(wanted);
  const cluster = join(path, 'pg');
  refuseForeignCluster(cluster, process.getuid?.());
  return { path, cluster, runAs: null, handOver: () => undefined };
}

async function prepareAsRoot(wanted: string): Promise<DataFolder> {
  const given = await findGivenUser(wanted);
  const known = given ?? (await findUser(SYSTEM_USER));
  const mayOpen = isFreshOrOurs(wanted);
  const blocked = findBlockedParent(findDeepestExisting(mayOpen ? resolve(wanted, '..') : wanted), known);
  if (blocked) {
    throw new StoreFault(
      'unreachable-folder',
      `PostgreSQL runs as the user "${known?.name ?? SYSTEM_USER}", who may not enter ${blocked} on the way to the data folder ${wanted}. ` +
        `Choose another folder with --data, such as /var/lib/devpulse.`,
    );
  }
  const runAs = given ?? (await ensureSystemUser(SYSTEM_USER));
  makeFolder(wanted);
  // An administrator's fresh folder is often 0700 and root's; the child needs to pass through it, no more.
  if (mayOpen) chmodSync(wanted, 0o711);
  const path = realpathSync(wanted);
  const { uid, gid } = statSync(path);
  // The folder itself stays its owner's: root writes files here, and a folder the child could write to could hold links that lead root astray.
  const handOver = (file: string) => (uid === 0 ? undefined : chownSync(file, uid, gid));
  return { path, cluster: join(path, 'pg'), runAs, handOver };
}

/** True when root may let others pass through the folder: it is new, empty or root's own with a cluster in it, and not somebody's home. */
function isFreshOrOurs(wanted: string): boolean {
  if (!existsSync(wanted)) return true;
  if (statSync(wanted).uid !== 0) return false;
  return readdirSync(wanted).length === 0 || existsSync(join(wanted, 'pg', 'PG_VERSION'));
}

/** The user an existing folder already belongs to: started once by Ada and then by root, it stays Ada's. */
async function findGivenUser(wanted: string): Promise<RunAs | null> {
  const cluster = join(wanted, 'pg');
  if (existsSync(cluster) && readdirSync(cluster).length > 0) {
    const { uid, gid } = statSync(cluster);
    if (uid === 0) {
      throw new StoreFault(
        'wrong-owner',
        `The PostgreSQL folder ${cluster} belongs to root, and PostgreSQL refuses to run as root. Give it away: chown -R ${SYSTEM_USER} ${cluster}`,
      );
    }
    return { uid, gid, name: `#${uid}` };
  }
  if (!existsSync(wanted)) return null;
  const { uid, gid } = statSync(wanted);
  return uid === 0 ? null : { uid, gid, name: `#${uid}` };
}

function refuseForeignCluster(cluster: string, ownUid: number | undefined): void {
  const found = statSync(cluster, { throwIfNoEntry: false });
  if (!found || ownUid === undefined || found.uid === ownUid) return;
  throw new StoreFault(
    'forbidden-folder',
    `The PostgreSQL folder ${cluster} belongs to another user (uid ${found.uid}). Start DevPulse as that user or as root, or choose another folder with --data.`,
  );
}

function makeFolder(path: string): void {
  const firstMade = mkdirSync(path, { recursive: true });
  if (!firstMade) return;
  // 0711: nobody else may list it, but another user's start can read who holds it.
  chmodSync(path, 0o711);
  if (process.getuid?.() !== 0) return;
  // Under root's umask 077 the parents made on the way would shut PostgreSQL's user out.
  for (let at = dirname(path); at.length >= firstMade.length; at = dirname(at)) chmodSync(at, 0o755);
}

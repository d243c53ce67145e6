import { createHash } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunAs } from './run-tool.ts';

/** Where a PostgreSQL of ours listens: a folder with a socket in it, or the loopback address on Windows. */
export interface Endpoint {
  host: string;
  port: number;
}

/** The kernel cuts a socket's address: 108 bytes on Linux, 104 on macOS and the BSDs, the closing zero included. */
const PATH_BYTES_MAX = process.platform === 'linux' ? 107 : 103;
const PORT = 5432;

/** True when PostgreSQL's socket fits into an address in that folder; bytes count, not characters. */
export function socketFits(folder: string): boolean {
  return Buffer.byteLength(join(folder, `.s.PGSQL.${PORT}`)) <= PATH_BYTES_MAX;
}

/** Makes the private place PostgreSQL listens in: in the data folder, or in a short temporary folder when its path is too long. */
export async function prepareEndpoint(
  dataDir: string,
  runAs: RunAs | null,
  temporary: string = tmpdir(),
): Promise<{ endpoint: Endpoint; temporaryFolder: string | null }> {
  if (process.platform === 'win32') {
    return { endpoint: { host: '127.0.0.1', port: await findFreePort() }, temporaryFolder: null };
  }
  const inside = join(dataDir, 'run');
  if (socketFits(inside)) {
    claimFolder(inside, runAs);
    return { endpoint: { host: inside, port: PORT }, temporaryFolder: null };
  }
  const host = makeTemporaryFolder(dataDir, runAs, temporary);
  return { endpoint: { host, port: PORT }, temporaryFolder: host };
}

function makeTemporaryFolder(dataDir: string, runAs: RunAs | null, temporary: string): string {
  const name = `devpulse-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`;
  const base = socketFits(join(temporary, `${name}-XXXXXX`)) ? temporary : '/tmp';
  const usual = join(base, name);
  if (isOwnOrNew(usual, runAs)) return usual;
  // Anybody may have put something of that name into a shared folder; a name nobody can guess is free.
  const own = mkdtempSync(join(base, `${name}-`));
  if (runAs) chownSync(own, runAs.uid, runAs.gid);
  return own;
}

/** Makes the folder in the data folder, or sets the rights of the one that a copy of the data brought along. */
function claimFolder(folder: string, runAs: RunAs | null): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (runAs) chownSync(folder, runAs.uid, runAs.gid);
  chmodSync(folder, 0o700);
}

function isOwnOrNew(folder: string, runAs: RunAs | null): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    if (runAs) chownSync(folder, runAs.uid, runAs.gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = lstatSync(folder);
  const uid = runAs?.uid ?? process.getuid?.();
  return found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0;
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('The loopback address gave no port.');
  return address.port;
}

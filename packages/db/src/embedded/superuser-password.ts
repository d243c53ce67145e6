import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './prepare-binaries.ts';
import { runTool, type RunAs } from './run-tool.ts';
import { StoreFault } from './store-faults.ts';

/** The cluster's superuser, and the database it signs in to; DevPulse's own tables are in another one. */
export const SUPERUSER = 'postgres';
export const MAINTENANCE_DATABASE = 'postgres';

const FILE = 'postgres-password';

/** The superuser's password as it stands in the data folder, or null. */
export function readPassword(dataDir: string): string | null {
  try {
    return readFileSync(join(dataDir, FILE), 'utf8').trim() || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Makes a new password and keeps it in a file that only its owner reads. */
export function writeNewPassword(dataDir: string, handOver: (path: string) => void): string {
  // Hex, so that it needs no quoting anywhere.
  const password = randomBytes(24).toString('hex');
  const path = join(dataDir, FILE);
  const fresh = `${path}.${process.pid}.new`;
  writeFileSync(fresh, `${password}\n`, { mode: 0o600 });
  chmodSync(fresh, 0o600);
  handOver(fresh);
  renameSync(fresh, path);
  return password;
}

/**
 * Gives the superuser of a stopped cluster the password of the file.
 * A restored backup brings its old password along, and a data folder may lose the file; neither may lock its owner out.
 */
export async function resetPassword(options: {
  binaries: Binaries;
  cluster: string;
  runAs: RunAs | null;
  password: string;
}): Promise<void> {
  const { binaries, cluster, runAs, password } = options;
  const { code, output } = await runTool(
    binaries.postgres,
    ['--single', '-D', cluster, '-c', 'log_min_error_statement=panic', MAINTENANCE_DATABASE],
    { runAs, input: `alter role ${SUPERUSER} with login superuser password '${password}'\n` },
  );
  if (code !== 0 || /\b(ERROR|FATAL|PANIC):/.test(output)) {
    throw new StoreFault(
      'start-failed',
      `The password of the embedded PostgreSQL could not be set anew: ${output.replaceAll(password, '…')}`,
    );
  }
}

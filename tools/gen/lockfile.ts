import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../root.ts';
import type { GeneratedFile } from '../generated-file.ts';

interface LockEntry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];

/**
 * Completes package-lock.json with the packages for other platforms that npm left out. npm writes only those it could
 * look up when the lock was made, and then `npm ci` (11.19 and newer) refuses the lock on every machine as "not in sync".
 */
export async function generate(): Promise<GeneratedFile[]> {
  const text = await readFile(path.join(ROOT, 'package-lock.json'), 'utf8');
  const lock = JSON.parse(text) as { packages: Record<string, LockEntry> };
  for (const entry of Object.values(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const place = `node_modules/${name}`;
      if (/^\d/.test(version)) lock.packages[place] ??= describePlatformPackage(name, version, entry.dev === true);
    }
  }
  lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, 'en')));
  return [{ path: 'package-lock.json', content: `${JSON.stringify(lock, null, 2)}\n` }];
}

function describePlatformPackage(name: string, version: string, dev: boolean): LockEntry {
  const words = (name.split('/').at(-1) ?? name).split('-');
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  // WebAssembly is no system's own; the processor alone keeps it off every machine.
  if (cpu === 'wasm32') return { version, cpu: [cpu], ...(dev && { dev }), optional: true };
  if (os === undefined || cpu === undefined) {
    throw new Error(
      `package-lock.json lacks ${name}@${version}, whose platform its name does not tell: run npm install`,
    );
  }
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : null;
  return { version, cpu: [cpu], ...(dev && { dev }), ...(libc && { libc }), optional: true, os: [os] };
}

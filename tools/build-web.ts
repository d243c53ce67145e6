// Builds the screens when what they are made of has changed since the last build; else says nothing and is done in
// milliseconds. `--force` builds in any case.
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { ROOT } from './root.ts';
import { findBin, runProgram } from './run-program.ts';

const dist = path.join(ROOT, 'apps/web/dist');
const fresh = path.join(ROOT, `apps/web/dist-${process.pid}`);
const stamp = 'built-from.txt';
const compressible = /\.(js|css|html|svg|json|webmanifest|txt)$/;

/** Builds if need be; tells whether it did. */
export async function buildWeb(options: { force?: boolean } = {}): Promise<boolean> {
  const sources = hashSources();
  const built = await readFile(path.join(dist, stamp), 'utf8').catch(() => '');
  if (built === sources && options.force !== true) return false;
  try {
    await runVite();
    await compressFiles();
    await writeFile(path.join(fresh, stamp), sources);
    // Swapped at the end, so that a build that fails or is killed leaves the former one in place.
    await rm(dist, { recursive: true, force: true });
    await rename(fresh, dist);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return true;
}

function hashSources(): string {
  const patterns = [
    'package-lock.json',
    'apps/web/{*,src/**,public/**}',
    'packages/ui/{package.json,src/**}',
    'packages/contract/src/**',
    'widgets/**',
  ];
  const files = globSync(patterns, { cwd: ROOT, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
  const hash = createHash('sha256');
  for (const file of [...new Set(files)].toSorted()) {
    const content = readFileSync(file);
    hash.update(`${path.relative(ROOT, file)} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

async function runVite(): Promise<void> {
  const command = [findBin('vite'), 'build', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn'];
  const result = await runProgram(process.execPath, command, { cwd: path.join(ROOT, 'apps/web') });
  if (!result.ok) throw new Error(`the screens could not be built:\n${result.output}`);
}

/** Done once here, so that serving costs nothing and the best compression can be afforded. */
async function compressFiles(): Promise<void> {
  const names = globSync('**/*', { cwd: fresh }).filter((name) => compressible.test(name));
  await Promise.all(
    names.map(async (name) => {
      const file = path.join(fresh, name);
      const content = await readFile(file);
      const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
      await writeFile(`${file}.br`, await promisify(brotliCompress)(content, quality));
      await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }));
    }),
  );
}

if (import.meta.main) {
  const started = performance.now();
  try {
    const built = await buildWeb({ force: process.argv.includes('--force') });
    if (built) console.error(`Building the screens … ${((performance.now() - started) / 1000).toFixed(1)} s`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

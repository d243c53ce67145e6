import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../tools/root.ts';

/** Copied for real: what an import of a linked package resolves to lies outside of the tree and is judged as foreign. */
const copiedPackages = new Set(['fastify', 'kysely']);
const leftOut = new Set(['node_modules', '.git', '.devpulse', '.vitest', 'coverage', 'dist']);

/** Copies the repository into a temporary folder, with the installed packages linked, so that faults can be planted. */
export function copyRepository(): string {
  const copy = mkdtempSync(path.join(tmpdir(), 'devpulse-planted-'));
  cpSync(ROOT, copy, { recursive: true, filter: (source) => !leftOut.has(path.basename(source)) });
  const installed = path.join(ROOT, 'node_modules');
  const modules = path.join(copy, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(installed).filter((entry) => !entry.startsWith('.') && entry !== '@devpulse')) {
    if (copiedPackages.has(name)) cpSync(path.join(installed, name), path.join(modules, name), { recursive: true });
    else symlinkSync(path.join(installed, name), path.join(modules, name));
  }
  // Without npm's own note of what is installed, the commands of the copy would install it anew.
  cpSync(path.join(installed, '.package-lock.json'), path.join(modules, '.package-lock.json'));
  // Ours lead into the copy: through the original's links, a planted fault would be looked for in the real tree.
  cpSync(path.join(installed, '@devpulse'), path.join(modules, '@devpulse'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  // What GitHub publishes of its shapes is large, and would be installed anew for each copy.
  const schemas = 'test/github-schemas/node_modules';
  if (existsSync(path.join(ROOT, schemas))) symlinkSync(path.join(ROOT, schemas), path.join(copy, schemas));
  return copy;
}

/** Writes files into a planted tree. */
export function plant(root: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

/** Removes a planted tree. */
export function removeTree(root: string): void {
  rmSync(root, { recursive: true, force: true });
}

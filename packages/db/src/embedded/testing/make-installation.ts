import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { findMissingLinks } from '../library-links.ts';
import { locateBinaries } from '../locate-binaries.ts';

/**
 * Copies what the store needs into `<folder>/app` and returns the script that opens a store from there, and where its
 * PostgreSQL is. A checkout may lie where only root looks, so another user's test needs its own.
 */
export function makeInstallation(folder: string): { script: string; native: string } {
  const app = path.join(folder, 'app');
  const modules = path.join(app, 'node_modules');
  const source = path.join(import.meta.dirname, '..');
  mkdirSync(path.join(app, 'src'), { recursive: true });
  writeFileSync(path.join(app, 'package.json'), JSON.stringify({ type: 'module' }));
  cpSync(source, path.join(app, 'src', 'embedded'), { recursive: true });
  cpSync(path.join(source, '..', 'connection.ts'), path.join(app, 'src', 'connection.ts'));
  copyPackage('pg', import.meta.filename, modules);
  const { native, packageName } = locateBinaries();
  const target = path.join(modules, packageName);
  cpSync(path.dirname(native), target, { recursive: true, verbatimSymlinks: true });
  return {
    script: path.join(app, 'src', 'embedded', 'testing', 'open-in-child.ts'),
    native: path.join(target, 'native'),
  };
}

/** Copies a package and all it depends on. */
function copyPackage(name: string, from: string, modules: string): void {
  const entry = createRequire(from).resolve(name);
  const root = entry.slice(
    0,
    entry.lastIndexOf(path.join('node_modules', name)) + path.join('node_modules', name).length,
  );
  const target = path.join(modules, name);
  cpSync(root, target, { recursive: true, filter: (file) => !file.slice(root.length).includes('node_modules') });
  const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    dependencies?: object;
  };
  for (const needed of Object.keys(dependencies ?? {})) copyPackage(needed, path.join(root, 'package.json'), modules);
}

/** Takes the library links away, as after an npm install without install scripts. */
export function removeLinks(native: string): void {
  const list = JSON.parse(readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as { target: string }[];
  for (const { target } of list) rmSync(path.join(path.dirname(native), target), { force: true });
  if (findMissingLinks(native).length !== list.length) throw new Error('some library links are still there');
}

import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@devpulse/contract/errors';
import type { FolderList } from '@devpulse/contract/wire/sources';
import { denied, findRoots, resolveWithin, type Root } from './resolve-within.ts';

const foldersMax = 500;

type Folder = FolderList['folders'][number];

/** What lies in a folder below the roots: its folders by name, hidden ones left out. */
export async function listFolders(gitRoots: readonly string[], asked: string | undefined): Promise<FolderList> {
  const roots = await findRoots(gitRoots);
  const first = roots[0];
  if (first === undefined)
    throw new AppError(
      'invalid_request',
      `None of these folders exists: ${gitRoots.join(', ')}. Set DEVPULSE_GIT_ROOTS.`,
    );
  const folder = await resolveWithin(roots, asked ?? first.real);
  const entries = (await readEntries(folder, asked ?? folder)).toSorted(byName);
  const folders: Folder[] = [];
  let truncated = false;
  for (const entry of entries) {
    const found = await describeFolder(roots, path.join(folder, entry.name), entry);
    if (found === null) continue;
    truncated = folders.length === foldersMax;
    if (truncated) break;
    folders.push(found);
  }
  return {
    path: folder,
    parent: roots.some((root) => root.real === folder) ? null : path.dirname(folder),
    roots: roots.map((root) => root.real),
    folders,
    truncated,
  };
}

async function readEntries(folder: string, asked: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.name.startsWith('.') && (entry.isDirectory() || entry.isSymbolicLink()));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM') throw denied(asked);
    if (code === 'ENOTDIR') throw new AppError('invalid_request', `${asked} is a file: name the folder it lies in.`);
    if (code === 'ENOENT') throw new AppError('invalid_request', `${asked} vanished while it was being read.`);
    throw error;
  }
}

/** Null for what is no folder, or leads out of the roots: the list is of what may be opened. */
async function describeFolder(roots: readonly Root[], target: string, entry: Dirent): Promise<Folder | null> {
  try {
    const real = entry.isSymbolicLink() ? await resolveWithin(roots, target) : target;
    if (!(await isFolder(real))) return null;
    return { name: entry.name, path: target, repository: await isRepository(real) };
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** A guess by what lies in it, as cheap as a list wants it; git has the last word when the folder is added. */
async function isRepository(folder: string): Promise<boolean> {
  if (await exists(path.join(folder, '.git'))) return true;
  const ofBare = await Promise.all(['HEAD', 'objects', 'refs'].map((name) => exists(path.join(folder, name))));
  return ofBare.every(Boolean);
}

/** Not followed: a link out of the roots would tell whether something is there. */
async function exists(target: string): Promise<boolean> {
  return lstat(target).then(
    () => true,
    () => false,
  );
}

async function isFolder(target: string): Promise<boolean> {
  return stat(target).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function byName(a: Dirent, b: Dirent): number {
  return a.name.localeCompare(b.name, 'en', { numeric: true });
}

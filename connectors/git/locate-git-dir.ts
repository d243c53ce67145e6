import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** Where a folder says its history is. Whether git agrees is for `openRepository` to find out. */
export interface Located {
  /** The folder a person would name: for `project/.git` that is `project`. */
  path: string;
  gitDir: string;
}

/** Finds the git folder of exactly this folder; never looks upward as git does. Errors of the file system are thrown. */
export async function locateGitDir(folder: string): Promise<Located | null> {
  const dotGit = path.join(folder, '.git');
  const kind = await kindOf(dotGit);
  if (kind === 'folder') return { path: folder, gitDir: dotGit };
  if (kind === 'file') {
    const target = /^gitdir: (.*?)\r?\n*$/s.exec(await readFile(dotGit, 'utf8'))?.[1];
    return { path: folder, gitDir: target === undefined ? dotGit : path.resolve(folder, target) };
  }
  if (!(await looksLikeGitDir(folder))) return null;
  const parent = path.dirname(folder);
  return { path: path.basename(folder) === '.git' ? parent : folder, gitDir: folder };
}

async function looksLikeGitDir(folder: string): Promise<boolean> {
  const [head, objects, refs] = await Promise.all(
    ['HEAD', 'objects', 'refs'].map((name) => kindOf(path.join(folder, name))),
  );
  // The git folder of a linked worktree has a HEAD and a file that names the common folder, nothing else.
  if (head === 'file' && (await kindOf(path.join(folder, 'commondir'))) === 'file') return true;
  return head !== null && objects === 'folder' && refs === 'folder';
}

async function kindOf(target: string): Promise<'file' | 'folder' | null> {
  try {
    const found = await stat(target);
    return found.isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return null;
    throw error;
  }
}

import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { SourceUnreadable } from '@devpulse/contract/connector';
import { deniedAt, explainFailure, lastLine } from './explain-failure.ts';
import { type Located, locateGitDir } from './locate-git-dir.ts';
import { GitFailed, type GitPlace, runGit } from './run-git.ts';

/** A repository that git has agreed to read. */
export interface OpenedRepository {
  /** The folder as a person would name it, without symbolic links. */
  path: string;
  /** What it shares with its worktrees: the same for all of them. */
  commonDir: string;
  bare: boolean;
  place: GitPlace;
}

/** Opens exactly this folder (never one above it); throws `SourceUnreadable` with what is wrong and what to do. */
export async function openRepository(folder: string, signal?: AbortSignal): Promise<OpenedRepository> {
  const real = await resolveFolder(folder);
  const located = await locateOrDenied(real);
  if (located === null) throw await notASource(real);
  return openLocated(located, signal);
}

/** Asks git about a folder that looks like a repository. */
export async function openLocated(located: Located, signal?: AbortSignal): Promise<OpenedRepository> {
  const { gitDir } = located;
  const asked = ['rev-parse', '--path-format=absolute', '--is-bare-repository', '--git-common-dir'];
  let bare: boolean;
  let commonDir: string;
  try {
    const answer = (await runGit({ place: { gitDir, workTree: null }, args: asked, signal })).toString('utf8');
    const newline = answer.indexOf('\n');
    bare = answer.slice(0, newline) === 'true';
    commonDir = await realpath(answer.slice(newline + 1).replace(/\n$/, ''));
  } catch (error) {
    throw await explainRefusal(error, located);
  }
  const hasFiles = !bare && located.path !== gitDir;
  return {
    path: located.path,
    commonDir,
    bare,
    place: { gitDir: commonDir, workTree: hasFiles ? located.path : null },
  };
}

/** The folder without symbolic links, once it is known to be a folder that can be read. */
export async function resolveFolder(folder: string): Promise<string> {
  try {
    const real = await realpath(folder);
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM') throw deniedAt(folder, error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ELOOP') throw error;
    throw new SourceUnreadable('not_found', `There is no folder ${folder}.`, { retry: false, cause: error });
  }
  throw new SourceUnreadable('not_a_source', `${folder} is a file: name the folder of a git repository.`, {
    retry: false,
  });
}

async function locateOrDenied(folder: string): Promise<Located | null> {
  try {
    return await locateGitDir(folder);
  } catch (error) {
    throw await explainFailure(error, folder);
  }
}

/** Git's refusal of a folder that has a `.git` means that this is no repository, unless it may not or cannot look. */
async function explainRefusal(error: unknown, located: Located): Promise<unknown> {
  if (error instanceof GitFailed && /not a git repository/i.test(error.stderr)) {
    return new SourceUnreadable(
      'not_a_source',
      `${located.path} looks like a git repository but git says: ${lastLine(error.stderr)}`,
      { retry: false, cause: error },
    );
  }
  return explainFailure(error, located.path);
}

/** People name a folder inside their project; say which one to name instead. */
export async function notASource(folder: string, looked = '', within?: readonly string[]): Promise<SourceUnreadable> {
  const around = await repositoryAround(folder, within);
  const advice =
    around === null ? 'Name the folder of a git repository.' : `It lies inside ${around}: name that folder.`;
  return new SourceUnreadable('not_a_source', `${folder} is no git repository${looked}. ${advice}`, { retry: false });
}

/** True where nothing was said of what may be read, or the real path lies in one of the folders. */
export function isAmong(within: readonly string[] | undefined, real: string): boolean {
  if (within === undefined) return true;
  return within.some((top) => {
    const way = path.relative(top, real);
    return way === '' || (!path.isAbsolute(way) && way !== '..' && !way.startsWith(`..${path.sep}`));
  });
}

async function repositoryAround(folder: string, within?: readonly string[]): Promise<string | null> {
  for (let above = path.dirname(folder); ; above = path.dirname(above)) {
    if (!isAmong(within, above)) return null;
    // A hint is not worth a second error: above a folder that may be read lie others that may not.
    const located = await locateGitDir(above).catch(() => null);
    if (located !== null) return located.path;
    if (above === path.dirname(above)) return null;
  }
}

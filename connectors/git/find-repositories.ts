import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { type DiscoverLimits, SourceUnreadable } from '@devpulse/contract/connector';
import { deniedAt } from './explain-failure.ts';
import { locateGitDir } from './locate-git-dir.ts';
import { isAmong, notASource, openLocated, resolveFolder } from './open-repository.ts';
import { requireGit } from './require-git.ts';

const depthMax = 4;

export interface FoundRepository {
  path: string;
  /** The common git folder: equal for two worktrees of one repository. */
  gitDir: string;
  bare: boolean;
}

export interface FindOptions extends DiscoverLimits {
  /** Told about each folder that could not be looked at, while others could. */
  onSkipped?: (folder: string, reason: SourceUnreadable) => void;
}

/**
 * The repositories a folder stands for: itself (plain, bare or a worktree), else those up to four levels below. Does not
 * look inside a repository (so submodules are not separate), nor into hidden folders and `node_modules`.
 */
export async function findRepositories(folder: string, options: FindOptions = {}): Promise<FoundRepository[]> {
  await requireGit(options.signal);
  const root = await resolveFolder(folder);
  const search = new Search(root, options);
  await search.run();
  if (search.found.size > 0) return [...search.found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
  throw (
    search.firstSkip ?? (await notASource(root, ` and holds none (looked ${depthMax} levels deep)`, options.within))
  );
}

class Search {
  readonly found = new Map<string, FoundRepository>();
  firstSkip: SourceUnreadable | undefined;
  readonly #root: string;
  readonly #options: FindOptions;
  /** Real paths: a symbolic link that leads back ends here. */
  readonly #seen = new Set<string>();

  constructor(root: string, options: FindOptions) {
    this.#root = root;
    this.#options = options;
  }

  async run(): Promise<void> {
    let level = [this.#root];
    for (let depth = 0; depth <= depthMax && level.length > 0; depth += 1) {
      const below: string[] = [];
      for (const folder of level) {
        this.#options.signal?.throwIfAborted();
        below.push(...(await this.#visitOrSkip(folder)));
      }
      level = below;
    }
  }

  async #visitOrSkip(folder: string): Promise<string[]> {
    try {
      return await this.#visit(folder);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // Deleted, or a link that leads nowhere: nothing is there to be found.
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return [];
      const reason = code === 'EACCES' || code === 'EPERM' ? deniedAt(folder, error) : error;
      if (!(reason instanceof SourceUnreadable) || reason.code === 'tool_missing') throw reason;
      this.firstSkip ??= reason;
      this.#options.onSkipped?.(folder, reason);
      return [];
    }
  }

  /** The folders to look at next. */
  async #visit(folder: string): Promise<string[]> {
    const real = await realpath(folder);
    if (this.#seen.has(real) || !this.#mayRead(real)) return [];
    this.#seen.add(real);
    const located = await locateGitDir(real);
    if (located === null) return listFolders(real);
    // The history of a worktree, or of whatever a file named `.git` points at, may lie anywhere.
    if (this.#options.within !== undefined && !this.#mayRead(await realpath(located.gitDir))) return [];
    const { path: where, commonDir, bare } = await openLocated(located, this.#options.signal);
    if (!this.#mayRead(commonDir)) return [];
    const known = this.found.get(commonDir);
    // Of a repository and its worktrees, the repository itself is the one to name.
    if (known === undefined || commonDir === path.join(where, '.git')) {
      this.found.set(commonDir, { path: where, gitDir: commonDir, bare });
    }
    return [];
  }

  #mayRead(real: string): boolean {
    return isAmong(this.#options.within, real);
  }
}

async function listFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const folders: string[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const full = path.join(folder, entry.name);
    if (entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToFolder(full)))) folders.push(full);
  }
  return folders;
}

async function leadsToFolder(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isDirectory();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return false;
    // Not ours to judge here: visiting it gives the reason.
    return true;
  }
}

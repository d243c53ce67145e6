import { git, gitBytes } from './scratch-repository.ts';

/**
 * Counts by git alone, asked in other ways than the connector asks: one process for each question, git's own totals,
 * git's own calendar.
 */

/** Commits by `author e-mail, day at the author's place`. */
export function countAuthorDays(folder: string, revisions: string[]): Map<string, number> {
  const printed = git(folder, ['log', '--date=short', '--format=%ae %ad', ...revisions]);
  return tally(printed.split('\n'));
}

/** Credits by address, for authors and co-authors together, as git's own ranking gives them. */
export function countCredits(folder: string, revisions: string[]): Map<string, number> {
  const args = ['shortlog', '-s', '-e', '--group=author', '--group=trailer:co-authored-by', ...revisions];
  const credits = new Map<string, number>();
  for (const line of git(folder, args).split('\n')) {
    const [, count, email] = /^\s*(\d+)\t.*<(.*)>$/.exec(line) ?? [];
    if (count !== undefined && email !== undefined) credits.set(email, (credits.get(email) ?? 0) + Number(count));
  }
  return credits;
}

export interface ShownFile {
  additions: number;
  deletions: number;
  isBinary: boolean;
}

/** What `git show` says of each file of one commit. Keys are the bytes of the path, read as latin1. */
export function showFiles(folder: string, sha: string): Map<string, ShownFile> {
  const printed = gitBytes(folder, ['show', '--format=', '--numstat', '--no-renames', '-z', '--no-diff-merges', sha]);
  const files = new Map<string, ShownFile>();
  for (const entry of printed.toString('latin1').split('\0')) {
    const [, added, deleted, path] = /^\n?(\d+|-)\t(\d+|-)\t(.*)$/s.exec(entry) ?? [];
    if (path === undefined) continue;
    files.set(path, { additions: Number(added) || 0, deletions: Number(deleted) || 0, isBinary: added === '-' });
  }
  return files;
}

/** Added and deleted lines of each commit, from git's short summary. */
export function sumLines(folder: string, revisions: string[]): Map<string, { additions: number; deletions: number }> {
  const sums = new Map<string, { additions: number; deletions: number }>();
  for (const block of git(folder, ['log', '--shortstat', '--format=@%H', ...revisions]).split('@')) {
    const sha = block.slice(0, block.search(/\s|$/));
    if (sha === '') continue;
    const additions = Number(/(\d+) insertion/.exec(block)?.[1] ?? 0);
    const deletions = Number(/(\d+) deletion/.exec(block)?.[1] ?? 0);
    sums.set(sha, { additions, deletions });
  }
  return sums;
}

export function tally(items: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return new Map([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

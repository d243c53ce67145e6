import { lstatSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * The first folder on the way to `path` (and `path` itself) that the user may not pass, or null.
 * `who` is null for a user that does not exist yet: only what everybody may do counts.
 */
export function findBlockedParent(path: string, who: { uid: number; gid: number } | null): string | null {
  const chain: string[] = [];
  for (let at = realpathSync(path); ; at = dirname(at)) {
    chain.unshift(at);
    if (at === dirname(at)) break;
  }
  return chain.find((folder) => !mayPass(folder, who)) ?? null;
}

/** The deepest folder on the way to `path` that exists. */
export function findDeepestExisting(path: string): string {
  for (let at = path; ; at = dirname(at)) {
    if (lstatSync(at, { throwIfNoEntry: false }) || at === dirname(at)) return at;
  }
}

function mayPass(folder: string, who: { uid: number; gid: number } | null): boolean {
  const { mode, uid, gid } = statSync(folder);
  if (who?.uid === uid) return (mode & 0o100) !== 0;
  if (who?.gid === gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

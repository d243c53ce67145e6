import { createHash } from 'node:crypto';
import path from 'node:path';
import { cleanText } from '../_text/clean-text.ts';
import type { OpenedRepository } from './open-repository.ts';
import { GitFailed, runGit } from './run-git.ts';

/** Keys hold up to 512 characters and ours carry a sha and more behind the repository's. */
const plainPathCharacters = 300;

/** What identifies the repository for good: its common git folder, so that all its worktrees are one repository. */
export function repositoryKey(commonDir: string): string {
  if (commonDir.length <= plainPathCharacters) return `path:${cleanText(commonDir)}`;
  return `path-sha256:${createHash('sha256').update(commonDir).digest('hex')}`;
}

/** `project/.git` and `project.git` are called `project`. */
export function repositoryName(commonDir: string): string {
  const last = path.basename(commonDir);
  const telling = last.startsWith('.') ? path.basename(path.dirname(commonDir)) : last;
  return cleanText(telling.replace(/\.git$/, '')) || '/';
}

export interface RemoteSettings {
  url: string | null;
  /** Some objects were left at the remote (`git clone --filter`): the lines of a commit cannot be counted. */
  partial: boolean;
}

/** What the repository's own configuration says about where it came from. */
export async function readRemote(repository: OpenedRepository, signal?: AbortSignal): Promise<RemoteSettings> {
  const pattern = String.raw`^(remote\.origin\.url|remote\..*\.promisor|extensions\.partialclone)$`;
  const args = ['config', '--null', '--get-regexp', pattern];
  let url: string | null = null;
  let partial = false;
  for (const entry of (await readSettings(repository, args, signal)).split('\0')) {
    const newline = entry.indexOf('\n');
    const name = newline === -1 ? entry : entry.slice(0, newline);
    const value = newline === -1 ? '' : entry.slice(newline + 1);
    if (name === 'remote.origin.url') url ??= stripCredentials(value);
    else if (name !== '' && !['false', 'no', 'off', '0'].includes(value.toLowerCase())) partial = true;
  }
  return { url, partial };
}

async function readSettings(repository: OpenedRepository, args: string[], signal?: AbortSignal): Promise<string> {
  try {
    return (await runGit({ place: repository.place, args, signal })).toString('utf8');
  } catch (error) {
    // Exit code 1: none of them is set.
    if (error instanceof GitFailed && error.exitCode === 1) return '';
    throw error;
  }
}

/**
 * The address without what could be a secret: user and password (for ssh only the password: the user is part of the
 * address there), query and fragment. An address through a remote helper (`ext::…`) is a command line and not shown.
 */
export function stripCredentials(address: string): string | null {
  const text = cleanText(address.trim());
  if (text === '' || /^[A-Za-z0-9+.-]+::/.test(text)) return null;
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)/is.exec(text);
  if (match === null) return text;
  const [, scheme = '', authority = '', rest = ''] = match;
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(at, 0)).split(':')[0] ?? '';
  const keptUser = user !== '' && /^(ssh|git\+ssh|ssh\+git)$/i.test(scheme) ? `${user}@` : '';
  return `${scheme}://${keptUser}${authority.slice(at + 1)}${rest}`;
}

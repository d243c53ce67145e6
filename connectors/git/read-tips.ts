import { stat } from 'node:fs/promises';
import path from 'node:path';
import { cleanText } from '../_text/clean-text.ts';
import type { OpenedRepository } from './open-repository.ts';
import { GitFailed, runGit } from './run-git.ts';
import type { BranchChoice } from './settings.ts';

export interface Tips {
  /** Commits from which everything that counts is reachable: unique and sorted. */
  tips: string[];
  /** Name of the default branch, `null` when HEAD is detached and no remote says otherwise. */
  defaultBranch: string | null;
}

const originHead = 'refs/remotes/origin/HEAD';

/**
 * `all`: every branch here, every branch seen at a remote, and what a detached HEAD (of a worktree too) stands on.
 * `default`: the branch that origin calls its default, with what is not pushed yet, else HEAD. Tags, stash and notes open no history of their own.
 */
export async function readTips(
  repository: OpenedRepository,
  branches: BranchChoice,
  signal?: AbortSignal,
): Promise<Tips> {
  const refs = await readRefs(repository, signal);
  const head = await readSymbolicHead(repository, signal);
  const originDefault = refs.find((ref) => ref.name === originHead && ref.leadsTo !== '')?.leadsTo ?? null;
  const defaultRef = originDefault ?? head;
  const chosen = new Set<string>();
  if (branches === 'all') {
    for (const ref of refs) if (ref.leadsTo === '' && ref.commit !== null) chosen.add(ref.commit);
    for (const sha of await readDetachedHeads(repository, head, signal)) chosen.add(sha);
  } else if (defaultRef !== null) {
    const names = [defaultRef, `refs/heads/${shortName(defaultRef)}`];
    for (const ref of refs) if (names.includes(ref.name) && ref.commit !== null) chosen.add(ref.commit);
  } else {
    const commit = await resolveHead(repository, signal);
    if (commit !== null) chosen.add(commit);
  }
  return { tips: [...chosen].toSorted(), defaultBranch: defaultRef === null ? null : cleanText(shortName(defaultRef)) };
}

interface Ref {
  name: string;
  /** The ref a symbolic one leads to, else empty. */
  leadsTo: string;
  /** `null` for the rare branch ref that holds something else than a commit. */
  commit: string | null;
}

async function readRefs(repository: OpenedRepository, signal?: AbortSignal): Promise<Ref[]> {
  const fields = ['refname', 'symref', 'objecttype', 'objectname', '*objecttype', '*objectname'];
  const format = `--format=${fields.map((field) => `%(${field})`).join('%00')}`;
  const args = ['for-each-ref', format, 'refs/heads', 'refs/remotes'];
  const printed = (await runGit({ place: repository.place, args, signal })).toString('utf8');
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', leadsTo = '', type, sha = '', peeledType, peeledSha = ''] = line.split('\0');
      const peeled = peeledType === 'commit' ? peeledSha : null;
      return { name, leadsTo, commit: type === 'commit' ? sha : peeled };
    });
}

/** The ref HEAD stands for (it need not exist yet), or `null` when HEAD is detached. */
async function readSymbolicHead(repository: OpenedRepository, signal?: AbortSignal): Promise<string | null> {
  const answer = await runOrNull(repository, ['symbolic-ref', '--quiet', 'HEAD'], signal);
  return answer === null ? null : answer.trim();
}

async function resolveHead(repository: OpenedRepository, signal?: AbortSignal): Promise<string | null> {
  const answer = await runOrNull(repository, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], signal);
  return answer === null ? null : answer.trim();
}

async function readDetachedHeads(
  repository: OpenedRepository,
  head: string | null,
  signal?: AbortSignal,
): Promise<string[]> {
  const heads: string[] = [];
  const own = head === null ? await resolveHead(repository, signal) : null;
  if (own !== null) heads.push(own);
  if (!(await exists(path.join(repository.commonDir, 'worktrees')))) return heads;
  const args = ['worktree', 'list', '--porcelain'];
  const printed = (await runGit({ place: repository.place, args, signal })).toString('utf8');
  for (const worktree of printed.split('\n\n')) {
    const sha = /^HEAD ([0-9a-f]{40,64})$/m.exec(worktree)?.[1];
    if (sha !== undefined && /^detached$/m.test(worktree) && !/^0+$/.test(sha)) heads.push(sha);
  }
  return heads;
}

/** Exit code 1 is git's quiet no. */
async function runOrNull(repository: OpenedRepository, args: string[], signal?: AbortSignal): Promise<string | null> {
  try {
    return (await runGit({ place: repository.place, args, signal })).toString('utf8');
  } catch (error) {
    if (error instanceof GitFailed && error.exitCode === 1) return null;
    throw error;
  }
}

async function exists(target: string): Promise<boolean> {
  try {
    await stat(target);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function shortName(ref: string): string {
  return ref.replace(/^refs\/remotes\/origin\//, '').replace(/^refs\/heads\//, '');
}

import type { Account, Commit, Instant, Repository, World } from '../world/model.ts';
import { commitOf, commitsBetween, makeCommit, moveBranch, type NewCommit } from '../world/history.ts';
import {
  accountOf,
  instantOf,
  repositoryOf,
  tell,
  type AccountLike,
  type RepositoryLike,
} from '../world/open-world.ts';
import { noteHeadPushed } from './pull-heads.ts';

const NOWHERE = '0'.repeat(40);

export interface Push {
  repository: RepositoryLike;
  /** The default branch, where none is named. */
  branch?: string;
  by: AccountLike;
  at?: Date | string;
  /** New commits on top of the branch, or of `onto`. Those without dates of their own get the push's. */
  commits?: (Omit<NewCommit, 'parents' | 'author'> & { author?: NewCommit['author'] })[];
  /** What they stand on instead of the branch's head: with it the push is forced where history is lost. */
  onto?: string;
  /** The branch is set to a commit that is there already. */
  to?: string;
}

/** Puts commits on a branch, which is made where it is missing. */
export function push(world: World, input: Push): { commits: Commit[]; head: string; forced: boolean } {
  const repository = repositoryOf(world, input.repository);
  const by = accountOf(world, input.by);
  const at = instantOf(world, input.at);
  const branch = input.branch ?? repository.defaultBranch;
  const tip = input.onto ?? repository.branches.get(branch) ?? repository.branches.get(repository.defaultBranch);
  const commits: Commit[] = [];
  let head = input.to ?? tip;
  for (const one of input.commits ?? []) {
    const author = { date: at, ...(one.author ?? signatureOf(by)) };
    const parents = head === undefined ? [] : [head];
    commits.push(makeCommit(world, repository, parents, { ...one, author }));
    head = commits.at(-1)?.sha;
  }
  if (head === undefined) throw new Error('an empty repository can only be pushed to with commits');
  const moved = setBranch(world, repository, { branch, head, by, at });
  return { commits, head, forced: moved.forced };
}

export function signatureOf(account: Account): { name: string; email: string } {
  return { name: account.name ?? account.login, email: account.emails[0]?.email ?? privateAddressOf(account) };
}

/** The address that GitHub gives everybody who keeps the own one to themselves. */
function privateAddressOf(account: Account): string {
  return `${account.id}+${account.login}@users.noreply.github.com`;
}

interface BranchMove {
  branch: string;
  head: string;
  by: Account;
  at: Instant;
}

/** Moves a branch and tells of it, and of the pull requests whose head it is. */
export function setBranch(world: World, repository: Repository, { branch, head, by, at }: BranchMove) {
  const isNew = !repository.branches.has(branch);
  const main = repository.branches.get(repository.defaultBranch);
  const { before, forced } = moveBranch(repository, branch, head);
  repository.pushedAt = at;
  repository.updatedAt = at;
  if (isNew) tell(world, refHappening('create', repository, { name: branch, kind: 'branch', by, at }));
  const from = before ?? (branch === repository.defaultBranch ? undefined : main);
  const commits = world.listeners.length === 0 ? [] : pushedCommits(repository, from, head);
  const details = { ref: `refs/heads/${branch}`, before: before ?? NOWHERE, after: head, forced, commits };
  tell(world, { event: 'push', action: null, repository, organization: null, sender: by, at, details });
  if (before !== null) noteHeadPushed(world, repository, { branch, before, forced, by, at });
  return { before, forced };
}

function pushedCommits(repository: Repository, from: string | undefined, head: string): Commit[] {
  if (from !== undefined && repository.commits.has(from)) {
    const chain = straightLine(repository, from, head);
    return chain ?? commitsBetween(repository, from, head);
  }
  return [...(straightLine(repository, undefined, head) ?? [commitOf(repository, head)])];
}

/** The commits from `from` to `head` where one follows the other, which nearly every push is; null where it is not so. */
function straightLine(repository: Repository, from: string | undefined, head: string): Commit[] | null {
  const line: Commit[] = [];
  for (let sha: string | undefined = head; sha !== from;) {
    if (sha === undefined || line.length > 10_000) return null;
    const commit = commitOf(repository, sha);
    if (commit.parents.length > 1) return null;
    line.push(commit);
    sha = commit.parents[0];
  }
  return line.toReversed();
}

function refHappening(
  event: 'create' | 'delete',
  repository: Repository,
  ref: { name: string; kind: 'branch' | 'tag'; by: Account; at: Instant },
) {
  const details = { ref: ref.name, kind: ref.kind };
  return { event, action: null, repository, organization: null, sender: ref.by, at: ref.at, details };
}

/** Takes commits away from a branch: the new ones stand on `onto`. */
export function forcePush(world: World, input: Push & { onto: string }): ReturnType<typeof push> {
  return push(world, input);
}

export interface RefAct {
  repository: RepositoryLike;
  name: string;
  by: AccountLike;
  at?: Date | string;
}

export function deleteBranch(world: World, input: RefAct): void {
  const repository = repositoryOf(world, input.repository);
  const [by, at] = [accountOf(world, input.by), instantOf(world, input.at)];
  const before = repository.branches.get(input.name);
  if (before === undefined) throw new Error(`there is no branch ${input.name}`);
  repository.branches.delete(input.name);
  repository.pushedAt = at;
  tell(world, refHappening('delete', repository, { name: input.name, kind: 'branch', by, at }));
  const details = { ref: `refs/heads/${input.name}`, before, after: NOWHERE, forced: false, commits: [] };
  tell(world, { event: 'push', action: null, repository, organization: null, sender: by, at, details });
}

export function tag(world: World, input: RefAct & { sha?: string }): void {
  const repository = repositoryOf(world, input.repository);
  const [by, at] = [accountOf(world, input.by), instantOf(world, input.at)];
  const sha = input.sha ?? repository.branches.get(repository.defaultBranch);
  if (sha === undefined) throw new Error('there is nothing to tag');
  repository.tags.set(input.name, sha);
  tell(world, refHappening('create', repository, { name: input.name, kind: 'tag', by, at }));
  const details = { ref: `refs/tags/${input.name}`, before: NOWHERE, after: sha, forced: false, commits: [] };
  tell(world, { event: 'push', action: null, repository, organization: null, sender: by, at, details });
}

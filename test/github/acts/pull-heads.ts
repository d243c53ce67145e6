import type { Account, Instant, Pull, Repository, ThreadEvent, World } from '../world/model.ts';
import { commitsBetween } from '../world/history.ts';
import { tell } from '../world/open-world.ts';

interface HeadPush {
  branch: string;
  before: string;
  forced: boolean;
  by: Account;
  at: Instant;
}

/** A push to a branch is news for the open pull requests that come from it. */
export function noteHeadPushed(world: World, from: Repository, { branch, before, forced, by, at }: HeadPush): void {
  const home = from.parent === null ? [from] : [from, from.parent];
  for (const repository of home) {
    for (const pull of openPullsFrom(repository, from, branch)) {
      const after = from.branches.get(branch) ?? before;
      pull.head.sha = after;
      // Forks share their objects with what they were forked from.
      for (const [sha, commit] of from === repository ? [] : from.commits) repository.commits.set(sha, commit);
      const base = repository.branches.get(pull.base.ref) ?? pull.base.sha;
      pull.commits = commitsBetween(repository, base, after).map(({ sha }) => sha);
      if (forced) note(world, pull, { event: 'head_ref_force_pushed', actor: by, at, commit: after, before });
      pull.updatedAt = at;
      tellPull(world, repository, pull, { action: 'synchronize', by, at, details: { before, after } });
    }
  }
}

/** Which open pull requests come from a branch, without looking through thousands each time. */
function openPullsFrom(repository: Repository, from: Repository, branch: string): Pull[] {
  const found: Pull[] = [];
  for (const pull of repository.pulls.values()) {
    if (pull.state === 'open' && pull.head.ref === branch && pull.head.repository === from) found.push(pull);
  }
  return found;
}

/** Writes down what happened to a thread. */
export function note(
  world: World,
  thread: { events: ThreadEvent[]; updatedAt: Instant },
  event: Omit<ThreadEvent, 'id'>,
): void {
  thread.events.push({ id: world.nextId(), ...event });
  if (event.at > thread.updatedAt) thread.updatedAt = event.at;
}

interface PullNews {
  action: string;
  by: Account;
  at: Instant;
  details?: Record<string, unknown>;
  event?: string;
}

export function tellPull(world: World, repository: Repository, pull: Pull, news: PullNews): void {
  const { action, by: sender, at, details = {}, event = 'pull_request' } = news;
  tell(world, { event, action, repository, organization: null, sender, at, details: { ...details, pull } });
}

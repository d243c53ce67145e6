import type { Account, Commit, Instant, MergeMethod, Pull, Repository, World } from '../world/model.ts';
import { commitOf, commitsBetween, filesOf, makeCommit } from '../world/history.ts';
import { findAccount, addAccount } from '../world/open-world.ts';
import { note, tellPull } from './pull-heads.ts';
import { readPullAct, type PullAct } from './pulls.ts';
import { setBranch, signatureOf } from './push.ts';

const webFlow = { name: 'GitHub', email: 'noreply@github.com' };

export function closePull(world: World, input: PullAct): Pull {
  const { repository, pull, by, at } = readPullAct(world, input);
  end(world, pull, by, at);
  tellPull(world, repository, pull, { action: 'closed', by, at });
  return pull;
}

export function reopenPull(world: World, input: PullAct): Pull {
  const { repository, pull, by, at } = readPullAct(world, input);
  pull.state = 'open';
  pull.closedAt = null;
  pull.closedBy = null;
  note(world, pull, { event: 'reopened', actor: by, at });
  tellPull(world, repository, pull, { action: 'reopened', by, at });
  return pull;
}

export interface Merge extends PullAct {
  method?: MergeMethod;
  /** The branch stays when this is false. */
  deletesBranch?: boolean;
}

/** Merges by one of the three ways; each leaves other commits behind. */
export function merge(world: World, input: Merge): Pull {
  const { repository, pull, by, at } = readPullAct(world, input);
  const method = input.method ?? 'merge';
  const base = repository.branches.get(pull.base.ref);
  if (base === undefined || pull.state === 'closed') throw new Error(`pull request ${pull.number} cannot be merged`);
  const head = ways[method](world, repository, { pull, base, by, at });
  pull.mergedAt = at;
  pull.mergedBy = by;
  pull.mergeCommit = head;
  pull.mergeMethod = method;
  pull.isQueued = false;
  pull.autoMerge = null;
  // Told before the push, as it comes: the own commits of a merged pull request never change again.
  note(world, pull, { event: 'merged', actor: by, at, commit: head });
  end(world, pull, by, at);
  setBranch(world, repository, { branch: pull.base.ref, head, by, at });
  tellPull(world, repository, pull, { action: 'closed', by, at });
  return pull;
}

interface MergeWork {
  pull: Pull;
  base: string;
  by: Account;
  at: Instant;
}

const ways: Record<MergeMethod, (world: World, repository: Repository, work: MergeWork) => string> = {
  merge: (world, repository, { pull, base, by, at }) => {
    const message = `Merge pull request #${pull.number} from ${repository.owner.login}/${pull.head.ref}\n\n${pull.title}`;
    const author = { ...signatureOf(by), date: at };
    const files = filesOf(ownCommits(repository, pull));
    return makeCommit(world, repository, [base, pull.head.sha], {
      message,
      author,
      committer: { ...webFlow, date: at },
      files,
    }).sha;
  },
  squash: (world, repository, { pull, base, at }) => {
    const own = ownCommits(repository, pull);
    const author = { ...signatureOf(pull.author), date: at };
    const others = new Set(own.map((commit) => `${commit.author.name} <${commit.author.email}>`));
    others.delete(`${author.name} <${author.email}>`);
    const trailers = [...others].map((other) => `Co-authored-by: ${other}`);
    const message = [
      `${pull.title} (#${pull.number})`,
      own.map((commit) => `* ${commit.message}`).join('\n\n'),
      ...(trailers.length > 0 ? ['---------', trailers.join('\n')] : []),
    ].join('\n\n');
    return makeCommit(world, repository, [base], {
      message,
      author,
      committer: { ...webFlow, date: at },
      files: filesOf(own),
    }).sha;
  },
  rebase: (world, repository, { pull, base, by, at }) => {
    let tip = base;
    for (const { message, author, files } of ownCommits(repository, pull)) {
      const committer = { ...signatureOf(by), date: at };
      tip = makeCommit(world, repository, [tip], { message, author, offset: author.offset, committer, files }).sha;
    }
    return tip;
  },
};

function ownCommits(repository: Repository, pull: Pull): Commit[] {
  return pull.commits.map((sha) => commitOf(repository, sha));
}

function end(world: World, pull: Pull, by: Account, at: Instant): void {
  pull.state = 'closed';
  pull.closedAt = at;
  pull.closedBy = by;
  note(world, pull, { event: 'closed', actor: by, at });
}

export function enableAutoMerge(world: World, input: PullAct & { method?: MergeMethod }): Pull {
  const { repository, pull, by, at } = readPullAct(world, input);
  pull.autoMerge = { by, method: input.method ?? 'squash' };
  note(world, pull, { event: 'auto_merge_enabled', actor: by, at });
  tellPull(world, repository, pull, { action: 'auto_merge_enabled', by, at, details: { reason: '' } });
  return pull;
}

export function disableAutoMerge(world: World, input: PullAct & { reason?: string }): Pull {
  const { repository, pull, by, at } = readPullAct(world, input);
  const reason = input.reason ?? '';
  pull.autoMerge = null;
  note(world, pull, { event: 'auto_merge_disabled', actor: by, at, reason });
  tellPull(world, repository, pull, { action: 'auto_merge_disabled', by, at, details: { reason } });
  return pull;
}

export function enqueue(world: World, input: PullAct): Pull {
  const { repository, pull, by, at } = readPullAct(world, input);
  pull.isQueued = true;
  note(world, pull, { event: 'added_to_merge_queue', actor: by, at });
  tellPull(world, repository, pull, { action: 'enqueued', by, at });
  return pull;
}

export function dequeue(world: World, input: PullAct & { reason?: string }): Pull {
  const { repository, pull, by, at } = readPullAct(world, input);
  pull.isQueued = false;
  const reason = input.reason ?? 'manual';
  note(world, pull, { event: 'removed_from_merge_queue', actor: by, at, reason });
  tellPull(world, repository, pull, { action: 'dequeued', by, at, details: { reason } });
  return pull;
}

/** What the merge queue does once its checks are green: it merges in its own name. */
export function mergeByQueue(world: World, input: Omit<Merge, 'by'>): Pull {
  const login = 'github-merge-queue[bot]';
  const queue = findAccount(world, login) ?? addAccount(world, { id: 118_344_674, login, email: null });
  dequeue(world, { ...input, by: queue, reason: 'merge' });
  return merge(world, { method: 'squash', ...input, by: queue });
}

/** A pull request taken up again after history below it was rewritten: its own commits are counted anew. */
export function retarget(world: World, input: PullAct & { base: string }): Pull {
  const { repository, pull, by, at } = readPullAct(world, input);
  const sha = repository.branches.get(input.base);
  if (sha === undefined) throw new Error(`there is no branch ${input.base}`);
  const from = { ...pull.base };
  pull.base = { ref: input.base, sha };
  pull.commits = commitsBetween(repository, sha, pull.head.sha).map((commit) => commit.sha);
  tellPull(world, repository, pull, { action: 'edited', by, at, details: { changes: { base: from } } });
  return pull;
}

import type { Account, Comment, Label, Pull, Repository, Review, ReviewComment, Team, World } from '../world/model.ts';
import { commitsBetween } from '../world/history.ts';
import {
  accountOf,
  instantOf,
  repositoryOf,
  tell,
  type AccountLike,
  type RepositoryLike,
} from '../world/open-world.ts';
import { note, tellPull } from './pull-heads.ts';

export interface OpenPull {
  repository: RepositoryLike;
  by: AccountLike;
  at?: Date | string;
  /** The branch it comes from; where it is in a fork, `from` names that. */
  head: string;
  from?: RepositoryLike;
  base?: string;
  title?: string;
  body?: string | null;
  isDraft?: boolean;
  labels?: string[];
}

export function openPull(world: World, input: OpenPull): Pull {
  const repository = repositoryOf(world, input.repository);
  const from = input.from === undefined ? repository : repositoryOf(world, input.from);
  const [by, at] = [accountOf(world, input.by), instantOf(world, input.at)];
  const head = from.branches.get(input.head);
  const base = input.base ?? repository.defaultBranch;
  const baseSha = repository.branches.get(base);
  if (head === undefined || baseSha === undefined) throw new Error(`there is no branch ${input.head} or ${base}`);
  if (from !== repository) for (const [sha, commit] of from.commits) repository.commits.set(sha, commit);
  const number = (repository.lastNumber += 1);
  const pull: Pull = {
    what: 'pull',
    id: world.nextId(),
    number,
    title: input.title ?? `Change number ${number}`,
    body: input.body === undefined ? null : input.body,
    author: by,
    state: 'open',
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    closedBy: null,
    labels: (input.labels ?? []).map((name) => labelOf(world, repository, name)),
    assignees: [],
    comments: [],
    events: [],
    isDraft: input.isDraft ?? false,
    base: { ref: base, sha: baseSha },
    head: { ref: input.head, sha: head, repository: from },
    commits: commitsBetween(repository, baseSha, head).map(({ sha }) => sha),
    mergedAt: null,
    mergedBy: null,
    mergeCommit: null,
    mergeMethod: null,
    autoMerge: null,
    isQueued: false,
    requestedReviewers: [],
    requestedTeams: [],
    reviews: [],
    reviewComments: [],
  };
  repository.pulls.set(number, pull);
  repository.updatedAt = at;
  tellPull(world, repository, pull, { action: 'opened', by, at });
  return pull;
}

/** A pull request and who does something to it when; what all acts on one have in common. */
export interface PullAct {
  repository: RepositoryLike;
  number: number;
  by: AccountLike;
  at?: Date | string;
}

export function readPullAct(world: World, input: PullAct) {
  const repository = repositoryOf(world, input.repository);
  const pull = repository.pulls.get(input.number);
  if (pull === undefined) throw new Error(`there is no pull request ${input.number}`);
  const [by, at] = [accountOf(world, input.by), instantOf(world, input.at)];
  if (at > pull.updatedAt) pull.updatedAt = at;
  return { repository, pull, by, at };
}

export function labelOf(world: World, repository: Repository, name: string): Label {
  const label = repository.labels.get(name) ?? { id: world.nextId(), name };
  repository.labels.set(name, label);
  return label;
}

export function markReady(world: World, input: PullAct): Pull {
  const { repository, pull, by, at } = readPullAct(world, input);
  pull.isDraft = false;
  note(world, pull, { event: 'ready_for_review', actor: by, at });
  tellPull(world, repository, pull, { action: 'ready_for_review', by, at });
  return pull;
}

export function convertToDraft(world: World, input: PullAct): Pull {
  const { repository, pull, by, at } = readPullAct(world, input);
  pull.isDraft = true;
  note(world, pull, { event: 'convert_to_draft', actor: by, at });
  tellPull(world, repository, pull, { action: 'converted_to_draft', by, at });
  return pull;
}

export type RequestReview = PullAct & ({ reviewer: AccountLike } | { team: Team });

export function requestReview(world: World, input: RequestReview): Pull {
  const { repository, pull, by, at } = readPullAct(world, input);
  const asked = askedOf(world, input);
  if (asked.user !== undefined) pull.requestedReviewers.push(asked.user);
  if (asked.team !== undefined) pull.requestedTeams.push(asked.team);
  note(world, pull, { event: 'review_requested', actor: by, at, ...asked });
  tellPull(world, repository, pull, { action: 'review_requested', by, at, details: asked });
  return pull;
}

export function removeReviewRequest(world: World, input: RequestReview): Pull {
  const { repository, pull, by, at } = readPullAct(world, input);
  const asked = askedOf(world, input);
  pull.requestedReviewers = pull.requestedReviewers.filter((one) => one !== asked.user);
  pull.requestedTeams = pull.requestedTeams.filter((one) => one !== asked.team);
  note(world, pull, { event: 'review_request_removed', actor: by, at, ...asked });
  tellPull(world, repository, pull, { action: 'review_request_removed', by, at, details: asked });
  return pull;
}

function askedOf(world: World, input: RequestReview): { user?: Account; team?: Team } {
  return 'team' in input ? { team: input.team } : { user: accountOf(world, input.reviewer) };
}

export interface NewReview extends PullAct {
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED';
  body?: string;
  comments?: { path: string; line?: number; body: string; inReplyTo?: number }[];
}

export function review(world: World, input: NewReview): Review {
  const { repository, pull, by, at } = readPullAct(world, input);
  const made: Review = {
    id: world.nextId(),
    author: by,
    state: input.state,
    body: input.body ?? '',
    submittedAt: at,
    commit: pull.head.sha,
  };
  pull.reviews.push(made);
  pull.requestedReviewers = pull.requestedReviewers.filter((one) => one !== by);
  tellPull(world, repository, pull, {
    event: 'pull_request_review',
    action: 'submitted',
    by,
    at,
    details: { review: made },
  });
  for (const one of input.comments ?? []) {
    const written: ReviewComment = {
      id: world.nextId(),
      author: by,
      body: one.body,
      createdAt: at,
      updatedAt: at,
      review: made.id,
      path: one.path,
      line: one.line ?? 1,
      commit: pull.head.sha,
      inReplyTo: one.inReplyTo ?? null,
    };
    pull.reviewComments.push(written);
    const details = { comment: written };
    tellPull(world, repository, pull, { event: 'pull_request_review_comment', action: 'created', by, at, details });
  }
  return made;
}

export function dismissReview(world: World, input: PullAct & { review: number; message?: string }): Review {
  const { repository, pull, by, at } = readPullAct(world, input);
  const found = pull.reviews.find(({ id }) => id === input.review);
  if (found === undefined) throw new Error(`there is no review ${input.review}`);
  note(world, pull, { event: 'review_dismissed', actor: by, at, review: { ...found } });
  found.state = 'DISMISSED';
  tellPull(world, repository, pull, {
    event: 'pull_request_review',
    action: 'dismissed',
    by,
    at,
    details: { review: found },
  });
  return found;
}

export function resolveThread(world: World, input: PullAct & { comment: number; isResolved?: boolean }): void {
  const { repository, pull, by, at } = readPullAct(world, input);
  const comments = pull.reviewComments.filter(
    ({ id, inReplyTo }) => id === input.comment || inReplyTo === input.comment,
  );
  const action = input.isResolved === false ? 'unresolved' : 'resolved';
  tellPull(world, repository, pull, { event: 'pull_request_review_thread', action, by, at, details: { comments } });
}

export function comment(world: World, input: PullAct & { body: string }): Comment {
  const repository = repositoryOf(world, input.repository);
  const thread = repository.pulls.get(input.number) ?? repository.issues.get(input.number);
  if (thread === undefined) throw new Error(`there is no thread ${input.number}`);
  const [by, at] = [accountOf(world, input.by), instantOf(world, input.at)];
  const made: Comment = { id: world.nextId(), author: by, body: input.body, createdAt: at, updatedAt: at };
  thread.comments.push(made);
  if (at > thread.updatedAt) thread.updatedAt = at;
  const happening = { event: 'issue_comment', action: 'created', repository, organization: null, sender: by, at };
  tell(world, { ...happening, details: { thread, comment: made } });
  return made;
}

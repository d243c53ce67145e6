import type { Fact } from '@devpulse/contract/facts';
import { z } from 'zod';
import { account, actorNode, toIdentity } from './accounts.ts';
import { labelName, sortLabels } from './read-pulls.ts';
import {
  id,
  idText,
  instant,
  link,
  name,
  number,
  numberAtEnd,
  optionalInstant,
  readShape,
  sha,
  title,
} from './read-shape.ts';
import { type FactOf, seenAtOf, type Told } from './told.ts';

type CommentFact = FactOf<'comment'>;
type GoneFact = FactOf<'gone'>;

const stateReasons = ['completed', 'not_planned', 'duplicate', 'reopened'] as const;

const issue = z.object({
  number,
  title,
  html_url: link,
  user: account,
  // Some events leave it out.
  state: z.enum(['open', 'closed']).optional(),
  // GitHub adds reasons now and then: one that we do not know is none, rather than an issue that cannot be read.
  state_reason: z.enum(stateReasons).nullish().catch(null),
  created_at: instant,
  updated_at: instant,
  closed_at: optionalInstant,
  labels: z.array(z.union([labelName, z.object({ name: labelName.nullish() })])).default([]),
});

/** A pull request that is shown as an issue: it tells less than the pull request itself. */
const pullAsIssue = z.object({ pull_request: z.object({}) });

/** An issue; nothing of what is a pull request. */
export function readIssue(told: Told, data: unknown, what = 'data'): FactOf<'issue'>[] {
  if (pullAsIssue.safeParse(data).success) return [];
  const found = readShape(issue, data, what);
  const state = found.state ?? (found.closed_at === null ? 'open' : 'closed');
  const labels = found.labels.flatMap((label) => (typeof label === 'string' ? label : (label.name ?? [])));
  return [
    {
      fact: 'issue',
      repository: told.repository,
      number: found.number,
      title: found.title,
      url: found.html_url,
      author: toIdentity(told.host, found.user),
      state,
      stateReason: found.state_reason ?? null,
      createdAt: found.created_at,
      updatedAt: found.updated_at,
      seenAt: seenAtOf(told, found.updated_at),
      // GitHub goes on showing when it was closed before it was opened again.
      closedAt: state === 'open' ? null : found.closed_at,
      labels: sortLabels(labels),
    },
  ];
}

const review = z.object({
  id: idText,
  user: account,
  state: z.string().transform((state) => state.toLowerCase()),
  submitted_at: optionalInstant,
  commit_id: sha.nullish(),
});

const said = new Map([
  ['approved', 'approved'],
  ['changes_requested', 'changes_requested'],
  ['commented', 'commented'],
  // What it said before is not shown any more.
  ['dismissed', 'unknown'],
] as const);

/** A review that was submitted, and that it was dismissed where it was; a pending one is nobody else's to see. */
export function readReview(told: Told, data: unknown, thread: number): Fact[] {
  const found = readShape(review, data, 'review');
  const what = said.get(found.state as 'approved');
  if (what === undefined || found.submitted_at === null) return [];
  const fact: FactOf<'review'> = {
    fact: 'review',
    repository: told.repository,
    number: thread,
    id: found.id,
    reviewer: toIdentity(told.host, found.user),
    said: what,
    submittedAt: found.submitted_at,
    commit: found.commit_id ?? null,
  };
  return found.state === 'dismissed' ? [fact, readGone(told, 'review', found.id)] : [fact];
}

const comment = z.object({ id, user: account, created_at: instant, updated_at: instant });

interface Place {
  place: CommentFact['place'];
  number: number | null;
}

/** A comment. GitHub numbers those of each place apart, so that the place is part of its id. */
export function readComment(told: Told, data: unknown, { place, number: thread }: Place): CommentFact {
  const found = readShape(comment, data, 'comment');
  const beside = z.object({ pull_request_review_id: idText.nullish().catch(null) }).safeParse(data);
  return {
    fact: 'comment',
    repository: told.repository,
    number: thread,
    place,
    id: commentId(place, found.id),
    author: toIdentity(told.host, found.user),
    createdAt: found.created_at,
    updatedAt: found.updated_at,
    seenAt: seenAtOf(told, found.updated_at),
    review: place === 'diff' ? (beside.data?.pull_request_review_id ?? null) : null,
  };
}

function commentId(place: CommentFact['place'], given: number): string {
  return `${place}:${given}`;
}

export function readGone(told: Told, what: GoneFact['what'], gone: string): GoneFact {
  return { fact: 'gone', repository: told.repository, what, id: gone };
}

/** That a comment was deleted. */
export function readGoneComment(told: Told, data: unknown, place: CommentFact['place']): GoneFact {
  const found = readShape(z.object({ id }), data, 'comment');
  return readGone(told, 'comment', commentId(place, found.id));
}

const ofIssue = z.array(z.looseObject({ issue_url: numberAtEnd('issues') }));
const ofPull = z.array(z.looseObject({ pull_request_url: numberAtEnd('pulls') }));

/** A page of the comments of threads; each says which thread it belongs to. */
export function readThreadComments(told: Told, data: unknown): CommentFact[] {
  return readShape(ofIssue, data, 'data').map((one) =>
    readComment(told, one, { place: 'thread', number: one.issue_url }),
  );
}

/** A page of the comments of reviews. */
export function readReviewComments(told: Told, data: unknown): CommentFact[] {
  return readShape(ofPull, data, 'data').map((one) =>
    readComment(told, one, { place: 'diff', number: one.pull_request_url }),
  );
}

/** A page of the comments of commits. */
export function readCommitComments(told: Told, data: unknown): CommentFact[] {
  return readShape(z.array(z.unknown()), data, 'data').map((one) =>
    readComment(told, one, { place: 'commit', number: null }),
  );
}

const discussion = z.object({
  number,
  title,
  html_url: link,
  user: account,
  category: z.object({ name }),
  state: z.string().default('open'),
  created_at: instant,
  updated_at: instant,
  answer_chosen_at: optionalInstant,
});

/** A discussion as an event shows it. */
export function readDiscussion(told: Told, data: unknown): FactOf<'discussion'> {
  const found = readShape(discussion, data, 'discussion');
  return {
    fact: 'discussion',
    repository: told.repository,
    number: found.number,
    title: found.title,
    url: found.html_url,
    author: toIdentity(told.host, found.user),
    category: found.category.name,
    createdAt: found.created_at,
    updatedAt: found.updated_at,
    seenAt: seenAtOf(told, found.updated_at),
    isClosed: found.state === 'closed',
    answeredAt: found.answer_chosen_at,
  };
}

const commentNode = z.object({ databaseId: id, author: actorNode, createdAt: instant, updatedAt: instant });
const commentNodes = z.object({
  nodes: z.array(
    commentNode
      .extend({ replies: z.object({ nodes: z.array(commentNode.nullable()).nullable() }).nullish() })
      .nullable(),
  ),
});
const discussionNode = z.object({
  number,
  title,
  url: link,
  author: actorNode,
  category: z.object({ name }),
  createdAt: instant,
  updatedAt: instant,
  closed: z.boolean(),
  answerChosenAt: optionalInstant,
  comments: commentNodes.nullish(),
});

/** A discussion as GraphQL shows it, with the comments and replies that came with it. */
export function readDiscussionNode(told: Told, data: unknown): Fact[] {
  const found = readShape(discussionNode, data, 'data');
  const comments = (found.comments?.nodes ?? []).flatMap((top) =>
    top === null ? [] : [top, ...(top.replies?.nodes ?? []).flatMap((reply) => reply ?? [])],
  );
  return [
    {
      fact: 'discussion',
      repository: told.repository,
      number: found.number,
      title: found.title,
      url: found.url,
      author: toIdentity(told.host, found.author),
      category: found.category.name,
      createdAt: found.createdAt,
      updatedAt: found.updatedAt,
      seenAt: seenAtOf(told, found.updatedAt),
      isClosed: found.closed,
      answeredAt: found.answerChosenAt,
    },
    ...comments.map((node): Fact => ({
      fact: 'comment',
      repository: told.repository,
      number: found.number,
      place: 'discussion',
      id: commentId('discussion', node.databaseId),
      author: toIdentity(told.host, node.author),
      createdAt: node.createdAt,
      updatedAt: node.updatedAt,
      seenAt: seenAtOf(told, node.updatedAt),
      review: null,
    })),
  ];
}

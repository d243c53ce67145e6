import { z } from 'zod';
import { changedFile, count, instant, key, seenAt, sha, text, threadNumber, who } from './parts.ts';

/**
 * What is said of pull requests, issues, reviews and comments. Several shapes of a source tell of the same thing, some of them
 * less: a fact holds only what every shape knows that it is read from, and what fewer know is a fact of its own.
 */

/** Marks that a tool leaves in the text of a pull request, told by the rules in `change-signals`. The text itself is not kept. */
const marks = z.array(z.string().max(60)).max(20);

/** A pull request as it stood at `updatedAt`. The newest wins. */
const pullRequestFact = z.strictObject({
  fact: z.literal('pull-request'),
  repository: key,
  number: threadNumber,
  title: text,
  url: text.nullable(),
  author: who,
  state: z.enum(['open', 'closed', 'merged']),
  isDraft: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
  seenAt,
  closedAt: instant.nullable(),
  mergedAt: instant.nullable(),
  /** Only of what is merged; before that the source gives a trial merge. */
  mergeCommit: sha.nullable(),
  baseBranch: text,
  headBranch: text,
  headSha: sha,
  /** `null`: the fork is gone. */
  headRepository: key.nullable(),
  labels: z.array(text).max(200),
  marks,
});

/** What only the whole answer for one pull request tells. The newest wins. */
const pullDetailFact = z.strictObject({
  fact: z.literal('pull-detail'),
  repository: key,
  number: threadNumber,
  updatedAt: instant,
  seenAt,
  mergedBy: who.nullable(),
  additions: count,
  deletions: count,
  changedFiles: count,
  commits: count,
  comments: count,
  reviewComments: count,
});

/**
 * The commits of a pull request at one head, in order: once squashed or pushed over they are told nowhere else. One head has
 * one list, so the first telling stands; a whole list wins over one that the source cut.
 */
const pullCommitsFact = z.strictObject({
  fact: z.literal('pull-commits'),
  repository: key,
  number: threadNumber,
  head: sha,
  isWhole: z.boolean(),
  commits: z.array(sha).max(5000),
});

/** The files of a pull request at one head, against the branch it goes to. As above. */
const pullFilesFact = z.strictObject({
  fact: z.literal('pull-files'),
  repository: key,
  number: threadNumber,
  head: sha,
  isWhole: z.boolean(),
  files: z.array(changedFile).max(5000),
});

/** An issue as it stood at `updatedAt`. The newest wins. */
const issueFact = z.strictObject({
  fact: z.literal('issue'),
  repository: key,
  number: threadNumber,
  title: text,
  url: text.nullable(),
  author: who,
  state: z.enum(['open', 'closed']),
  stateReason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).nullable(),
  createdAt: instant,
  updatedAt: instant,
  seenAt,
  closedAt: instant.nullable(),
  labels: z.array(text).max(200),
});

const momentKinds = [
  'ready',
  'draft',
  'review_requested',
  'review_request_removed',
  'closed',
  'reopened',
  'merged',
  'head_pushed',
  'queued',
  'unqueued',
  'auto_merge_on',
  'auto_merge_off',
  'assigned',
  'unassigned',
  'labeled',
  'unlabeled',
] as const;

/** Something that happened to a thread at an instant. */
const moment = z.strictObject({
  kind: z.enum(momentKinds),
  at: instant,
  /** `null`: the source does not say who. */
  actor: who.nullable(),
  /** Whom or what it is about: `user:<id>`, `team:<id>`, a head's sha, a label; empty where nothing. */
  subject: z.string().max(512),
});

/**
 * A moment that a live event told. It stands until a whole look at the thread reaches beyond it: see `timelineFact`. Pushes
 * (`head_pushed`) stand for ever: a timeline does not tell of them.
 */
const momentFact = moment.extend({ fact: z.literal('moment'), repository: key, number: threadNumber });

/**
 * Every moment of a thread up to `asOf`, as a look at the whole thread found them. The newest look wins; moments that live
 * events told at or before `asOf` give way to it, for the two disagree by seconds about one and the same act.
 */
const timelineFact = z.strictObject({
  fact: z.literal('timeline'),
  repository: key,
  number: threadNumber,
  asOf: instant,
  seenAt,
  moments: z.array(moment).max(5000),
});

/**
 * A review that was submitted. A telling that knows what it said wins over `unknown`, which is what a source gives for one that
 * was dismissed; that it was is told by `gone`.
 */
const reviewFact = z.strictObject({
  fact: z.literal('review'),
  repository: key,
  number: threadNumber,
  id: key,
  reviewer: who,
  said: z.enum(['approved', 'changes_requested', 'commented', 'unknown']),
  submittedAt: instant,
  commit: sha.nullable(),
});

/**
 * A comment; its text is not kept. The newest wins. Sources number the comments of each place apart, so an id names its place
 * too, for example `diff:12`.
 */
const commentFact = z.strictObject({
  fact: z.literal('comment'),
  repository: key,
  /** `null` for a comment on a commit. */
  number: threadNumber.nullable(),
  place: z.enum(['thread', 'diff', 'commit', 'discussion']),
  id: key,
  author: who,
  createdAt: instant,
  updatedAt: instant,
  seenAt,
  /** The review it was submitted with, where it was. */
  review: key.nullable(),
});

/** A discussion as it stood at `updatedAt`. The newest wins. */
const discussionFact = z.strictObject({
  fact: z.literal('discussion'),
  repository: key,
  number: threadNumber,
  title: text,
  url: text.nullable(),
  author: who,
  category: text,
  createdAt: instant,
  updatedAt: instant,
  seenAt,
  isClosed: z.boolean(),
  answeredAt: instant.nullable(),
});

/** The source said that something is no more. Never undone: an id is not given twice. */
const goneFact = z.strictObject({
  fact: z.literal('gone'),
  repository: key,
  what: z.enum(['issue', 'comment', 'review', 'release', 'discussion', 'deployment']),
  /** As in the fact that it takes away: a number for threads, else the id. */
  id: key,
});

export const threadFacts = [
  pullRequestFact,
  pullDetailFact,
  pullCommitsFact,
  pullFilesFact,
  issueFact,
  momentFact,
  timelineFact,
  reviewFact,
  commentFact,
  discussionFact,
  goneFact,
] as const;

export type ThreadFact = z.infer<(typeof threadFacts)[number]>;

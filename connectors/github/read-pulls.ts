import { findMarks } from '@devpulse/contract/change-signals';
import type { Fact } from '@devpulse/contract/facts';
import { z } from 'zod';
import { type Account, account, actorNode, type GraphActor, toIdentity } from './accounts.ts';
import {
  count,
  id,
  instant,
  link,
  number,
  optionalInstant,
  readShape,
  refName,
  sha,
  textUpTo,
  title,
} from './read-shape.ts';
import { readPullSums } from './read-pull-sums.ts';
import { type FactOf, repositoryKey, seenAtOf, type Told } from './told.ts';

export type PullFact = FactOf<'pull-request'>;

export const labelName = textUpTo(200);

const pull = z.object({
  number,
  title,
  html_url: link,
  user: account,
  state: z.enum(['open', 'closed']),
  // Older servers do not know drafts.
  draft: z.boolean().default(false),
  created_at: instant,
  updated_at: instant,
  closed_at: optionalInstant,
  merged_at: optionalInstant,
  merge_commit_sha: sha.nullish(),
  base: z.object({ ref: refName }),
  head: z.object({ ref: refName, sha, repo: z.object({ id }).nullish() }),
  labels: z.array(z.object({ name: labelName })).default([]),
  body: z.string().nullish(),
});

const detail = z.object({
  merged_by: account,
  additions: count,
  deletions: count,
  changed_files: count,
  commits: count,
  comments: count,
  review_comments: count,
});

/** A pull request as the REST API and most events show it. */
export function readPull(told: Told, data: unknown, what = 'data'): PullFact {
  const found = readShape(pull, data, what);
  return buildPull(told, {
    number: found.number,
    title: found.title,
    url: found.html_url,
    author: found.user,
    isOpen: found.state === 'open',
    isDraft: found.draft,
    createdAt: found.created_at,
    updatedAt: found.updated_at,
    closedAt: found.closed_at,
    mergedAt: found.merged_at,
    mergeCommit: found.merge_commit_sha ?? null,
    baseBranch: found.base.ref,
    headBranch: found.head.ref,
    headSha: found.head.sha,
    headRepository: found.head.repo?.id ?? null,
    labels: found.labels.map((label) => label.name),
    body: found.body ?? '',
  });
}

/** Events about reviews show a pull request with fewer fields; without knowing whether it is a draft it is not told at all. */
export function readPullBeside(told: Told, data: unknown): PullFact[] {
  const isWhole = z.object({ draft: z.boolean() }).safeParse(data).success;
  return isWhole ? [readPull(told, data, 'pull_request')] : [];
}

/** With the sums that only the whole answer has. */
export function readPullWithDetail(told: Told, data: unknown, what = 'data'): Fact[] {
  const fact = readPull(told, data, what);
  return [fact, ...readDetail(told, data, fact)];
}

function readDetail(told: Told, data: unknown, fact: PullFact): Fact[] {
  const read = detail.safeParse(data);
  if (!read.success) return [];
  const found = read.data;
  return [
    {
      fact: 'pull-detail',
      repository: told.repository,
      number: fact.number,
      updatedAt: fact.updatedAt,
      seenAt: fact.seenAt,
      mergedBy: found.merged_by === null ? null : toIdentity(told.host, found.merged_by),
      additions: found.additions,
      deletions: found.deletions,
      changedFiles: found.changed_files,
      commits: found.commits,
      comments: found.comments,
      reviewComments: found.review_comments,
    },
  ];
}

const pullNode = z.object({
  number,
  title,
  url: link,
  author: actorNode,
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  isDraft: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
  closedAt: optionalInstant,
  mergedAt: optionalInstant,
  mergeCommit: z.object({ oid: sha }).nullable(),
  baseRefName: refName,
  headRefName: refName,
  headRefOid: sha,
  headRepository: z.object({ databaseId: id.nullable() }).nullable(),
  labels: z.object({ nodes: z.array(z.object({ name: labelName }).nullable()).nullable() }).nullable(),
  body: z.string(),
});

/** A pull request as GraphQL shows it; tells the same as the REST API. */
function readPullNode(told: Told, data: unknown): PullFact {
  const found = readShape(pullNode, data, 'data');
  return buildPull(told, {
    ...found,
    isOpen: found.state === 'OPEN',
    mergeCommit: found.mergeCommit?.oid ?? null,
    baseBranch: found.baseRefName,
    headBranch: found.headRefName,
    headSha: found.headRefOid,
    headRepository: found.headRepository?.databaseId ?? null,
    labels: (found.labels?.nodes ?? []).flatMap((label) => (label === null ? [] : [label.name])),
  });
}

/** With the sums, where they were asked for as well. */
export function readPullNodeWithDetail(told: Told, data: unknown): Fact[] {
  const fact = readPullNode(told, data);
  const sums = readPullSums(data);
  if (sums === null) return [fact];
  const { number: thread, updatedAt, seenAt } = fact;
  return [
    fact,
    {
      fact: 'pull-detail',
      repository: told.repository,
      number: thread,
      updatedAt,
      seenAt,
      mergedBy: sums.mergedBy === null ? null : toIdentity(told.host, sums.mergedBy),
      additions: sums.additions,
      deletions: sums.deletions,
      changedFiles: sums.changedFiles,
      commits: sums.commits.totalCount,
      comments: sums.comments.totalCount,
      reviewComments: Math.max(0, sums.totalCommentsCount - sums.comments.totalCount),
    },
  ];
}

interface Parts {
  number: number;
  title: string;
  url: string | null;
  author: Account | GraphActor | null;
  isOpen: boolean;
  isDraft: boolean;
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  mergedAt: string | null;
  mergeCommit: string | null;
  baseBranch: string;
  headBranch: string;
  headSha: string;
  headRepository: number | null;
  labels: string[];
  body: string;
}

function buildPull(told: Told, parts: Parts): PullFact {
  const isMerged = parts.mergedAt !== null;
  return {
    fact: 'pull-request',
    repository: told.repository,
    number: parts.number,
    title: parts.title,
    url: parts.url,
    author: toIdentity(told.host, parts.author),
    state: isMerged ? 'merged' : parts.isOpen ? 'open' : 'closed',
    isDraft: parts.isDraft,
    createdAt: parts.createdAt,
    updatedAt: parts.updatedAt,
    seenAt: seenAtOf(told, parts.updatedAt),
    closedAt: parts.isOpen ? null : parts.closedAt,
    mergedAt: parts.mergedAt,
    // Of what is open this is a trial merge, of what was closed the last one.
    mergeCommit: isMerged ? parts.mergeCommit : null,
    baseBranch: parts.baseBranch,
    headBranch: parts.headBranch,
    headSha: parts.headSha,
    headRepository: parts.headRepository === null ? null : repositoryKey(told.host, parts.headRepository),
    labels: sortLabels(parts.labels),
    marks: findMarks(parts.headBranch, parts.body),
  };
}

/** Each shape has an order of its own. */
export function sortLabels(labels: readonly string[]): string[] {
  return [...new Set(labels)].toSorted().slice(0, 200);
}

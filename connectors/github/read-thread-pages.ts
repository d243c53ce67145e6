import type { RawEventInput } from '@devpulse/contract/raw-event';
import type { SourceClient } from '@devpulse/contract/source-client';
import { z } from 'zod';
import { heardAt, ask, getAll, getOptional, keep, type Look, oldestOf, pageInfo, readItems, toEvent } from './look.ts';
import { discussionsQuestion, issuesQuestion, pullCommitsQuestion, pullsQuestion } from './questions.ts';
import { keepPullFiles, noteNewHead } from './read-new-files.ts';
import type { Page } from './read-page.ts';

const list = z.object({ pageInfo, nodes: z.array(z.looseObject({}).nullable()).nullable() });
const timelineItems = list;

const pullNode = z.looseObject({
  number: z.int(),
  updatedAt: z.string(),
  headRefOid: z.string(),
  commits: z.object({
    totalCount: z.int(),
    pageInfo,
    nodes: z.array(z.object({ commit: z.looseObject({}) }).nullable()).nullable(),
  }),
  reviews: list.nullable(),
  timelineItems,
});
const issueNode = z.looseObject({ number: z.int(), updatedAt: z.string(), timelineItems });
const discussionNode = z.looseObject({ number: z.int(), updatedAt: z.string() });

function pageOf<Node extends z.ZodType>(field: string, node: Node) {
  const nodes = z.object({ totalCount: z.int(), pageInfo, nodes: z.array(node.nullable()).nullable() });
  return z.object({ [field]: nodes }).transform((found) => found[field] as z.output<typeof nodes>);
}
const pulls = pageOf('pullRequests', pullNode);
const issues = pageOf('issues', issueNode);
const discussions = pageOf('discussions', discussionNode);

interface Asked {
  look: Look;
  client: SourceClient;
  after: string | null;
  first: number;
}

interface Found<Node> {
  totalCount: number;
  pageInfo: z.infer<typeof pageInfo>;
  nodes: (Node | null)[] | null;
}

function present<Node>(found: Found<Node>): Node[] {
  return (found.nodes ?? []).flatMap((node) => (node === null ? [] : [node]));
}

function toPage<Node extends { updatedAt: string }>(found: Found<Node>): Page {
  const nodes = present(found);
  return {
    after: found.pageInfo.endCursor,
    oldest: oldestOf(nodes, 'updatedAt'),
    isEnd: !found.pageInfo.hasNextPage,
    count: nodes.length,
    total: found.totalCount,
  };
}

/** Pull requests, last touched first, with their commits, reviews and what happened to them. */
export async function readPullPage({ look, client, after, first }: Asked): Promise<Page> {
  const found = await ask(look, client, { question: pullsQuestion, after, first }, pulls);
  const at = look.now();
  const events: RawEventInput[] = [];
  for (const node of present(found)) {
    events.push(...(await eventsOfPull(look, client, node, at)));
    if (client === look.live) noteNewHead(look, node.number, node.headRefOid);
  }
  await keep(look, events);
  return toPage(found);
}

type PullNode = z.infer<typeof pullNode>;

async function eventsOfPull(look: Look, client: SourceClient, node: PullNode, at: Date): Promise<RawEventInput[]> {
  const { number, updatedAt, headRefOid: head } = node;
  const { commits: commitList, reviews, timelineItems: timeline, ...rest } = node;
  const commits = await readPullCommits(look, client, node);
  const pull = { ...rest, commits: { totalCount: commitList.totalCount } };
  const events = [
    toEvent(heardAt(look, at), 'pull-node', pull, {}),
    toEvent(heardAt(look, at), 'pull-commit-nodes', commits.nodes, { number, head, isWhole: commits.isWhole }),
  ];
  if (reviews?.pageInfo.hasNextPage === true) events.push(...(await readReviews(look, client, number)));
  else if ((reviews?.nodes ?? []).length > 0)
    events.push(toEvent(heardAt(look, at), 'review-nodes', reviews?.nodes ?? [], { number }));
  events.push(await timelineEvent({ look, client, number, asOf: updatedAt, at }, timeline));
  return events;
}

async function readReviews(look: Look, client: SourceClient, number: number): Promise<RawEventInput[]> {
  const found = await getAll(look, client, `/pulls/${number}/reviews?per_page=100`);
  return found === null ? [] : [toEvent(heardAt(look, found.at), 'reviews', found.items, { number })];
}

interface Thread {
  look: Look;
  client: SourceClient;
  number: number;
  asOf: string;
  at: Date;
}

/** What happened to a thread; a longer one than fits beside others is read apart. */
async function timelineEvent(thread: Thread, timeline: z.infer<typeof timelineItems>): Promise<RawEventInput> {
  const { look, client, number, asOf, at } = thread;
  const whole = timeline.pageInfo.hasNextPage
    ? await getAll(look, client, `/issues/${number}/timeline?per_page=100`)
    : null;
  if (whole !== null) return toEvent(heardAt(look, whole.at), 'timeline', whole.items, { number, asOf });
  return toEvent(heardAt(look, at), 'timeline-nodes', timeline.nodes ?? [], { number, asOf });
}

const pullCommits = z.object({
  pullRequest: z
    .object({
      headRefOid: z.string(),
      commits: z.object({ pageInfo, nodes: z.array(z.object({ commit: z.looseObject({}) }).nullable()).nullable() }),
    })
    .nullable(),
});
const commitPagesMax = 50;

/** Its own commits, all of them: what is squashed is told nowhere else. */
async function readPullCommits(
  look: Look,
  client: SourceClient,
  node: PullNode,
): Promise<{ nodes: unknown[]; isWhole: boolean }> {
  const nodes: unknown[] = (node.commits.nodes ?? []).flatMap((one) => (one === null ? [] : [one.commit]));
  let page = node.commits.pageInfo;
  for (let pages = 0; page.hasNextPage && pages < commitPagesMax; pages += 1) {
    const variables = { number: node.number, first: 100, after: page.endCursor };
    const { pullRequest } = await ask(look, client, { question: pullCommitsQuestion, ...variables }, pullCommits);
    // It was pushed to meanwhile: the next look reads what stands then.
    if (pullRequest?.headRefOid !== node.headRefOid) return { nodes, isWhole: false };
    nodes.push(...(pullRequest.commits.nodes ?? []).flatMap((one) => (one === null ? [] : [one.commit])));
    page = pullRequest.commits.pageInfo;
  }
  return { nodes, isWhole: !page.hasNextPage && nodes.length >= node.commits.totalCount };
}

/** Issues, last touched first, with what happened to them. */
export async function readIssuePage({ look, client, after, first }: Asked): Promise<Page> {
  const found = await ask(look, client, { question: issuesQuestion, after, first }, issues);
  const at = look.now();
  const events: RawEventInput[] = [];
  for (const node of present(found)) {
    const { timelineItems: timeline, ...issue } = node;
    const thread = { look, client, number: node.number, asOf: node.updatedAt, at };
    events.push(toEvent(heardAt(look, at), 'issue-node', issue, {}), await timelineEvent(thread, timeline));
  }
  await keep(look, events);
  return toPage(found);
}

export async function readDiscussionPage({ look, client, after, first }: Asked): Promise<Page> {
  const found = await ask(look, client, { question: discussionsQuestion, after, first }, discussions);
  const at = look.now();
  await keep(
    look,
    present(found).map((node) => toEvent(heardAt(look, at), 'discussion', node, {})),
  );
  return toPage(found);
}

const commentLists = {
  comments: { path: '/issues/comments', shape: 'issue-comments' },
  'review-comments': { path: '/pulls/comments', shape: 'review-comments' },
} as const;
export type CommentKind = keyof typeof commentLists;

/** Comments on threads or on lines, newest first. */
export async function readCommentPage(look: Look, kind: CommentKind, after: string | null): Promise<Page> {
  const { path, shape } = commentLists[kind];
  const address = after ?? `/repositories/${look.settings.id}${path}?sort=created&direction=desc&per_page=100`;
  const answer = await look.history.get(address, { allow: [403, 404, 410] });
  look.heard(answer);
  if (answer.status >= 400) return { after: null, oldest: null, isEnd: true, count: 0, total: null };
  const items = readItems(answer.json);
  if (items.length > 0) await keep(look, [toEvent(heardAt(look, answer.at), shape, items, {})]);
  return {
    after: answer.next,
    oldest: oldestOf(items, 'created_at'),
    isEnd: answer.next === null,
    count: items.length,
    total: null,
  };
}

/** Comments that were written or changed since. */
export async function readCommentsSince(look: Look, kind: CommentKind, since: string): Promise<void> {
  const { path, shape } = commentLists[kind];
  const query = { sort: 'updated', direction: 'asc', per_page: 100, since };
  let answer = await getOptional(look, look.live, path, { query });
  while (answer !== null) {
    const items = readItems(answer.json);
    if (items.length > 0) await keep(look, [toEvent(heardAt(look, answer.at), shape, items, {})]);
    answer = answer.next === null ? null : await look.live.get(answer.next);
  }
}

const pullsWithHead = z.array(
  z.looseObject({ number: z.int(), updated_at: z.string(), head: z.object({ sha: z.string() }) }),
);

/** The files of the next pull requests: one request for each of them. */
export async function readPullFiles(look: Look, after: string | null): Promise<Page> {
  const first = `/repositories/${look.settings.id}/pulls?state=all&sort=updated&direction=desc&per_page=50`;
  const answer = await look.history.get(after ?? first, { allow: [403, 404, 410] });
  if (answer.status >= 400) return { after: null, oldest: null, isEnd: true, count: 0, total: null };
  const found = pullsWithHead.parse(answer.json);
  for (const { number, head } of found) await keepPullFiles(look, number, head.sha);
  return {
    after: answer.next,
    oldest: oldestOf(found, 'updated_at'),
    isEnd: answer.next === null,
    count: found.length,
    total: null,
  };
}

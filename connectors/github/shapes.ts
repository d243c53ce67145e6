import { z } from 'zod';
import { changedFiles, readCommit, readCommitNodes, readCommits } from './read-commits.ts';
import { readDeployment, readDeploymentStatus, readRelease, readWorkflowRun } from './read-delivery.ts';
import { readIssueNode, readPullCommitNodes, readReviewNodes, readTimelineNodes } from './read-graph-lists.ts';
import { readTimeline } from './read-moments.ts';
import { readPull, readPullNodeWithDetail, readPullWithDetail } from './read-pulls.ts';
import { readRefs } from './read-pushes.ts';
import {
  readAccount,
  readAlert,
  readCommunity,
  readFork,
  readLanguages,
  readLevels,
  readRepository,
  readStargazers,
  readTraffic,
} from './read-repositories.ts';
import { instant, number, readShape, refName, sha } from './read-shape.ts';
import {
  readCommitComments,
  readDiscussionNode,
  readIssue,
  readReview,
  readReviewComments,
  readThreadComments,
} from './read-threads.ts';
import { atHead, daily, field, nothing, noVersion, ofHead, ofThread, type Shape, shape, whole } from './shape-parts.ts';

const shas = z.array(z.object({ sha }));

const code = {
  commits: shape({
    title: 'A page of commits',
    data: 'GET /repos/{owner}/{repo}/commits',
    extra: nothing,
    id: (data) => shas.safeParse(data).data?.[0]?.sha ?? '-',
    version: noVersion,
    read: (told, data) => readCommits(told, data),
  }),
  'commit-nodes': shape({
    title: 'A page of commits as GraphQL lists them, with the offsets of their dates',
    data: 'the nodes of `history`',
    extra: nothing,
    id: (data) => z.array(z.object({ oid: sha })).safeParse(data).data?.[0]?.oid ?? '-',
    version: noVersion,
    read: (told, data) => readCommitNodes(told, data),
  }),
  commit: shape({
    title: 'One commit with its files',
    data: 'GET /repos/{owner}/{repo}/commits/{ref}; `isWhole` says whether all files are there',
    extra: z.object({
      isWhole: z.boolean(),
      times: z.object({ authored: z.string(), committed: z.string() }).optional(),
    }),
    id: field('sha'),
    version: noVersion,
    read: (told, data, extra) => [readCommit(told, data, extra)],
  }),
  refs: shape({
    title: 'Where branches and tags stand',
    data: 'GET /repos/{owner}/{repo}/git/matching-refs/; `gone` names those that are no more (`refs/heads/x`)',
    extra: z.object({ gone: z.array(refName).default([]) }),
    id: whole,
    version: (_data, _extra, at) => at,
    read: (told, data, extra) => readRefs(told, data, { gone: extra.gone, observedAt: told.at }),
  }),
  reach: shape({
    title: 'Commits that one look found reachable, or no longer reachable',
    data: 'the ids of at most 2,000 commits',
    extra: z.object({ snapshot: z.int().nonnegative(), reachable: z.boolean(), part: z.int().nonnegative() }),
    id: (_data, { snapshot }) => String(snapshot),
    version: (_data, { reachable, part }) => `${reachable ? '+' : '-'}${part}`,
    read: ({ repository }, data, { snapshot, reachable }) => [
      { fact: 'reach', repository, snapshot, reachable, shas: readShape(z.array(sha).max(2000), data, 'data') },
    ],
  }),
  'reach-baseline': shape({
    title: 'The end of a look that told of every reachable commit',
    data: '`null`',
    extra: z.object({ snapshot: z.int().nonnegative() }),
    id: (_data, { snapshot }) => String(snapshot),
    version: noVersion,
    read: ({ repository }, _data, { snapshot }) => [{ fact: 'reach-baseline', repository, snapshot }],
  }),
} as const;

const threads = {
  pull: shape({
    title: 'A pull request from a list',
    data: 'one of GET /repos/{owner}/{repo}/pulls',
    extra: nothing,
    id: field('number'),
    version: field('updated_at'),
    read: (told, data) => [readPull(told, data)],
  }),
  'pull-detail': shape({
    title: 'A pull request with its sums',
    data: 'GET /repos/{owner}/{repo}/pulls/{pull_number}',
    extra: nothing,
    id: field('number'),
    version: field('updated_at'),
    read: (told, data) => readPullWithDetail(told, data),
  }),
  'pull-node': shape({
    title: 'A pull request as GraphQL shows it',
    data: 'a node with the fields of `pullFields`',
    extra: nothing,
    id: field('number'),
    version: field('updatedAt'),
    read: (told, data) => readPullNodeWithDetail(told, data),
  }),
  'pull-commits': shape({
    title: 'The commits of a pull request at one head',
    data: 'all pages of GET /repos/{owner}/{repo}/pulls/{pull_number}/commits; `isWhole`: none were left out',
    extra: ofHead,
    id: (_data, extra) => String(extra.number),
    version: atHead,
    read: (told, data, { number: thread, head, isWhole }) => {
      const commits = readCommits(told, data);
      const listed = commits.map((commit) => commit.sha).slice(0, 5000);
      const { repository } = told;
      return [{ fact: 'pull-commits', repository, number: thread, head, isWhole, commits: listed }, ...commits];
    },
  }),
  'pull-files': shape({
    title: 'The files of a pull request at one head',
    data: 'all pages of GET /repos/{owner}/{repo}/pulls/{pull_number}/files; `isWhole`: none were left out',
    extra: ofHead,
    id: (_data, extra) => String(extra.number),
    version: atHead,
    read: ({ repository }, data, { number: thread, head, isWhole }) => {
      const files = readShape(changedFiles, data, 'data').slice(0, 5000);
      return [{ fact: 'pull-files', repository, number: thread, head, isWhole, files }];
    },
  }),
  timeline: shape({
    title: 'Everything that happened to a thread',
    data: 'all pages of GET /repos/{owner}/{repo}/issues/{issue_number}/timeline; `asOf`: the `updated_at` of the thread when it was read before',
    extra: z.object({ number, asOf: instant }),
    id: (_data, extra) => String(extra.number),
    version: (_data, { asOf }) => asOf,
    read: (told, data, extra) => [readTimeline(told, data, extra)],
  }),
  'pull-commit-nodes': shape({
    title: 'The commits of a pull request at one head as GraphQL lists them',
    data: 'all `commit` of the nodes of `commits`; `isWhole`: none were left out',
    extra: ofHead,
    id: (_data, extra) => String(extra.number),
    version: atHead,
    read: (told, data, extra) => readPullCommitNodes(told, data, extra),
  }),
  'timeline-nodes': shape({
    title: 'Everything that happened to a thread as GraphQL lists it',
    data: 'all nodes of `timelineItems`; `asOf`: the `updatedAt` of the thread beside them',
    extra: z.object({ number, asOf: instant }),
    id: (_data, extra) => String(extra.number),
    version: (_data, { asOf }) => asOf,
    read: (told, data, extra) => [readTimelineNodes(told, data, extra)],
  }),
  'review-nodes': shape({
    title: 'Reviews of a pull request as GraphQL lists them',
    data: 'nodes of `reviews`',
    extra: ofThread,
    id: (_data, extra) => String(extra.number),
    version: noVersion,
    read: (told, data, extra) => readReviewNodes(told, data, extra.number),
  }),
  'issue-node': shape({
    title: 'An issue as GraphQL shows it',
    data: 'a node of `issues`',
    extra: nothing,
    id: field('number'),
    version: field('updatedAt'),
    read: (told, data) => readIssueNode(told, data),
  }),
  reviews: shape({
    title: 'Reviews of a pull request',
    data: 'a page of GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
    extra: ofThread,
    id: (_data, extra) => String(extra.number),
    version: noVersion,
    read: (told, data, extra) =>
      readShape(z.array(z.unknown()), data, 'data').flatMap((one) => readReview(told, one, extra.number)),
  }),
  'review-comments': shape({
    title: 'Comments on lines of pull requests',
    data: 'a page of GET /repos/{owner}/{repo}/pulls/comments, or of one pull request',
    extra: nothing,
    id: whole,
    version: noVersion,
    read: (told, data) => readReviewComments(told, data),
  }),
  'issue-comments': shape({
    title: 'Comments on issues and pull requests',
    data: 'a page of GET /repos/{owner}/{repo}/issues/comments, or of one thread',
    extra: nothing,
    id: whole,
    version: noVersion,
    read: (told, data) => readThreadComments(told, data),
  }),
  'commit-comments': shape({
    title: 'Comments on commits',
    data: 'a page of GET /repos/{owner}/{repo}/comments',
    extra: nothing,
    id: whole,
    version: noVersion,
    read: (told, data) => readCommitComments(told, data),
  }),
  issue: shape({
    title: 'An issue',
    data: 'one of GET /repos/{owner}/{repo}/issues; of a pull request nothing is read',
    extra: nothing,
    id: field('number'),
    version: field('updated_at'),
    read: (told, data) => readIssue(told, data),
  }),
  discussion: shape({
    title: 'A discussion with comments and replies',
    data: 'a node with the fields of `discussionFields`',
    extra: nothing,
    id: field('number'),
    version: field('updatedAt'),
    read: (told, data) => readDiscussionNode(told, data),
  }),
} as const;

const delivery = {
  release: shape({
    title: 'A release',
    data: 'one of GET /repos/{owner}/{repo}/releases',
    extra: nothing,
    id: field('id'),
    version: noVersion,
    read: (told, data) => [readRelease(told, data)],
  }),
  deployment: shape({
    title: 'A deployment',
    data: 'one of GET /repos/{owner}/{repo}/deployments',
    extra: nothing,
    id: field('id'),
    version: field('updated_at'),
    read: (told, data) => [readDeployment(told, data)],
  }),
  'deployment-statuses': shape({
    title: 'How a deployment went',
    data: 'a page of GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
    extra: nothing,
    id: (data) => field('id')(z.array(z.unknown()).safeParse(data).data?.[0]),
    version: noVersion,
    read: (told, data) => readShape(z.array(z.unknown()), data, 'data').map((one) => readDeploymentStatus(told, one)),
  }),
  'workflow-run': shape({
    title: 'An attempt of a workflow',
    data: 'one of GET /repos/{owner}/{repo}/actions/runs',
    extra: nothing,
    id: (data) => `${field('id')(data)}.${field('run_attempt')(data)}`,
    version: field('updated_at'),
    read: (told, data) => [readWorkflowRun(told, data)],
  }),
} as const;

const repositories = {
  repository: shape({
    title: 'The repository itself, once a day',
    data: 'GET /repos/{owner}/{repo}',
    extra: nothing,
    id: whole,
    version: daily,
    read: (told, data) => [...readRepository(told, data), ...readLevels(told, data)],
  }),
  'repository-gone': shape({
    title: 'That the repository is proven to be no more',
    data: 'what was known of it: `full_name`, `html_url`, `default_branch`',
    extra: nothing,
    id: whole,
    version: (_data, _extra, at) => at,
    read: (told, data) => {
      const known = readShape(
        z.object({ full_name: refName, html_url: z.string().nullable(), default_branch: refName.nullable() }),
        data,
        'data',
      );
      const { repository: key, at: observedAt } = told;
      const { full_name: name, html_url: url, default_branch: defaultBranch } = known;
      return [{ fact: 'repository', key, name, url, defaultBranch, state: 'gone', observedAt }];
    },
  }),
  'traffic-views': shape({
    title: 'Views of the last fourteen days',
    data: 'GET /repos/{owner}/{repo}/traffic/views',
    extra: nothing,
    id: whole,
    version: daily,
    read: (told, data) => readTraffic(told, data, 'views'),
  }),
  'traffic-clones': shape({
    title: 'Clones of the last fourteen days',
    data: 'GET /repos/{owner}/{repo}/traffic/clones',
    extra: nothing,
    id: whole,
    version: daily,
    read: (told, data) => readTraffic(told, data, 'clones'),
  }),
  languages: shape({
    title: 'Bytes of each language, once a day',
    data: 'GET /repos/{owner}/{repo}/languages',
    extra: nothing,
    id: whole,
    version: daily,
    read: (told, data) => [readLanguages(told, data, told.at)],
  }),
  community: shape({
    title: 'Which files a community expects are there, once a day',
    data: 'GET /repos/{owner}/{repo}/community/profile',
    extra: nothing,
    id: whole,
    version: daily,
    read: (told, data) => [readCommunity(told, data, told.at)],
  }),
  stargazers: shape({
    title: 'Who has starred it, and when',
    data: 'a page of GET /repos/{owner}/{repo}/stargazers as `application/vnd.github.star+json`',
    extra: nothing,
    id: whole,
    version: noVersion,
    read: (told, data) => readStargazers(told, data, told.at),
  }),
  forks: shape({
    title: 'Forks',
    data: 'a page of GET /repos/{owner}/{repo}/forks',
    extra: nothing,
    id: whole,
    version: noVersion,
    read: (told, data) => readShape(z.array(z.unknown()), data, 'data').map((one) => readFork(told, one)),
  }),
  alerts: shape({
    title: 'Alerts about dependencies',
    data: 'a page of GET /repos/{owner}/{repo}/dependabot/alerts',
    extra: nothing,
    id: whole,
    version: noVersion,
    read: (told, data) => readShape(z.array(z.unknown()), data, 'data').map((one) => readAlert(told, one)),
  }),
  account: shape({
    title: 'An account, once a day',
    data: 'GET /user or GET /user/{account_id}',
    extra: nothing,
    id: field('id'),
    version: daily,
    read: (told, data) => readAccount(told.host, data, told.at),
  }),
} as const;

/** Every answer of the API that is kept, by the name that its kind carries (`api.<name>`). */
export const shapes = { ...repositories, ...code, ...threads, ...delivery };
export type ShapeName = keyof typeof shapes;

/** What buildEnvelope takes beside the answer. */
export type ExtraOf<Name extends ShapeName> = z.input<(typeof shapes)[Name]['extra']>;

export function findShape(name: string): Shape | undefined {
  return Object.hasOwn(shapes, name) ? shapes[name as ShapeName] : undefined;
}

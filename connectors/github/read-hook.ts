import { MalformedEvent } from '@devpulse/contract/drop-reasons';
import type { ParseResult } from '@devpulse/contract/connector';
import type { Fact } from '@devpulse/contract/facts';
import { isBodyOf } from '@devpulse/contract/github-event-members';
import { z } from 'zod';
import { eventActions } from './actions.ts';
import { orderOf } from './order-in-second.ts';
import { readCheckSuite, readDeployment, readDeploymentStatus, readRelease, readWorkflowRun } from './read-delivery.ts';
import { readMoment } from './read-moments.ts';
import { readPullBeside, readPullWithDetail, type PullFact } from './read-pulls.ts';
import { readDeletedRef, readPush } from './read-pushes.ts';
import { readAlert, readDeletedRepository, readFork, readRepository, readStar } from './read-repositories.ts';
import { id, idText, number, readShape } from './read-shape.ts';
import { readComment, readDiscussion, readGone, readGoneComment, readIssue, readReview } from './read-threads.ts';
import { repositoryKey, type Told } from './told.ts';

type Body = Record<string, unknown> & { action: string };
type Reader = (told: Told, body: Body) => Fact[];

/** How each event is read whose actions tell facts. */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['pull_request', readPullEvent],
  ['pull_request_review', readReviewEvent],
  ['pull_request_review_comment', readReviewCommentEvent],
  ['issues', readIssueEvent],
  ['issue_comment', readIssueCommentEvent],
  ['commit_comment', (told, body) => [readComment(told, body['comment'], { place: 'commit', number: null })]],
  ['discussion', readDiscussionEvent],
  ['discussion_comment', readDiscussionCommentEvent],
  ['push', readPush],
  ['delete', readDeletedRef],
  ['release', readReleaseEvent],
  ['deployment', (told, body) => [readDeployment(told, body['deployment'], 'deployment')]],
  ['deployment_status', readDeploymentStatusEvent],
  ['workflow_run', readWorkflowRunEvent],
  ['check_suite', (told, body) => [readCheckSuite(told, body['check_suite'], 'check_suite')]],
  ['repository', readRepositoryEvent],
  ['public', (told, body) => readRepository(told, body['repository'], 'repository')],
  ['star', (told, body) => [readStar(told, body)]],
  ['fork', (told, body) => [readFork(told, body['forkee'], 'forkee')]],
  ['dependabot_alert', (told, body) => [readAlert(told, body['alert'], 'alert')]],
]);

/** What an event that GitHub sent tells. */
export function readHook(event: string, value: unknown): ParseResult {
  const actions = eventActions.get(event);
  if (actions === undefined) return { ignored: 'unknown_kind' };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedEvent('the body is no object');
  }
  const action = 'action' in value && typeof value.action === 'string' ? value.action : '';
  const tells = actions.get(action) ?? actions.get('*');
  if (tells === undefined) return { ignored: 'unknown_kind' };
  const reader = 'none' in tells ? undefined : readers.get(event);
  if (reader === undefined) return { ignored: 'no_facts' };
  const body: Body = { ...value, action };
  if (!isBodyOf(event, value as Record<string, unknown>)) throw new MalformedEvent(`the body is not that of ${event}`);
  const facts = reader(toldBy(event, body), body);
  return facts.length === 0 ? { ignored: 'no_facts' } : { facts };
}

const repository = z.object({ id, html_url: z.url({ protocol: /^https?$/ }) });

/** An event names its GitHub only by the address of its repository. */
function toldBy(event: string, body: Body): Told {
  const found = readShape(repository, body['repository'], 'repository');
  const host = new URL(found.html_url).hostname;
  const order = orderOf(event, body.action, body);
  return { host, repository: repositoryKey(host, found.id), at: null, order };
}

function readPullEvent(told: Told, body: Body): Fact[] {
  const facts = readPullWithDetail(told, body['pull_request'], 'pull_request');
  const moments = facts.slice(0, 1).flatMap((pull) => readMoment(told, body, pull as PullFact));
  return [...facts, ...moments];
}

function threadNumber(body: Body, of: 'pull_request' | 'issue' | 'discussion'): number {
  return readShape(z.object({ number }), body[of], of).number;
}

function readReviewEvent(told: Told, body: Body): Fact[] {
  const thread = threadNumber(body, 'pull_request');
  return [...readPullBeside(told, body['pull_request']), ...readReview(told, body['review'], thread)];
}

function readReviewCommentEvent(told: Told, body: Body): Fact[] {
  const pull = readPullBeside(told, body['pull_request']);
  if (body.action === 'deleted') return [...pull, readGoneComment(told, body['comment'], 'diff')];
  const thread = threadNumber(body, 'pull_request');
  return [...pull, readComment(told, body['comment'], { place: 'diff', number: thread })];
}

function readIssueEvent(told: Told, body: Body): Fact[] {
  if (body.action === 'deleted' || body.action === 'transferred') {
    return [readGone(told, 'issue', String(threadNumber(body, 'issue')))];
  }
  return readIssue(told, body['issue'], 'issue').flatMap((issue) => [issue, ...readMoment(told, body, issue)]);
}

function readIssueCommentEvent(told: Told, body: Body): Fact[] {
  const thread = threadNumber(body, 'issue');
  const issue = readIssue(told, body['issue'], 'issue');
  if (body.action === 'deleted') return [...issue, readGoneComment(told, body['comment'], 'thread')];
  return [...issue, readComment(told, body['comment'], { place: 'thread', number: thread })];
}

function readDiscussionEvent(told: Told, body: Body): Fact[] {
  if (body.action === 'deleted' || body.action === 'transferred') {
    return [readGone(told, 'discussion', String(threadNumber(body, 'discussion')))];
  }
  return [readDiscussion(told, body['discussion'])];
}

function readDiscussionCommentEvent(told: Told, body: Body): Fact[] {
  const discussion = readDiscussion(told, body['discussion']);
  if (body.action === 'deleted') return [discussion, readGoneComment(told, body['comment'], 'discussion')];
  return [discussion, readComment(told, body['comment'], { place: 'discussion', number: discussion.number })];
}

function readReleaseEvent(told: Told, body: Body): Fact[] {
  if (body.action !== 'deleted') return [readRelease(told, body['release'], 'release')];
  return [readGone(told, 'release', readShape(z.object({ id: idText }), body['release'], 'release').id)];
}

function readDeploymentStatusEvent(told: Told, body: Body): Fact[] {
  return [
    readDeployment(told, body['deployment'], 'deployment'),
    readDeploymentStatus(told, body['deployment_status'], 'deployment_status'),
  ];
}

/** Older servers name the path of the workflow, and who started it, beside the run only. */
function readWorkflowRunEvent(told: Told, body: Body): Fact[] {
  const run = z.looseObject({}).safeParse(body['workflow_run']);
  const workflow = z.object({ path: z.string() }).safeParse(body['workflow']);
  const beside = { ...workflow.data, actor: body['sender'] };
  return [readWorkflowRun(told, run.success ? { ...beside, ...run.data } : body['workflow_run'], 'workflow_run')];
}

function readRepositoryEvent(told: Told, body: Body): Fact[] {
  return body.action === 'deleted'
    ? [readDeletedRepository(told, body['repository'])]
    : readRepository(told, body['repository'], 'repository');
}

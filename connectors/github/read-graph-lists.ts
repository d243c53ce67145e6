import type { Fact } from '@devpulse/contract/facts';
import { z } from 'zod';
import { actorNode, type GraphActor } from './accounts.ts';
import { readCommitNodes } from './read-commits.ts';
import { readTimeline } from './read-moments.ts';
import { id, readShape } from './read-shape.ts';
import { readIssue, readReview } from './read-threads.ts';
import type { FactOf, Told } from './told.ts';

// What GraphQL tells of threads is put into the words of the REST API, so that both are understood by the same reader.

const actor = actorNode.transform((found) => (found === null ? null : toAccount(found)));

function toAccount({ id: number, login, type }: GraphActor): { id: number; login: string; type: string } | null {
  return number === null ? null : { id: number, login, type };
}

const reviewNode = z.looseObject({
  databaseId: id,
  state: z.string(),
  submittedAt: z.string().nullable(),
  author: actor,
  commit: z.object({ oid: z.string() }).nullable(),
});

/** Reviews of a pull request as GraphQL lists them. */
export function readReviewNodes(told: Told, data: unknown, number: number): Fact[] {
  return readShape(z.array(reviewNode), data, 'data').flatMap((one) =>
    readReview(
      told,
      {
        id: one.databaseId,
        state: one.state,
        submitted_at: one.submittedAt,
        user: one.author,
        commit_id: one.commit?.oid ?? null,
      },
      number,
    ),
  );
}

/** What each type is called in the timeline of the REST API. */
const eventNames: ReadonlyMap<string, string> = new Map([
  ['AssignedEvent', 'assigned'],
  ['UnassignedEvent', 'unassigned'],
  ['LabeledEvent', 'labeled'],
  ['UnlabeledEvent', 'unlabeled'],
  ['ClosedEvent', 'closed'],
  ['ReopenedEvent', 'reopened'],
  ['MergedEvent', 'merged'],
  ['ReadyForReviewEvent', 'ready_for_review'],
  ['ConvertToDraftEvent', 'convert_to_draft'],
  ['ReviewRequestedEvent', 'review_requested'],
  ['ReviewRequestRemovedEvent', 'review_request_removed'],
  ['AddedToMergeQueueEvent', 'added_to_merge_queue'],
  ['RemovedFromMergeQueueEvent', 'removed_from_merge_queue'],
  ['AutoMergeEnabledEvent', 'auto_merge_enabled'],
  ['AutoMergeDisabledEvent', 'auto_merge_disabled'],
  ['AutoSquashEnabledEvent', 'auto_squash_enabled'],
  ['AutoRebaseEnabledEvent', 'auto_rebase_enabled'],
]);

const timelineNode = z.looseObject({
  __typename: z.string(),
  createdAt: z.string().optional(),
  actor,
  assignee: actor,
  label: z.object({ name: z.string() }).nullish(),
  requestedReviewer: z.looseObject({ __typename: z.string(), databaseId: id.nullish() }).nullish(),
});

/** What happened to a thread as GraphQL lists it. */
export function readTimelineNodes(
  told: Told,
  data: unknown,
  extra: { number: number; asOf: string },
): FactOf<'timeline'> {
  const events = readShape(z.array(timelineNode), data, 'data').map((node) => {
    const reviewer = node.requestedReviewer ?? null;
    const isTeam = reviewer?.__typename === 'Team';
    return {
      event: eventNames.get(node.__typename),
      created_at: node.createdAt,
      actor: node.actor,
      assignee: node.assignee,
      label: node.label ?? undefined,
      requested_reviewer: isTeam ? null : readShape(actor, reviewer, 'data'),
      requested_team: isTeam ? { id: reviewer.databaseId ?? undefined } : undefined,
    };
  });
  return readTimeline(told, events, extra);
}

/** The commits of a pull request at one head as GraphQL lists them, and the commits themselves. */
export function readPullCommitNodes(
  told: Told,
  data: unknown,
  { number, head, isWhole }: { number: number; head: string; isWhole: boolean },
): Fact[] {
  const commits = readCommitNodes(told, data);
  const listed = commits.map((commit) => commit.sha).slice(0, 5000);
  return [{ fact: 'pull-commits', repository: told.repository, number, head, isWhole, commits: listed }, ...commits];
}

const issueNode = z.looseObject({
  number: z.unknown(),
  title: z.unknown(),
  url: z.unknown(),
  author: actor,
  state: z.string(),
  stateReason: z.string().nullish(),
  createdAt: z.unknown(),
  updatedAt: z.unknown(),
  closedAt: z.unknown(),
  labels: z.object({ nodes: z.array(z.object({ name: z.string() }).nullable()).nullable() }).nullable(),
});

/** An issue as GraphQL shows it; tells the same as the REST API. */
export function readIssueNode(told: Told, data: unknown): FactOf<'issue'>[] {
  const found = readShape(issueNode, data, 'data');
  return readIssue(told, {
    number: found.number,
    title: found.title,
    html_url: found.url,
    user: found.author,
    state: found.state.toLowerCase(),
    state_reason: found.stateReason?.toLowerCase() ?? null,
    created_at: found.createdAt,
    updated_at: found.updatedAt,
    closed_at: found.closedAt,
    labels: (found.labels?.nodes ?? []).flatMap((label) => label ?? []),
  });
}

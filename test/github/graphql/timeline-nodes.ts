import { nodeId } from '../shapes/account-shapes.ts';
import { commitOf, compareTexts } from '../world/history.ts';
import type { Issue, Pull, Repository, ThreadEvent, World } from '../world/model.ts';
import { actorNode, commentNode, commitNode, teamNode } from './nodes.ts';
import { pageOf } from '../shapes/repository-shapes.ts';

/** How GraphQL calls what happened; the name for filters is the same in capitals. */
const typeNames: Record<ThreadEvent['event'], string> = {
  assigned: 'AssignedEvent',
  unassigned: 'UnassignedEvent',
  labeled: 'LabeledEvent',
  unlabeled: 'UnlabeledEvent',
  closed: 'ClosedEvent',
  reopened: 'ReopenedEvent',
  merged: 'MergedEvent',
  renamed: 'RenamedTitleEvent',
  ready_for_review: 'ReadyForReviewEvent',
  convert_to_draft: 'ConvertToDraftEvent',
  review_requested: 'ReviewRequestedEvent',
  review_request_removed: 'ReviewRequestRemovedEvent',
  review_dismissed: 'ReviewDismissedEvent',
  head_ref_force_pushed: 'HeadRefForcePushedEvent',
  head_ref_deleted: 'HeadRefDeletedEvent',
  added_to_merge_queue: 'AddedToMergeQueueEvent',
  removed_from_merge_queue: 'RemovedFromMergeQueueEvent',
  auto_merge_enabled: 'AutoMergeEnabledEvent',
  auto_merge_disabled: 'AutoMergeDisabledEvent',
};

export interface TimelineItem {
  /** As filters name it. */
  type: string;
  key: string;
  at: string;
  node: object;
}

function inCapitals(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
}

/** Events and comments of a thread, in order. */
export function eventNodes(world: World, repository: Repository, thread: Issue | Pull): TimelineItem[] {
  const page = `${pageOf(world, repository)}/${thread.what === 'pull' ? 'pull' : 'issues'}/${thread.number}`;
  const items = [
    ...thread.events.map((event) => eventItem(world, repository, event)),
    ...thread.comments.map((one) => ({
      type: 'ISSUE_COMMENT',
      key: `comment${one.id}`,
      at: one.createdAt,
      node: commentNode(world, one, `${page}#issuecomment-${one.id}`, 'IssueComment'),
    })),
  ];
  return items.toSorted((a, b) => compareTexts(a.at, b.at));
}

function eventItem(world: World, repository: Repository, event: ThreadEvent): TimelineItem {
  const name = typeNames[event.event];
  const commit = (sha: string | undefined) =>
    sha === undefined || !repository.commits.has(sha) ? null : commitNode(world, repository, commitOf(repository, sha));
  const target = event.team === undefined ? actorNode(world, event.user) : teamNode(repository.owner, event.team);
  return {
    type: inCapitals(name),
    key: `event${event.id}`,
    at: event.at,
    node: {
      __typename: name,
      id: nodeId('EV', event.id),
      actor: actorNode(world, event.actor),
      createdAt: event.at,
      requestedReviewer: target,
      assignee: actorNode(world, event.user),
      label: event.label === undefined ? null : { id: nodeId('LA', event.label.id), name: event.label.name },
      commit: () => commit(event.commit),
      beforeCommit: () => commit(event.before),
      afterCommit: () => commit(event.commit),
      mergeRefName: repository.defaultBranch,
      reason: event.reason ?? null,
      enabler: actorNode(world, event.actor),
      disabler: actorNode(world, event.actor),
      previousTitle: event.rename?.from ?? '',
      currentTitle: event.rename?.to ?? '',
      previousReviewState: event.review?.state ?? 'COMMENTED',
      dismissalMessage: null,
    },
  };
}

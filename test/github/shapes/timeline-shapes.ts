import { commitOf, compareTexts } from '../world/history.ts';
import type { Issue, Pull, Repository, ThreadEvent, World } from '../world/model.ts';
import { nodeId, teamShape, userShape } from './account-shapes.ts';
import { committedShape } from './commit-shapes.ts';
import { repositoryUrl } from './repository-shapes.ts';
import { commentShape, reviewShape } from './thread-shapes.ts';

export function eventShape(world: World, repository: Repository, event: ThreadEvent) {
  const { user, team, label } = event;
  const asksReview = event.event === 'review_requested' || event.event === 'review_request_removed';
  const actor = userShape(world, event.actor);
  return {
    id: event.id,
    node_id: nodeId('EV', event.id),
    url: `${repositoryUrl(world, repository)}/issues/events/${event.id}`,
    actor,
    event: event.event as string,
    commit_id: event.commit ?? null,
    commit_url: event.commit === undefined ? null : `${repositoryUrl(world, repository)}/commits/${event.commit}`,
    created_at: event.at,
    performed_via_github_app: null,
    ...(label === undefined ? {} : { label: { name: label.name, color: 'ededed' } }),
    ...(asksReview ? { review_requester: actor } : {}),
    ...(asksReview && user !== undefined ? { requested_reviewer: userShape(world, user) } : {}),
    ...(team === undefined
      ? {}
      : { requested_team: { ...teamShape(world, repository.owner, team), type: 'organization' } }),
    ...(!asksReview && user !== undefined ? { assignee: userShape(world, user), assigner: actor } : {}),
    ...(event.rename === undefined ? {} : { rename: event.rename }),
    ...(event.review === undefined
      ? {}
      : {
          dismissed_review: {
            state: event.review.state.toLowerCase(),
            review_id: event.review.id,
            dismissal_message: null,
          },
        }),
  };
}

/** Everything that happened to a thread, in order, as its page shows it. */
export function timelineOf(world: World, repository: Repository, thread: Issue | Pull): object[] {
  const isPull = thread.what === 'pull';
  const told = [
    ...thread.events.map((event) => ({ at: event.at, shape: () => eventShape(world, repository, event) })),
    ...thread.comments.map((comment) => ({
      at: comment.createdAt,
      shape: () => commentedShape(world, repository, thread, comment),
    })),
  ] as { at: string; shape: () => object }[];
  if (isPull) {
    for (const sha of thread.commits) {
      const commit = commitOf(repository, sha);
      told.push({ at: commit.committer.date, shape: () => committedShape(world, repository, commit) });
    }
    for (const review of thread.reviews) {
      const shape = () => ({
        ...reviewShape(world, repository, thread, review),
        ...lowered(review.state),
        event: 'reviewed',
      });
      told.push({ at: review.submittedAt, shape });
    }
  }
  return told.toSorted((a, b) => compareTexts(a.at, b.at)).map(({ shape }) => shape());
}

function lowered(state: string) {
  return { state: state.toLowerCase() };
}

function commentedShape(
  world: World,
  repository: Repository,
  thread: Issue | Pull,
  comment: Issue['comments'][number],
) {
  const shape = commentShape(world, repository, thread, comment);
  return { ...shape, event: 'commented', actor: shape.user };
}

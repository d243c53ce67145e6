import { aboutRepository, type Route } from '../front/route.ts';
import { notFound, paged, reply, type Reply, type RepositoryAsk } from '../front/state.ts';
import { byDate, commentShape, commitCommentShape, issueShape } from '../shapes/thread-shapes.ts';
import { eventShape, timelineOf } from '../shapes/timeline-shapes.ts';
import { compareTexts, resolveRef } from '../world/history.ts';
import type { Issue, Pull, Repository } from '../world/model.ts';
import { secondOf } from './commit-routes.ts';
import { sortThreads } from './pull-routes.ts';

const needs = { permission: 'issues=read' };

export const issueRoutes: Route[] = [
  aboutRepository('GET', '/issues', needs, listIssues),
  aboutRepository('GET', '/issues/comments', needs, listComments),
  aboutRepository('GET', '/issues/events', needs, (ask) => {
    const { world, repository } = ask;
    const events = threadsOf(repository).flatMap((thread) => thread.events.map((event) => ({ thread, event })));
    const sorted = events.toSorted((a, b) => compareTexts(b.event.at, a.event.at) || b.event.id - a.event.id);
    return paged(ask, sorted, ({ thread, event }) => ({
      ...eventShape(world, repository, event),
      issue: issueShape(world, repository, thread),
    }));
  }),
  aboutRepository('GET', '/issues/comments/{comment_id}', needs, (ask) => {
    const { world, repository, params } = ask;
    for (const thread of threadsOf(repository)) {
      const found = thread.comments.find(({ id }) => id === Number(params['comment_id']));
      if (found !== undefined) return reply(commentShape(world, repository, thread, found));
    }
    return notFound();
  }),
  aboutRepository('GET', '/comments', { permission: 'contents=read' }, (ask) =>
    paged(ask, ask.repository.commitComments, (one) => commitCommentShape(ask.world, ask.repository, one)),
  ),
  aboutRepository('GET', '/commits/{commit_sha}/comments', { permission: 'contents=read' }, (ask) => {
    const sha = resolveRef(ask.repository, ask.params['commit_sha'] ?? '');
    const found = ask.repository.commitComments.filter((one) => one.commit === sha);
    return paged(ask, found, (one) => commitCommentShape(ask.world, ask.repository, one));
  }),
  aboutThread('', (ask, thread) => reply(issueShape(ask.world, ask.repository, thread))),
  aboutThread('/comments', (ask, thread) => {
    const since = secondOf(ask.query.get('since'));
    const found = thread.comments.filter(({ updatedAt }) => since === null || updatedAt >= since);
    return paged(ask, found, (one) => commentShape(ask.world, ask.repository, thread, one));
  }),
  aboutThread('/timeline', (ask, thread) =>
    paged(ask, timelineOf(ask.world, ask.repository, thread), (event) => event),
  ),
  aboutThread('/events', (ask, thread) =>
    paged(ask, thread.events, (event) => eventShape(ask.world, ask.repository, event)),
  ),
];

function threadsOf(repository: Repository): (Issue | Pull)[] {
  return [...repository.issues.values(), ...repository.pulls.values()];
}

function aboutThread(rest: string, answer: (ask: RepositoryAsk, thread: Issue | Pull) => Reply): Route {
  return aboutRepository('GET', `/issues/{issue_number}${rest}`, needs, (ask) => {
    const number = Number(ask.params['issue_number']);
    const thread = ask.repository.issues.get(number) ?? ask.repository.pulls.get(number);
    return thread === undefined ? notFound() : answer(ask, thread);
  });
}

/** Every pull request is an issue too. */
function listIssues(ask: RepositoryAsk): Reply {
  const { world, repository, query } = ask;
  const [state, since] = [query.get('state') ?? 'open', secondOf(query.get('since'))];
  const labels = query.get('labels')?.split(',');
  const found = threadsOf(repository).filter(
    (thread) =>
      (state === 'all' || thread.state === state) &&
      (since === null || thread.updatedAt >= since) &&
      (labels === undefined || labels.every((name) => thread.labels.some((label) => label.name === name))),
  );
  const sorted = sortThreads(found, query, 'created', 'desc');
  return paged(ask, sorted, (thread) => issueShape(world, repository, thread));
}

function listComments(ask: RepositoryAsk): Reply {
  const { world, repository, query } = ask;
  const since = secondOf(query.get('since'));
  const all = threadsOf(repository).flatMap((thread) => thread.comments.map((comment) => ({ thread, comment })));
  const found = all.filter(({ comment }) => since === null || comment.updatedAt >= since);
  const sign = query.get('direction') === 'desc' ? -1 : 1;
  const byUpdate = query.get('sort') === 'updated';
  const sorted = found.toSorted(
    (a, b) =>
      sign * ((byUpdate ? compareTexts(a.comment.updatedAt, b.comment.updatedAt) : 0) || byDate(a.comment, b.comment)),
  );
  return paged(ask, sorted, ({ thread, comment }) => commentShape(world, repository, thread, comment));
}

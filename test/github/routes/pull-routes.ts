import { aboutRepository, type Route } from '../front/route.ts';
import { notFound, paged, reply, type Reply, type RepositoryAsk } from '../front/state.ts';
import { restTeamShape, userShape } from '../shapes/account-shapes.ts';
import { commitShape, fileShape } from '../shapes/commit-shapes.ts';
import { byDate, pullShape, reviewCommentShape, reviewShape, simplePullShape } from '../shapes/thread-shapes.ts';
import { commitOf, compareTexts, filesOf } from '../world/history.ts';
import type { Pull } from '../world/model.ts';
import { secondOf } from './commit-routes.ts';

const needs = { permission: 'pull_requests=read' };

export const pullRoutes: Route[] = [
  aboutRepository('GET', '/pulls', needs, listPulls),
  aboutRepository('GET', '/pulls/comments', needs, listReviewComments),
  aboutPull('', (ask, pull) => reply(pullShape(ask.world, ask.repository, pull))),
  aboutPull('/commits', (ask, pull) => {
    const { world, repository } = ask;
    // GitHub lists no more than so many.
    const commits = pull.commits.slice(0, 250).map((sha) => commitOf(repository, sha));
    return paged(ask, commits, (commit) => commitShape(world, repository, commit));
  }),
  aboutPull('/files', (ask, pull) => {
    const { world, repository } = ask;
    const files = filesOf(pull.commits.map((sha) => commitOf(repository, sha))).slice(0, 3000);
    return paged(ask, files, (file) => fileShape(world, repository, file, pull.head.sha));
  }),
  aboutPull('/reviews', (ask, pull) =>
    paged(ask, pull.reviews, (review) => reviewShape(ask.world, ask.repository, pull, review)),
  ),
  aboutPull('/comments', (ask, pull) =>
    paged(ask, pull.reviewComments, (comment) => reviewCommentShape(ask.world, ask.repository, pull, comment)),
  ),
  aboutPull('/requested_reviewers', ({ world, repository }, pull) =>
    reply({
      users: pull.requestedReviewers.map((account) => userShape(world, account)),
      teams: pull.requestedTeams.map((team) => restTeamShape(world, repository.owner, team)),
    }),
  ),
];

function aboutPull(rest: string, answer: (ask: RepositoryAsk, pull: Pull) => Reply): Route {
  return aboutRepository('GET', `/pulls/{pull_number}${rest}`, needs, (ask) => {
    const pull = ask.repository.pulls.get(Number(ask.params['pull_number']));
    return pull === undefined ? notFound() : answer(ask, pull);
  });
}

function listPulls(ask: RepositoryAsk): Reply {
  const { world, repository, query } = ask;
  const [state, base, head] = [query.get('state') ?? 'open', query.get('base'), query.get('head')];
  const found = [...repository.pulls.values()].filter(
    (pull) =>
      (state === 'all' || pull.state === state) &&
      (base === null || pull.base.ref === base) &&
      (head === null || head === `${pull.head.repository?.owner.login ?? ''}:${pull.head.ref}`),
  );
  const sorted = sortThreads(found, query, 'created', query.get('sort') === null ? 'desc' : 'asc');
  return paged(ask, sorted, (pull) => simplePullShape(world, repository, pull));
}

/** Sorted as asked; among equal instants by number, so that pages do not overlap. */
export function sortThreads<Item extends { createdAt: string; updatedAt: string; number: number; comments: unknown[] }>(
  items: Item[],
  query: URLSearchParams,
  usual: string,
  usually: 'asc' | 'desc',
): Item[] {
  const by = query.get('sort') ?? usual;
  const sign = (query.get('direction') ?? usually) === 'asc' ? 1 : -1;
  const compare = (a: Item, b: Item): number => {
    if (by === 'updated') return compareTexts(a.updatedAt, b.updatedAt) || a.number - b.number;
    if (by === 'comments') return a.comments.length - b.comments.length || a.number - b.number;
    return compareTexts(a.createdAt, b.createdAt) || a.number - b.number;
  };
  return items.toSorted((a, b) => sign * compare(a, b));
}

function listReviewComments(ask: RepositoryAsk): Reply {
  const { world, repository, query } = ask;
  const since = secondOf(query.get('since'));
  const all = [...repository.pulls.values()].flatMap((pull) =>
    pull.reviewComments.map((comment) => ({ pull, comment })),
  );
  const found = all.filter(({ comment }) => since === null || comment.updatedAt >= since);
  const isUp = query.get('direction') !== 'desc';
  const sorted = found.toSorted((a, b) => (isUp ? 1 : -1) * byDate(a.comment, b.comment));
  return paged(ask, sorted, ({ pull, comment }) => reviewCommentShape(world, repository, pull, comment));
}

import type { Fact, IdentityRef } from '@devpulse/contract/facts';
import type { GithubCounterpart } from '../../../test/github/open-github.ts';
import { only } from './read-facts.ts';

type Row = Record<string, unknown>;

/** What one repository holds, in plain lists: once as facts tell it, once as it is. */
export type WorldTold = Record<string, Row[]>;

const numberOf = (account: IdentityRef | null): number => Number(account?.externalId?.split('/').at(-1));
const second = (at: string | null): string | null => (at === null ? null : at.replace('.000Z', 'Z'));

function sorted(rows: Row[]): Row[] {
  return rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** As the facts tell it. */
export function tellWorld(facts: readonly Fact[], id: number): WorldTold {
  const repository = `127.0.0.1/${id}`;
  const ours = facts.filter((fact) => 'repository' in fact && fact.repository === repository);
  const lists = new Map(only(ours, 'pull-commits').map((list) => [`${list.number} ${list.head}`, list.commits]));
  return {
    commits: sorted(tellCommits(facts, ours)),
    pulls: sorted(
      only(ours, 'pull-request').map((pull) => ({
        number: pull.number,
        title: pull.title,
        author: numberOf(pull.author),
        state: pull.state,
        isDraft: pull.isDraft,
        createdAt: second(pull.createdAt),
        mergedAt: second(pull.mergedAt),
        mergeCommit: pull.mergeCommit,
        head: pull.headSha,
        labels: pull.labels,
        commits: lists.get(`${pull.number} ${pull.headSha}`) ?? null,
      })),
    ),
    reviews: sorted(
      only(ours, 'review').map(({ id: one, reviewer, number, submittedAt }) => ({
        id: one,
        number,
        author: numberOf(reviewer),
        at: second(submittedAt),
      })),
    ),
    comments: sorted(
      only(ours, 'comment')
        .filter(({ place }) => place !== 'discussion')
        .map(({ id: one, number, author }) => ({ id: one, number, author: numberOf(author) })),
    ),
    issues: sorted(
      only(ours, 'issue').map((issue) => ({
        number: issue.number,
        author: numberOf(issue.author),
        state: issue.state,
        title: issue.title,
        createdAt: second(issue.createdAt),
        closedAt: second(issue.closedAt),
        labels: issue.labels,
      })),
    ),
    releases: sorted(only(ours, 'release').map(({ id: one, tag }) => ({ id: one, tag }))),
    statuses: sorted(only(ours, 'deployment-status').map(({ id: one, state }) => ({ id: one, state }))),
    runs: sorted(only(ours, 'workflow-run').map(({ id: one, attempt }) => ({ id: one, attempt }))),
    stars: sorted(only(ours, 'star').flatMap((star) => (star.isStarred ? [{ user: numberOf(star.user) }] : []))),
  };
}

function tellCommits(facts: readonly Fact[], ours: readonly Fact[]): Row[] {
  const reach = new Map<string, { snapshot: number; reachable: boolean }>();
  for (const { snapshot, reachable, shas } of only(ours, 'reach'))
    for (const sha of shas) if (snapshot >= (reach.get(sha)?.snapshot ?? 0)) reach.set(sha, { snapshot, reachable });
  const baseline = Math.max(0, ...only(ours, 'reach-baseline').map(({ snapshot }) => snapshot));
  const commits = new Map(only(facts, 'commit').map((commit) => [commit.sha, commit]));
  return [...reach].flatMap(([sha, { snapshot, reachable }]): Row[] => {
    if (!reachable || snapshot < baseline) return [];
    const commit = commits.get(sha);
    return [
      {
        sha,
        email: commit?.author.email ?? null,
        at: second(commit?.authoredAt ?? null),
        parents: commit?.parents,
        files: commit?.files?.map(({ path, additions, deletions }) => ({ path, additions, deletions })) ?? null,
      },
    ];
  });
}

/** As it is. */
export function worldOf(github: GithubCounterpart, id: number): WorldTold {
  const truth = github.readTruth();
  const here = <Of extends { repository: number }>(rows: Of[]): Of[] => rows.filter((row) => row.repository === id);
  return {
    commits: sorted(
      here(truth.commits)
        .filter(({ isOnDefaultBranch }) => isOnDefaultBranch)
        .map(({ sha, author, parents, files }) => ({
          sha,
          email: author.email,
          at: author.date,
          parents,
          files:
            parents.length > 1 ? [] : files.map(({ path, additions, deletions }) => ({ path, additions, deletions })),
        })),
    ),
    pulls: sorted(
      here(truth.pulls).map((pull) => ({
        number: pull.number,
        title: pull.title,
        author: pull.author,
        state: pull.state,
        isDraft: pull.isDraft,
        createdAt: pull.createdAt,
        mergedAt: pull.mergedAt,
        mergeCommit: pull.mergeCommit,
        head: pull.headSha,
        labels: pull.labels.toSorted(),
        commits: pull.commits,
      })),
    ),
    reviews: sorted(
      here(truth.reviews).map(({ id: one, number, author, submittedAt }) => ({
        id: String(one),
        number,
        author,
        at: submittedAt,
      })),
    ),
    comments: sorted(
      here(truth.comments).map(({ id: one, place, number, author }) => ({ id: `${place}:${one}`, number, author })),
    ),
    issues: sorted(
      here(truth.issues).map(({ number, author, state, title, createdAt, closedAt, labels }) => ({
        number,
        author,
        state,
        title,
        createdAt,
        closedAt,
        labels: labels.toSorted(),
      })),
    ),
    releases: sorted(here(truth.releases).map(({ id: one, tag }) => ({ id: String(one), tag }))),
    statuses: sorted(
      here(truth.deployments).flatMap(({ statuses }) =>
        statuses.map(({ id: one, state }) => ({ id: String(one), state })),
      ),
    ),
    runs: sorted(here(truth.workflowRuns).map(({ id: one, attempt }) => ({ id: String(one), attempt }))),
    stars: sorted(here(truth.stars).map(({ user }) => ({ user }))),
  };
}

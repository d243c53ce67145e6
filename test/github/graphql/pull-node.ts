import { nodeId } from '../shapes/account-shapes.ts';
import { pageOf } from '../shapes/repository-shapes.ts';
import { commitOf, compareTexts, filesOf } from '../world/history.ts';
import type { Pull, Repository, Review, World } from '../world/model.ts';
import { connection, type PageArguments } from './connection.ts';
import { labelsField } from './issue-nodes.ts';
import { actorNode, briefRepositoryNode, commentNode, commitNode, teamNode } from './nodes.ts';
import { eventNodes, type TimelineItem } from './timeline-nodes.ts';

export function pullNode(world: World, repository: Repository, pull: Pull): object {
  const url = `${pageOf(world, repository)}/pull/${pull.number}`;
  const files = () => filesOf(pull.commits.map((sha) => commitOf(repository, sha)));
  return {
    __typename: 'PullRequest',
    id: nodeId('PR', pull.id),
    databaseId: pull.id,
    fullDatabaseId: String(pull.id),
    number: pull.number,
    title: pull.title,
    body: pull.body ?? '',
    url,
    author: actorNode(world, pull.author),
    state: pull.mergedAt === null ? pull.state.toUpperCase() : 'MERGED',
    isDraft: pull.isDraft,
    closed: pull.state === 'closed',
    merged: pull.mergedAt !== null,
    createdAt: pull.createdAt,
    updatedAt: pull.updatedAt,
    closedAt: pull.closedAt,
    mergedAt: pull.mergedAt,
    mergedBy: actorNode(world, pull.mergedBy),
    mergeCommit: () =>
      pull.mergeCommit === null ? null : commitNode(world, repository, commitOf(repository, pull.mergeCommit)),
    baseRefName: pull.base.ref,
    baseRefOid: pull.base.sha,
    headRefName: pull.head.ref,
    headRefOid: pull.head.sha,
    isCrossRepository: pull.head.repository !== repository,
    headRepository: () => (pull.head.repository === null ? null : briefRepositoryNode(world, pull.head.repository)),
    headRepositoryOwner: actorNode(world, pull.head.repository?.owner),
    additions: () => files().reduce((sum, file) => sum + file.additions, 0),
    deletions: () => files().reduce((sum, file) => sum + file.deletions, 0),
    changedFiles: () => files().length,
    totalCommentsCount: pull.comments.length + pull.reviewComments.length,
    labels: labelsField(pull.labels),
    ...lists(world, repository, pull, url),
    files: (page: PageArguments) =>
      connection('files', files(), page, ({ path, additions, deletions, status }) => ({
        path,
        additions,
        deletions,
        changeType: changeTypes[status],
      })),
    timelineItems: ({
      itemTypes,
      since,
      ...page
    }: PageArguments & { itemTypes?: string[] | null; since?: string | null }) => {
      const found = timeline(world, repository, pull).filter(
        ({ type, at }) =>
          (itemTypes == null || itemTypes.includes(type)) && (since == null || Date.parse(at) >= Date.parse(since)),
      );
      const list = connection('timelineItems', found, page, ({ node }) => node);
      return { ...list, filteredCount: found.length, pageCount: list.nodes.length, updatedAt: pull.updatedAt };
    },
  };
}

const changeTypes = { added: 'ADDED', modified: 'MODIFIED', removed: 'DELETED', renamed: 'RENAMED' };

function lists(world: World, repository: Repository, pull: Pull, url: string) {
  return {
    commits: (page: PageArguments) =>
      connection('commits', pull.commits, page, (sha) => pullCommitNode(world, repository, pull, sha)),
    reviews: (page: PageArguments) =>
      connection('reviews', pull.reviews, page, (one) => reviewNode(world, repository, pull, one)),
    comments: (page: PageArguments) =>
      connection('comments', pull.comments, page, (one) =>
        commentNode(world, one, `${url}#issuecomment-${one.id}`, 'IssueComment'),
      ),
    assignees: (page: PageArguments) => connection('assignees', pull.assignees, page, (one) => actorNode(world, one)),
    reviewRequests: (page: PageArguments) => {
      const asked = [
        ...pull.requestedReviewers.map((account) => ({
          key: `u${account.id}`,
          node: actorNode(world, account) as object,
        })),
        ...pull.requestedTeams.map((team) => ({
          key: `t${team.id}`,
          node: teamNode(repository.owner, team) as object,
        })),
      ];
      return connection('reviewRequests', asked, page, ({ key, node }) => ({
        id: nodeId('RR', key),
        databaseId: null,
        requestedReviewer: node,
      }));
    },
  };
}

function pullCommitNode(world: World, repository: Repository, pull: Pull, sha: string) {
  return {
    __typename: 'PullRequestCommit',
    id: nodeId('PURC', `${pull.id}:${sha}`),
    commit: commitNode(world, repository, commitOf(repository, sha)),
  };
}

function reviewNode(world: World, repository: Repository, pull: Pull, review: Review): object {
  const page = `${pageOf(world, repository)}/pull/${pull.number}`;
  return {
    __typename: 'PullRequestReview',
    id: nodeId('PRR', review.id),
    databaseId: review.id,
    fullDatabaseId: String(review.id),
    author: actorNode(world, review.author),
    state: review.state,
    body: review.body,
    submittedAt: review.submittedAt,
    createdAt: review.submittedAt,
    updatedAt: review.submittedAt,
    url: `${page}#pullrequestreview-${review.id}`,
    commit: () =>
      repository.commits.has(review.commit) ? commitNode(world, repository, commitOf(repository, review.commit)) : null,
    comments: (arguments_: PageArguments) => {
      const own = pull.reviewComments.filter((one) => one.review === review.id);
      return connection('comments', own, arguments_, (one) => ({
        ...commentNode(world, one, `${page}#discussion_r${one.id}`, 'PullRequestReviewComment'),
        path: one.path,
        replyTo: null,
      }));
    },
  };
}

function timeline(world: World, repository: Repository, pull: Pull): TimelineItem[] {
  const commits = pull.commits.map((sha) => ({
    type: 'PULL_REQUEST_COMMIT',
    key: `commit${sha}`,
    at: commitOf(repository, sha).committer.date,
    node: pullCommitNode(world, repository, pull, sha),
  }));
  const reviews = pull.reviews.map((review) => ({
    type: 'PULL_REQUEST_REVIEW',
    key: `review${review.id}`,
    at: review.submittedAt,
    node: reviewNode(world, repository, pull, review),
  }));
  const all = [...commits, ...reviews, ...eventNodes(world, repository, pull)];
  return all.toSorted((a, b) => compareTexts(a.at, b.at));
}

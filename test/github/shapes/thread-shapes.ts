import { commitOf, compareTexts, filesOf } from '../world/history.ts';
import type {
  Account,
  Comment,
  CommitComment,
  Issue,
  Pull,
  Repository,
  Review,
  ReviewComment,
  World,
} from '../world/model.ts';
import { labelShape, nodeId, restTeamShape, userOrNull, userShape } from './account-shapes.ts';
import { pageOf, repositoryShape, repositoryUrl } from './repository-shapes.ts';

export function associationOf(repository: Repository, account: Account): string {
  if (repository.owner === account) return 'OWNER';
  if (repository.owner.members.has(account.id)) return 'MEMBER';
  if (repository.collaborators.has(account.id)) return 'COLLABORATOR';
  return 'CONTRIBUTOR';
}

export function reactionsShape(url: string) {
  const none = { '+1': 0, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0 };
  return { url: `${url}/reactions`, total_count: 0, ...none };
}

/** What a pull request says in a list, and in the hooks about its reviews. */
export function simplePullShape(world: World, repository: Repository, pull: Pull) {
  const url = `${repositoryUrl(world, repository)}/pulls/${pull.number}`;
  const issue = `${repositoryUrl(world, repository)}/issues/${pull.number}`;
  const page = `${pageOf(world, repository)}/pull/${pull.number}`;
  const statuses = `${repositoryUrl(world, repository)}/statuses/${pull.head.sha}`;
  const href = (to: string) => ({ href: to });
  const assignees = pull.assignees.map((account) => userShape(world, account));
  return {
    url,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: userShape(world, pull.author),
    body: pull.body,
    created_at: pull.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.mergedAt,
    // Before it is merged: a trial merge, which leads nowhere.
    merge_commit_sha:
      pull.mergeCommit ?? (pull.state === 'open' ? pull.head.sha.split('').toReversed().join('') : null),
    assignee: assignees[0] ?? null,
    assignees,
    requested_reviewers: pull.requestedReviewers.map((account) => userShape(world, account)),
    requested_teams: pull.requestedTeams.map((team) => restTeamShape(world, repository.owner, team)),
    labels: pull.labels.map((label) => labelShape(world, repository, label)),
    milestone: null,
    draft: pull.isDraft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repositoryUrl(world, repository)}/pulls/comments{/number}`,
    comments_url: `${issue}/comments`,
    statuses_url: statuses,
    head: sideShape(world, pull.head.repository, pull.author, pull.head),
    base: { ...sideShape(world, repository, pull.author, pull.base), repo: repositoryShape(world, repository) },
    _links: {
      self: href(url),
      html: href(page),
      issue: href(issue),
      comments: href(`${issue}/comments`),
      review_comments: href(`${url}/comments`),
      review_comment: href(`${repositoryUrl(world, repository)}/pulls/comments{/number}`),
      commits: href(`${url}/commits`),
      statuses: href(statuses),
    },
    author_association: associationOf(repository, pull.author),
    auto_merge:
      pull.autoMerge === null
        ? null
        : {
            enabled_by: userShape(world, pull.autoMerge.by),
            merge_method: pull.autoMerge.method,
            commit_title: pull.title,
            commit_message: '',
          },
    active_lock_reason: null,
  };
}

function sideShape(world: World, repository: Repository | null, author: Account, side: { ref: string; sha: string }) {
  const owner = repository?.owner ?? author;
  return {
    label: `${owner.login}:${side.ref}`,
    ref: side.ref,
    sha: side.sha,
    user: userShape(world, owner),
    repo: repository === null ? null : repositoryShape(world, repository),
  };
}

/** What only the answer for one pull request says. */
export function pullShape(world: World, repository: Repository, pull: Pull) {
  const files = filesOf(pull.commits.map((sha) => commitOf(repository, sha)));
  return {
    ...simplePullShape(world, repository, pull),
    merged: pull.mergedAt !== null,
    mergeable: pull.state === 'open' ? true : null,
    rebaseable: pull.state === 'open' ? true : null,
    mergeable_state: pull.state === 'open' ? (pull.isDraft ? 'draft' : 'clean') : 'unknown',
    merged_by: userOrNull(world, pull.mergedBy),
    comments: pull.comments.length,
    review_comments: pull.reviewComments.length,
    maintainer_can_modify: false,
    commits: pull.commits.length,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}

/** An issue, or a pull request as lists of issues show it. */
export function issueShape(world: World, repository: Repository, thread: Issue | Pull) {
  const url = `${repositoryUrl(world, repository)}/issues/${thread.number}`;
  const page = `${pageOf(world, repository)}/${thread.what === 'pull' ? 'pull' : 'issues'}/${thread.number}`;
  const assignees = thread.assignees.map((account) => userShape(world, account));
  return {
    url,
    repository_url: repositoryUrl(world, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    id: thread.id,
    node_id: nodeId(thread.what === 'pull' ? 'PR' : 'I', thread.id),
    number: thread.number,
    title: thread.title,
    user: userShape(world, thread.author),
    labels: thread.labels.map((label) => labelShape(world, repository, label)),
    state: thread.state,
    locked: false,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: thread.comments.length,
    created_at: thread.createdAt,
    updated_at: thread.updatedAt,
    closed_at: thread.closedAt,
    author_association: associationOf(repository, thread.author),
    active_lock_reason: null,
    ...(thread.what === 'pull'
      ? {
          draft: thread.isDraft,
          pull_request: {
            url: `${repositoryUrl(world, repository)}/pulls/${thread.number}`,
            html_url: page,
            diff_url: `${page}.diff`,
            patch_url: `${page}.patch`,
            merged_at: thread.mergedAt,
          },
        }
      : {}),
    body: thread.body,
    reactions: reactionsShape(url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: null,
    state_reason: thread.what === 'issue' ? thread.stateReason : null,
  };
}

export function commentShape(world: World, repository: Repository, thread: Issue | Pull, comment: Comment) {
  const url = `${repositoryUrl(world, repository)}/issues/comments/${comment.id}`;
  return {
    url,
    html_url: `${pageOf(world, repository)}/${thread.what === 'pull' ? 'pull' : 'issues'}/${thread.number}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(world, repository)}/issues/${thread.number}`,
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    user: userShape(world, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(repository, comment.author),
    body: comment.body,
    reactions: reactionsShape(url),
    performed_via_github_app: null,
  };
}

export function commitCommentShape(world: World, repository: Repository, comment: CommitComment) {
  const url = `${repositoryUrl(world, repository)}/comments/${comment.id}`;
  return {
    url,
    html_url: `${pageOf(world, repository)}/commit/${comment.commit}#commitcomment-${comment.id}`,
    id: comment.id,
    node_id: nodeId('CC', comment.id),
    user: userShape(world, comment.author),
    position: null,
    line: null,
    path: null,
    commit_id: comment.commit,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(repository, comment.author),
    body: comment.body,
  };
}

export function reviewShape(world: World, repository: Repository, pull: Pull, review: Review) {
  const page = `${pageOf(world, repository)}/pull/${pull.number}#pullrequestreview-${review.id}`;
  const pullUrl = `${repositoryUrl(world, repository)}/pulls/${pull.number}`;
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: userShape(world, review.author),
    body: review.body,
    state: review.state as string,
    html_url: page,
    pull_request_url: pullUrl,
    author_association: associationOf(repository, review.author),
    _links: { html: { href: page }, pull_request: { href: pullUrl } },
    submitted_at: review.submittedAt,
    commit_id: review.commit,
  };
}

export function reviewCommentShape(world: World, repository: Repository, pull: Pull, comment: ReviewComment) {
  const url = `${repositoryUrl(world, repository)}/pulls/comments/${comment.id}`;
  const page = `${pageOf(world, repository)}/pull/${pull.number}#discussion_r${comment.id}`;
  const pullUrl = `${repositoryUrl(world, repository)}/pulls/${pull.number}`;
  return {
    url,
    pull_request_review_id: comment.review,
    id: comment.id,
    node_id: nodeId('PRRC', comment.id),
    diff_hunk: '@@ -1 +1 @@',
    path: comment.path,
    commit_id: comment.commit,
    original_commit_id: comment.commit,
    user: userShape(world, comment.author),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: page,
    pull_request_url: pullUrl,
    author_association: associationOf(repository, comment.author),
    _links: { self: { href: url }, html: { href: page }, pull_request: { href: pullUrl } },
    reactions: reactionsShape(url),
    start_line: null,
    original_start_line: null,
    start_side: null,
    line: comment.line,
    original_line: comment.line,
    side: 'RIGHT',
    position: 1,
    original_position: 1,
    ...(comment.inReplyTo === null ? {} : { in_reply_to_id: comment.inReplyTo }),
    subject_type: 'line',
  };
}

export function byDate<Item extends { createdAt: string; id: number }>(a: Item, b: Item): number {
  return compareTexts(a.createdAt, b.createdAt) || a.id - b.id;
}

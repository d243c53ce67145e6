import { commitOf, compareTexts, logOf } from './history.ts';
import type { Account, Issue, Pull, Repository, Signature, World } from './model.ts';
import { fullNameOf } from './open-world.ts';

/**
 * What is really there, in plain lists and without any of the code that answers requests: a judge compares with it what
 * somebody else has made of the answers.
 */
export function readTruth(world: World) {
  const repositories = [...world.repositories.values()].toSorted((a, b) => a.id - b.id);
  return {
    accounts: [...world.accounts.values()].map(readAccount).toSorted((a, b) => a.id - b.id),
    repositories: repositories.map(readRepository),
    commits: repositories.flatMap(readCommits),
    pulls: repositories.flatMap((one) => [...one.pulls.values()].map((pull) => readPull(one, pull))),
    reviews: repositories.flatMap(readReviews),
    comments: repositories.flatMap(readComments),
    issues: repositories.flatMap((one) => [...one.issues.values()].map((issue) => readIssue(one, issue))),
    discussions: repositories.flatMap((one) =>
      [...one.discussions.values()].map(({ number, title, author, createdAt, answer }) => ({
        repository: one.id,
        number,
        title,
        author: author.id,
        createdAt,
        answeredAt: answer?.at ?? null,
      })),
    ),
    releases: repositories.flatMap((one) =>
      one.releases.map(({ id, tag, author, isDraft, isPrerelease, createdAt, publishedAt }) => ({
        repository: one.id,
        id,
        tag,
        author: author.id,
        isDraft,
        isPrerelease,
        createdAt,
        publishedAt,
      })),
    ),
    deployments: repositories.flatMap((one) =>
      one.deployments.map(({ id, sha, ref, environment, creator, createdAt, statuses }) => ({
        repository: one.id,
        id,
        sha,
        ref,
        environment,
        creator: creator.id,
        createdAt,
        statuses: statuses.map((status) => ({ id: status.id, state: status.state, createdAt: status.createdAt })),
      })),
    ),
    workflowRuns: repositories.flatMap((one) =>
      one.runs.map(({ id, attempt, workflow, sha, branch, status, conclusion, createdAt, updatedAt }) => ({
        repository: one.id,
        id,
        attempt,
        workflow: workflow.name,
        sha,
        branch,
        status,
        conclusion,
        createdAt,
        updatedAt,
      })),
    ),
    stars: repositories.flatMap((one) => one.stars.map(({ user, at }) => ({ repository: one.id, user: user.id, at }))),
    traffic: repositories.flatMap((one) => one.traffic.map((day) => ({ repository: one.id, ...day }))),
    alerts: repositories.flatMap((one) =>
      one.alerts.map(({ number, state, severity, createdAt, endedAt }) => ({
        repository: one.id,
        number,
        state,
        severity,
        createdAt,
        endedAt,
      })),
    ),
  };
}

export type Truth = ReturnType<typeof readTruth>;

function readAccount({ id, login, name, type }: Account) {
  return { id, login, name, type };
}

function readRepository(one: Repository) {
  return {
    id: one.id,
    fullName: fullNameOf(one),
    visibility: one.visibility,
    isArchived: one.isArchived,
    isFork: one.parent !== null,
    defaultBranch: one.defaultBranch,
    branches: Object.fromEntries(one.branches),
    tags: Object.fromEntries(one.tags),
    languages: one.languages,
  };
}

function readCommits(one: Repository) {
  const main = one.branches.get(one.defaultBranch);
  const onMain = new Set(main === undefined ? [] : logOf(one, main).map(({ sha }) => sha));
  const all = new Set(one.commits.keys());
  return [...all].toSorted(compareTexts).map((sha) => {
    const { parents, message, author, committer, files } = commitOf(one, sha);
    return {
      repository: one.id,
      sha,
      parents,
      message,
      author: readSignature(author),
      committer: readSignature(committer),
      additions: files.reduce((sum, file) => sum + file.additions, 0),
      deletions: files.reduce((sum, file) => sum + file.deletions, 0),
      files: files.map(({ path, previousPath, additions, deletions }) => ({
        path,
        previousPath,
        additions,
        deletions,
      })),
      isOnDefaultBranch: onMain.has(sha),
    };
  });
}

function readSignature({ name, email, date, account }: Signature) {
  return { name, email, date, account: account?.id ?? null };
}

function readPull(one: Repository, pull: Pull) {
  const { number, title, state, isDraft, createdAt, updatedAt, closedAt, mergedAt, mergeCommit, mergeMethod } = pull;
  return {
    repository: one.id,
    number,
    title,
    author: pull.author.id,
    state: mergedAt === null ? state : ('merged' as const),
    isDraft,
    createdAt,
    updatedAt,
    closedAt,
    mergedAt,
    mergeCommit,
    mergeMethod,
    mergedBy: pull.mergedBy?.id ?? null,
    base: pull.base.ref,
    head: pull.head.ref,
    headSha: pull.head.sha,
    commits: [...pull.commits],
    labels: pull.labels.map(({ name }) => name),
    events: pull.events.map(({ event, at, actor }) => ({ event, at, actor: actor.id })),
  };
}

function readIssue(one: Repository, issue: Issue) {
  const { number, title, state, stateReason, createdAt, updatedAt, closedAt } = issue;
  return {
    repository: one.id,
    number,
    title,
    author: issue.author.id,
    state,
    stateReason,
    createdAt,
    updatedAt,
    closedAt,
    labels: issue.labels.map(({ name }) => name),
  };
}

function readReviews(one: Repository) {
  return [...one.pulls.values()].flatMap((pull) =>
    pull.reviews.map(({ id, author, state, submittedAt, commit }) => ({
      repository: one.id,
      number: pull.number,
      id,
      author: author.id,
      state,
      submittedAt,
      commit,
    })),
  );
}

function readComments(one: Repository) {
  const threads = [...one.pulls.values(), ...one.issues.values()];
  return [
    ...threads.flatMap((thread) =>
      thread.comments.map(({ id, author, createdAt }) => ({
        repository: one.id,
        number: thread.number,
        place: 'thread' as const,
        id,
        author: author.id,
        createdAt,
      })),
    ),
    ...one.commitComments.map(({ id, author, createdAt }) => ({
      repository: one.id,
      number: null,
      place: 'commit' as const,
      id,
      author: author.id,
      createdAt,
    })),
    ...[...one.pulls.values()].flatMap((pull) =>
      pull.reviewComments.map(({ id, author, createdAt }) => ({
        repository: one.id,
        number: pull.number,
        place: 'diff' as const,
        id,
        author: author.id,
        createdAt,
      })),
    ),
  ];
}

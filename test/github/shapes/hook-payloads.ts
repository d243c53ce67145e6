import type {
  Account,
  Alert,
  CheckSuite,
  Comment,
  CommitComment,
  Commit,
  Deployment,
  DeploymentStatus,
  Discussion,
  Happening,
  Issue,
  Label,
  Pull,
  Release,
  Repository,
  Review,
  ReviewComment,
  Team,
  WorkflowRun,
  World,
} from '../world/model.ts';
import { githubItself, labelShape, organizationShape, teamShape, userShape } from './account-shapes.ts';
import { pushedCommitShape } from './commit-shapes.ts';
import {
  alertShape,
  checkSuiteShape,
  deploymentShape,
  deploymentStatusShape,
  releaseShape,
  runShape,
  workflowShape,
} from './delivery-shapes.ts';
import { discussionCommentShape, discussionShape } from './discussion-shapes.ts';
import { pageOf, repositoryShape } from './repository-shapes.ts';
import {
  commentShape,
  commitCommentShape,
  issueShape,
  pullShape,
  reviewCommentShape,
  reviewShape,
  simplePullShape,
} from './thread-shapes.ts';

/** Teams have no type there. */
function hookPull<Shape extends ReturnType<typeof simplePullShape>>(
  world: World,
  repository: Repository,
  pull: Pull,
  shape: (world: World, repository: Repository, pull: Pull) => Shape,
) {
  const requested_teams = pull.requestedTeams.map((team) => teamShape(world, repository.owner, team));
  return { ...shape(world, repository, pull), requested_teams };
}

type Details = Record<string, unknown>;
type Builder = (world: World, repository: Repository, details: Details, happening: Happening) => object;

const payloads: Record<string, Builder> = {
  push: pushPayload,
  create: (_world, repository, details) => ({
    ref: details['ref'],
    ref_type: details['kind'],
    master_branch: repository.defaultBranch,
    description: repository.description,
    pusher_type: 'user',
  }),
  delete: (_world, _repository, details) => ({ ref: details['ref'], ref_type: details['kind'], pusher_type: 'user' }),
  pull_request: pullPayload,
  pull_request_review: (world, repository, details) => {
    const pull = details['pull'] as Pull;
    const review = reviewShape(world, repository, pull, details['review'] as Review);
    return {
      review: { ...review, state: review.state.toLowerCase() },
      pull_request: hookPull(world, repository, pull, simplePullShape),
    };
  },
  pull_request_review_comment: (world, repository, details) => {
    const pull = details['pull'] as Pull;
    return {
      comment: reviewCommentShape(world, repository, pull, details['comment'] as ReviewComment),
      pull_request: hookPull(world, repository, pull, simplePullShape),
    };
  },
  pull_request_review_thread: (world, repository, details) => {
    const pull = details['pull'] as Pull;
    const comments = (details['comments'] as ReviewComment[]).map((one) =>
      reviewCommentShape(world, repository, pull, one),
    );
    const node = `PRRT_${comments[0]?.id ?? 0}`;
    return { thread: { node_id: node, comments }, pull_request: hookPull(world, repository, pull, simplePullShape) };
  },
  issues: (world, repository, details) => ({
    issue: issueShape(world, repository, details['issue'] as Issue),
    ...withLabel(world, repository, details),
    ...withUser(world, 'assignee', details['assignee']),
    ...(details['changes'] === undefined ? {} : { changes: details['changes'] }),
  }),
  issue_comment: (world, repository, details) => {
    const thread = details['thread'] as Issue | Pull;
    const comment = details['comment'] as Comment;
    return {
      issue: issueShape(world, repository, thread),
      comment: commentShape(world, repository, thread, comment),
      ...(details['changes'] === undefined ? {} : { changes: details['changes'] }),
    };
  },
  commit_comment: (world, repository, details) => ({
    comment: commitCommentShape(world, repository, details['comment'] as CommitComment),
  }),
  discussion: (world, repository, details) => {
    const discussion = details['discussion'] as Discussion;
    const answer = details['answer'] as Discussion['comments'][number] | undefined;
    return {
      discussion: discussionShape(world, repository, discussion),
      ...(answer === undefined ? {} : { answer: answerShape(world, repository, discussion, answer) }),
    };
  },
  discussion_comment: (world, repository, details) => {
    const discussion = details['discussion'] as Discussion;
    const comment = details['comment'] as Discussion['comments'][number];
    return {
      comment: discussionCommentShape(world, repository, discussion, comment),
      discussion: discussionShape(world, repository, discussion),
    };
  },
  release: (world, repository, details) => ({
    release: releaseShape(world, repository, details['release'] as Release),
  }),
  deployment: (world, repository, details) => ({
    deployment: deploymentShape(world, repository, details['deployment'] as Deployment),
    workflow: null,
    workflow_run: null,
  }),
  deployment_status: (world, repository, details) => {
    const deployment = details['deployment'] as Deployment;
    const status = deploymentStatusShape(world, repository, deployment, details['status'] as DeploymentStatus);
    return {
      deployment_status: status,
      deployment: deploymentShape(world, repository, deployment),
    };
  },
  workflow_run: (world, repository, details) => ({
    workflow_run: runShape(world, repository, details['run'] as WorkflowRun),
    workflow: workflowShape(world, repository, details['run'] as WorkflowRun),
  }),
  check_suite: (world, repository, details) => ({
    check_suite: checkSuiteShape(world, repository, details['suite'] as CheckSuite),
  }),
  repository: repositoryPayload,
  star: (_world, _repository, details) => ({ starred_at: details['starredAt'] }),
  fork: (world, _repository, details) => ({ forkee: repositoryShape(world, details['fork'] as Repository) }),
  member: (world, _repository, details, happening) => ({
    ...withUser(world, 'member', details['member']),
    ...(happening.action === 'added' ? { changes: { permission: { to: 'write' } } } : {}),
  }),
  dependabot_alert: (world, repository, details) => ({
    alert: alertShape(world, repository, details['alert'] as Alert),
  }),
};

/** The answer to a discussion is told without what others thought of it. */
function answerShape(
  world: World,
  repository: Repository,
  discussion: Discussion,
  answer: Discussion['comments'][number],
): object {
  const { reactions: _reactions, ...shape } = discussionCommentShape(world, repository, discussion, answer);
  return shape;
}

const organizationPayloads: Record<string, (world: World, organization: Account, details: Details) => object> = {
  organization: (world, organization, details) => ({
    membership: {
      url: `${world.api}/orgs/${organization.login}/memberships/${(details['member'] as Account).login}`,
      state: 'active',
      role: details['role'],
      organization_url: `${world.api}/orgs/${organization.login}`,
      ...withUser(world, 'user', details['member']),
    },
  }),
  team: (world, organization, details) => ({ team: teamShape(world, organization, details['team'] as Team) }),
  membership: (world, organization, details) => ({
    scope: 'team',
    ...withUser(world, 'member', details['member']),
    team: teamShape(world, organization, details['team'] as Team),
  }),
};

function withUser(world: World, name: string, account: unknown): object {
  return account === undefined ? {} : { [name]: userShape(world, account as Account) };
}

function withLabel(world: World, repository: Repository, details: Details): object {
  const label = details['label'] as Label | undefined;
  return label === undefined ? {} : { label: labelShape(world, repository, label) };
}

function pushPayload(world: World, repository: Repository, details: Details, { sender, at }: Happening): object {
  const all = details['commits'] as Commit[];
  const [before, after] = [String(details['before']), String(details['after'])];
  const isMain = details['ref'] === `refs/heads/${repository.defaultBranch}`;
  // The list is cut; the head is not.
  const commits = all
    .slice(0, 2048)
    .map((commit) =>
      pushedCommitShape(
        world,
        repository,
        commit,
        !isMain || !repository.mainReach.has(commit.sha) || commit.sha === after,
      ),
    );
  const head = repository.commits.get(after);
  const shape = repositoryShape(world, repository);
  return {
    ref: details['ref'],
    before,
    after,
    // In this event alone times of the repository are numbers.
    repository: {
      ...shape,
      created_at: Date.parse(repository.createdAt) / 1000,
      pushed_at: Date.parse(at) / 1000,
      stargazers: repository.stars.length,
      master_branch: repository.defaultBranch,
    },
    pusher: { name: sender.login, email: sender.emails[0]?.email ?? null },
    created: /^0+$/.test(before),
    deleted: /^0+$/.test(after),
    forced: details['forced'],
    base_ref: null,
    compare: `${pageOf(world, repository)}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits,
    head_commit: head === undefined ? null : pushedCommitShape(world, repository, head, true),
  };
}

function pullPayload(world: World, repository: Repository, details: Details): object {
  const pull = details['pull'] as Pull;
  const { before, after, user, team, reason, changes, assignee } = details;
  const base = (changes as { base?: Pull['base'] } | undefined)?.base;
  return {
    number: pull.number,
    pull_request: hookPull(world, repository, pull, pullShape),
    ...(before === undefined ? {} : { before, after }),
    ...withUser(world, 'requested_reviewer', user),
    ...(team === undefined ? {} : { requested_team: teamShape(world, repository.owner, team as Team) }),
    ...withUser(world, 'assignee', assignee),
    ...withLabel(world, repository, details),
    ...(reason === undefined ? {} : { reason }),
    ...(changes === undefined ? {} : { changes: base === undefined ? changes : baseChange(base) }),
  };
}

function baseChange({ ref, sha }: Pull['base']): object {
  return { base: { ref: { from: ref }, sha: { from: sha } } };
}

function repositoryPayload(world: World, _repository: Repository, details: Details, { action }: Happening): object {
  if (action === 'renamed') return { changes: { repository: { name: { from: details['from'] } } } };
  if (action === 'transferred') {
    const from = details['from'] as Account;
    const who =
      from.type === 'Organization'
        ? { organization: organizationShape(world, from) }
        : { user: userShape(world, from) };
    return { changes: { owner: { from: who } } };
  }
  return action === 'edited' ? { changes: details['changes'] } : {};
}

/** Alerts are raised, and ended by a new commit, by nobody but GitHub. */
function isGithubs({ event, action }: Happening): boolean {
  return event === 'dependabot_alert' && (action === 'created' || action === 'fixed');
}

/** The body of the webhook; `installation` is added for an App's. Undefined: nobody is told of such a thing by a hook. */
export function payloadOf(
  world: World,
  happening: Happening,
  installation?: { id: number; node_id: string },
): object | undefined {
  const { event, action, repository, organization, sender, details } = happening;
  const owner = organization ?? (repository?.owner.type === 'Organization' ? repository.owner : null);
  const around = {
    ...(repository === null ? {} : { repository: repositoryShape(world, repository) }),
    ...(owner === null ? {} : { organization: organizationShape(world, owner) }),
    sender: userShape(world, isGithubs(happening) ? githubItself : sender),
    ...(installation === undefined ? {} : { installation }),
  };
  const body =
    repository === null
      ? owner === null
        ? undefined
        : organizationPayloads[event]?.(world, owner, details)
      : payloads[event]?.(world, repository, details, happening);
  if (body === undefined) return undefined;
  return { ...(action === null ? {} : { action }), ...around, ...body };
}

import type {
  Alert,
  CheckSuite,
  CommitStatus,
  Deployment,
  DeploymentStatus,
  Release,
  Repository,
  WorkflowRun,
  World,
} from '../world/model.ts';
import {
  accountOf,
  instantOf,
  repositoryOf,
  tell,
  type AccountLike,
  type RepositoryLike,
} from '../world/open-world.ts';

interface Act {
  repository: RepositoryLike;
  by: AccountLike;
  at?: Date | string;
}

function readAct(world: World, input: Act) {
  const at = instantOf(world, input.at);
  return { repository: repositoryOf(world, input.repository), by: accountOf(world, input.by), at };
}

type News = readonly [event: string, action: string];

function told(world: World, input: Act, [event, action]: News, details: Record<string, unknown>): void {
  const { repository, by: sender, at } = readAct(world, input);
  tell(world, { event, action, repository, organization: null, sender, at, details });
}

function headOf(repository: Repository): string {
  const sha = repository.branches.get(repository.defaultBranch);
  if (sha === undefined) throw new Error(`${repository.name} is empty`);
  return sha;
}

export function release(
  world: World,
  input: Act & { tag: string; name?: string; isDraft?: boolean; isPrerelease?: boolean },
): Release {
  const { repository, by, at } = readAct(world, input);
  const made: Release = {
    id: world.nextId(),
    tag: input.tag,
    name: input.name ?? input.tag,
    body: '',
    author: by,
    isDraft: input.isDraft ?? false,
    isPrerelease: input.isPrerelease ?? false,
    target: repository.defaultBranch,
    createdAt: at,
    publishedAt: input.isDraft === true ? null : at,
    updatedAt: at,
  };
  if (!made.isDraft && !repository.tags.has(input.tag)) repository.tags.set(input.tag, headOf(repository));
  repository.releases.push(made);
  told(world, input, ['release', 'created'], { release: made });
  if (!made.isDraft) told(world, input, ['release', 'published'], { release: made });
  return made;
}

export function deleteRelease(world: World, input: Act & { release: number }): void {
  const { repository } = readAct(world, input);
  const gone = repository.releases.find(({ id }) => id === input.release);
  if (gone === undefined) throw new Error(`there is no release ${input.release}`);
  repository.releases = repository.releases.filter((one) => one !== gone);
  told(world, input, ['release', 'deleted'], { release: gone });
}

export function deploy(
  world: World,
  input: Act & { environment?: string; sha?: string; ref?: string; isProduction?: boolean },
): Deployment {
  const { repository, by, at } = readAct(world, input);
  const environment = input.environment ?? 'production';
  const made: Deployment = {
    id: world.nextId(),
    sha: input.sha ?? headOf(repository),
    ref: input.ref ?? repository.defaultBranch,
    task: 'deploy',
    environment,
    isProduction: input.isProduction ?? environment === 'production',
    isTransient: false,
    creator: by,
    createdAt: at,
    updatedAt: at,
    statuses: [],
  };
  repository.deployments.push(made);
  told(world, input, ['deployment', 'created'], { deployment: made });
  return made;
}

export function reportDeployment(
  world: World,
  input: Act & { deployment: number; state: DeploymentStatus['state'] },
): DeploymentStatus {
  const { repository, by, at } = readAct(world, input);
  const deployment = repository.deployments.find(({ id }) => id === input.deployment);
  if (deployment === undefined) throw new Error(`there is no deployment ${input.deployment}`);
  const { environment } = deployment;
  const status = { id: world.nextId(), state: input.state, creator: by, environment, createdAt: at };
  deployment.statuses.push(status);
  deployment.updatedAt = at;
  told(world, input, ['deployment_status', 'created'], { deployment, status });
  return status;
}

/** A workflow starts, or one that ran goes on: `run` names it. */
export function runWorkflow(
  world: World,
  input: Act & {
    run?: number;
    name?: string;
    status?: WorkflowRun['status'];
    conclusion?: WorkflowRun['conclusion'];
    event?: string;
    branch?: string;
    sha?: string;
    /** Run once more. */
    again?: boolean;
  },
): WorkflowRun {
  const { repository, at } = readAct(world, input);
  const run = repository.runs.find(({ id }) => id === input.run) ?? newRun(world, input);
  if (input.again === true) {
    run.attempt += 1;
    run.startedAt = at;
  }
  run.status = input.status ?? 'completed';
  run.conclusion = run.status === 'completed' ? (input.conclusion ?? 'success') : null;
  run.updatedAt = at;
  const suite = repository.checkSuites.find(({ id }) => id === run.checkSuite);
  if (suite !== undefined) Object.assign(suite, { status: run.status, conclusion: run.conclusion, updatedAt: at });
  const actions = { queued: 'requested', in_progress: 'in_progress', completed: 'completed' };
  told(world, input, ['workflow_run', actions[run.status]], { run });
  if (suite !== undefined && run.status === 'completed') told(world, input, ['check_suite', 'completed'], { suite });
  return run;
}

function newRun(world: World, input: Parameters<typeof runWorkflow>[1]): WorkflowRun {
  const { repository, by, at } = readAct(world, input);
  const name = input.name ?? 'CI';
  const path = `.github/workflows/${name.toLowerCase()}.yml`;
  const known = repository.runs.find((one) => one.workflow.name === name)?.workflow;
  const branch = input.branch ?? repository.defaultBranch;
  const sha = input.sha ?? repository.branches.get(branch) ?? headOf(repository);
  const suite: CheckSuite = {
    id: world.nextId(),
    sha,
    branch,
    status: 'queued',
    conclusion: null,
    createdAt: at,
    updatedAt: at,
  };
  const run: WorkflowRun = {
    id: world.nextId(),
    number: repository.runs.length + 1,
    attempt: 1,
    workflow: known ?? { id: world.nextId(), name, path },
    title: repository.commits.get(sha)?.message.split('\n', 1)[0] ?? name,
    event: input.event ?? 'push',
    branch,
    sha,
    actor: by,
    status: 'queued',
    conclusion: null,
    createdAt: at,
    startedAt: at,
    updatedAt: at,
    checkSuite: suite.id,
  };
  repository.checkSuites.push(suite);
  repository.runs.push(run);
  return run;
}

export function reportStatus(
  world: World,
  input: Act & { sha?: string; state: CommitStatus['state']; context?: string },
): CommitStatus {
  const { repository, by, at } = readAct(world, input);
  const { state, context = 'ci/build' } = input;
  const sha = input.sha ?? headOf(repository);
  const made: CommitStatus = { id: world.nextId(), sha, state, context, creator: by, createdAt: at };
  repository.statuses.push(made);
  return made;
}

/** An alert about a dependency is raised; `number` names one that ends or comes back. */
export function raiseAlert(
  world: World,
  input: Act & { number?: number; state?: Alert['state']; severity?: Alert['severity']; package?: string },
): Alert {
  const { repository, by, at } = readAct(world, input);
  const known = repository.alerts.find(({ number }) => number === input.number);
  const state = input.state ?? 'open';
  const alert: Alert = known ?? {
    number: repository.alerts.length + 1,
    state,
    severity: input.severity ?? 'high',
    package: input.package ?? 'left-pad',
    ecosystem: 'npm',
    createdAt: at,
    updatedAt: at,
    endedAt: null,
    dismissedBy: null,
  };
  const action =
    known === undefined ? 'created' : state === 'open' ? 'reopened' : state === 'fixed' ? 'fixed' : 'dismissed';
  if (known === undefined) repository.alerts.push(alert);
  alert.state = state;
  alert.updatedAt = at;
  alert.endedAt = state === 'open' ? null : at;
  alert.dismissedBy = state === 'dismissed' ? by : null;
  told(world, input, ['dependabot_alert', action], { alert });
  return alert;
}

import { aboutRepository, type Route } from '../front/route.ts';
import { notFound, paged, refuse, reply, type Reply, type RepositoryAsk } from '../front/state.ts';
import { nodeId, userShape } from '../shapes/account-shapes.ts';
import {
  alertShape,
  checkSuiteShape,
  deploymentShape,
  deploymentStatusShape,
  releaseShape,
  runShape,
} from '../shapes/delivery-shapes.ts';
import { briefRepositoryShape, pageOf, repositoryUrl } from '../shapes/repository-shapes.ts';
import { compareTexts, resolveRef } from '../world/history.ts';
import type { CommitStatus, Deployment } from '../world/model.ts';

export const deliveryRoutes: Route[] = [
  aboutRepository('GET', '/releases', { permission: 'contents=read' }, (ask) => {
    const newest = ask.repository.releases.toSorted((a, b) => compareTexts(b.createdAt, a.createdAt) || b.id - a.id);
    return paged(ask, newest, (release) => releaseShape(ask.world, ask.repository, release));
  }),
  aboutRepository('GET', '/releases/{release_id}', { permission: 'contents=read' }, (ask) => {
    const found = ask.repository.releases.find(({ id }) => id === Number(ask.params['release_id']));
    return found === undefined ? notFound() : reply(releaseShape(ask.world, ask.repository, found));
  }),
  aboutRepository('GET', '/deployments', { permission: 'deployments=read' }, listDeployments),
  aboutRepository('GET', '/deployments/{deployment_id}', { permission: 'deployments=read' }, (ask) => {
    const deployment = deploymentOf(ask);
    return deployment === undefined ? notFound() : reply(deploymentShape(ask.world, ask.repository, deployment));
  }),
  aboutRepository('GET', '/deployments/{deployment_id}/statuses', { permission: 'deployments=read' }, (ask) => {
    const deployment = deploymentOf(ask);
    if (deployment === undefined) return notFound();
    const { world, repository } = ask;
    return paged(ask, deployment.statuses.toReversed(), (status) =>
      deploymentStatusShape(world, repository, deployment, status),
    );
  }),
  aboutRepository('GET', '/environments', { permission: 'actions=read' }, listEnvironments),
  aboutRepository('GET', '/actions/runs', { permission: 'actions=read' }, listRuns),
  aboutRepository('GET', '/actions/runs/{run_id}', { permission: 'actions=read' }, ({ world, repository, params }) => {
    const run = repository.runs.find(({ id }) => id === Number(params['run_id']));
    return run === undefined ? notFound() : reply(runShape(world, repository, run));
  }),
  aboutRepository('GET', '/commits/{ref}/check-suites', { permission: 'checks=read' }, (ask) => {
    const { world, repository, params } = ask;
    const sha = resolveRef(repository, params['ref'] ?? '');
    if (sha === undefined) return refuse(422, `No commit found for SHA: ${params['ref']}`);
    const found = repository.checkSuites.filter((suite) => suite.sha === sha);
    const brief = briefRepositoryShape(world, repository);
    return paged(
      ask,
      found,
      (suite) => ({ ...checkSuiteShape(world, repository, suite), repository: brief }),
      'check_suites',
    );
  }),
  aboutRepository('GET', '/commits/{ref}/statuses', { permission: 'statuses=read' }, (ask) => {
    const sha = resolveRef(ask.repository, ask.params['ref'] ?? '');
    const found = ask.repository.statuses.filter((status) => status.sha === sha);
    return paged(ask, found.toReversed(), (status) => statusShape(ask, status));
  }),
  aboutRepository('GET', '/dependabot/alerts', { permission: 'vulnerability_alerts=read' }, (ask) => {
    if (!ask.repository.alertsOn) return refuse(403, 'Dependabot alerts are disabled for this repository.');
    const state = ask.query.get('state')?.split(',');
    const found = ask.repository.alerts.filter((alert) => state === undefined || state.includes(alert.state));
    return paged(ask, found.toReversed(), (alert) => alertShape(ask.world, ask.repository, alert));
  }),
];

function deploymentOf({ repository, params }: RepositoryAsk): Deployment | undefined {
  return repository.deployments.find(({ id }) => id === Number(params['deployment_id']));
}

function listDeployments(ask: RepositoryAsk): Reply {
  const { world, repository, query } = ask;
  const [environment, sha] = [query.get('environment'), query.get('sha')];
  const found = repository.deployments.filter(
    (one) => (environment === null || one.environment === environment) && (sha === null || one.sha === sha),
  );
  const newest = found.toSorted((a, b) => compareTexts(b.createdAt, a.createdAt) || b.id - a.id);
  return paged(ask, newest, (deployment) => deploymentShape(world, repository, deployment));
}

function listEnvironments(ask: RepositoryAsk): Reply {
  const { world, repository } = ask;
  const byName = Map.groupBy(repository.deployments, ({ environment }) => environment);
  return paged(
    ask,
    [...byName],
    ([name, deployments]) => ({
      id: deployments[0]?.id,
      node_id: nodeId('EN', name),
      name,
      url: `${repositoryUrl(world, repository)}/environments/${encodeURIComponent(name)}`,
      html_url: `${pageOf(world, repository)}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
      created_at: deployments[0]?.createdAt,
      updated_at: deployments.at(-1)?.createdAt,
      protection_rules: [],
      deployment_branch_policy: null,
    }),
    'environments',
  );
}

/** `created` is a day, a range or a bound, as in a search; of more than a thousand no more are told. */
function listRuns(ask: RepositoryAsk): Reply {
  const { world, repository, query } = ask;
  const [branch, event, status] = [query.get('branch'), query.get('event'), query.get('status')];
  const isWithin = readRange(query.get('created'));
  const found = repository.runs.filter(
    (run) =>
      (branch === null || run.branch === branch) &&
      (event === null || run.event === event) &&
      (status === null || run.status === status || run.conclusion === status) &&
      isWithin(run.createdAt),
  );
  const newest = found.toSorted((a, b) => compareTexts(b.createdAt, a.createdAt) || b.id - a.id);
  const isFiltered = ['branch', 'event', 'status', 'created', 'actor'].some((name) => query.has(name));
  const shown = isFiltered ? newest.slice(0, 1000) : newest;
  return paged(ask, shown, (run) => runShape(world, repository, run), 'workflow_runs');
}

function readRange(text: string | null): (at: string) => boolean {
  if (text === null) return () => true;
  const [from, to] = text.split('..');
  if (to !== undefined) return (at) => (from === '*' || at >= startOf(from)) && (to === '*' || at <= endOf(to));
  const bound = /^(>=|<=|>|<)(.+)$/.exec(text);
  if (bound === null) return (at) => at >= startOf(text) && at <= endOf(text);
  const value = bound[2] ?? '';
  if (bound[1] === '>=') return (at) => at >= startOf(value);
  if (bound[1] === '<=') return (at) => at <= endOf(value);
  return bound[1] === '>' ? (at) => at > endOf(value) : (at) => at < startOf(value);
}

function startOf(text = ''): string {
  return text.includes('T') ? `${new Date(text).toISOString().slice(0, 19)}Z` : `${text}T00:00:00Z`;
}

function endOf(text: string): string {
  return text.includes('T') ? startOf(text) : `${text}T23:59:59Z`;
}

function statusShape({ world, repository }: RepositoryAsk, status: CommitStatus) {
  const creator = userShape(world, status.creator);
  return {
    url: `${repositoryUrl(world, repository)}/statuses/${status.sha}`,
    avatar_url: creator.avatar_url,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: null,
    target_url: null,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator,
  };
}

import type {
  Alert,
  CheckSuite,
  Deployment,
  DeploymentStatus,
  Release,
  Repository,
  WorkflowRun,
  World,
} from '../world/model.ts';
import { githubItself, nodeId, userOrNull, userShape } from './account-shapes.ts';
import { headCommitShape } from './commit-shapes.ts';
import { briefRepositoryShape, pageOf, repositoryUrl } from './repository-shapes.ts';

export function releaseShape(world: World, repository: Repository, release: Release) {
  const url = `${repositoryUrl(world, repository)}/releases/${release.id}`;
  const archive = `${repositoryUrl(world, repository)}/tarball/${release.tag}`;
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    html_url: `${pageOf(world, repository)}/releases/tag/${release.tag}`,
    id: release.id,
    author: userShape(world, release.author),
    node_id: nodeId('RE', release.id),
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    draft: release.isDraft,
    prerelease: release.isPrerelease,
    created_at: release.createdAt,
    published_at: release.publishedAt,
    assets: [],
    tarball_url: archive,
    zipball_url: archive.replace('/tarball/', '/zipball/'),
    body: release.body,
  };
}

export function deploymentShape(world: World, repository: Repository, deployment: Deployment) {
  const url = `${repositoryUrl(world, repository)}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId('DE', deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: {},
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: null,
    creator: userShape(world, deployment.creator),
    created_at: deployment.createdAt,
    updated_at: deployment.updatedAt,
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(world, repository),
    transient_environment: deployment.isTransient,
    production_environment: deployment.isProduction,
    performed_via_github_app: null,
  };
}

export function deploymentStatusShape(
  world: World,
  repository: Repository,
  deployment: Deployment,
  status: DeploymentStatus,
) {
  const url = `${repositoryUrl(world, repository)}/deployments/${deployment.id}`;
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DES', status.id),
    state: status.state,
    creator: userShape(world, status.creator),
    description: '',
    environment: status.environment,
    target_url: pageOf(world, repository),
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: repositoryUrl(world, repository),
    log_url: pageOf(world, repository),
    environment_url: pageOf(world, repository),
    performed_via_github_app: null,
  };
}

export function workflowShape(world: World, repository: Repository, { workflow, createdAt, updatedAt }: WorkflowRun) {
  const url = `${repositoryUrl(world, repository)}/actions/workflows/${workflow.id}`;
  return {
    id: workflow.id,
    node_id: nodeId('W', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: 'active',
    created_at: createdAt,
    updated_at: updatedAt,
    url,
    html_url: `${pageOf(world, repository)}/blob/${repository.defaultBranch}/${workflow.path}`,
    badge_url: `${pageOf(world, repository)}/workflows/${workflow.name}/badge.svg`,
  };
}

export function runShape(world: World, repository: Repository, run: WorkflowRun) {
  const url = `${repositoryUrl(world, repository)}/actions/runs/${run.id}`;
  const commit = repository.commits.get(run.sha);
  const brief = briefRepositoryShape(world, repository);
  return {
    id: run.id,
    name: run.workflow.name,
    node_id: nodeId('WFR', run.id),
    head_branch: run.branch,
    head_sha: run.sha,
    path: run.workflow.path,
    display_title: run.title,
    run_number: run.number,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflow.id,
    check_suite_id: run.checkSuite,
    check_suite_node_id: nodeId('CS', run.checkSuite),
    url,
    html_url: `${pageOf(world, repository)}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    actor: userShape(world, run.actor),
    triggering_actor: userShape(world, run.actor),
    run_attempt: run.attempt,
    referenced_workflows: [],
    run_started_at: run.startedAt,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repositoryUrl(world, repository)}/check-suites/${run.checkSuite}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${repositoryUrl(world, repository)}/actions/workflows/${run.workflow.id}`,
    head_commit: commit === undefined ? null : headCommitShape(commit),
    repository: brief,
    head_repository: brief,
  };
}

/** The app that runs workflows. */
function actionsAppShape(world: World) {
  return {
    id: 15_368,
    slug: 'github-actions',
    node_id: nodeId('A', 15_368),
    owner: userShape(world, githubItself),
    name: 'GitHub Actions',
    description: 'Automate your workflow from idea to production',
    external_url: `${world.web}/features/actions`,
    html_url: `${world.web}/apps/github-actions`,
    created_at: '2018-07-30T09:30:17Z',
    updated_at: '2024-04-10T20:33:16Z',
    permissions: { actions: 'write', checks: 'write', contents: 'write', metadata: 'read' },
    events: ['check_run', 'check_suite', 'workflow_dispatch'],
  };
}

export function checkSuiteShape(world: World, repository: Repository, suite: CheckSuite) {
  const url = `${repositoryUrl(world, repository)}/check-suites/${suite.id}`;
  const commit = repository.commits.get(suite.sha);
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.branch,
    head_sha: suite.sha,
    status: suite.status,
    conclusion: suite.conclusion,
    url,
    before: null,
    after: suite.sha,
    pull_requests: [],
    app: actionsAppShape(world),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    latest_check_runs_count: 1,
    check_runs_url: `${url}/check-runs`,
    head_commit: commit === undefined ? null : headCommitShape(commit),
  };
}

export function alertShape(world: World, repository: Repository, alert: Alert) {
  const place = { ecosystem: alert.ecosystem, name: alert.package };
  const vulnerability = {
    package: place,
    severity: alert.severity,
    vulnerable_version_range: '< 2.0.0',
    first_patched_version: { identifier: '2.0.0' },
  };
  const ended = alert.state === 'open' ? null : alert.endedAt;
  return {
    number: alert.number,
    state: alert.state,
    dependency: { package: place, manifest_path: 'package-lock.json', scope: 'runtime' },
    security_advisory: {
      ghsa_id: 'GHSA-aaaa-bbbb-cccc',
      cve_id: null,
      summary: `${alert.package} takes too much`,
      description: 'A long text may use up the memory.',
      vulnerabilities: [vulnerability],
      severity: alert.severity,
      cvss: { score: 7.5, vector_string: null },
      cwes: [{ cwe_id: 'CWE-400', name: 'Uncontrolled Resource Consumption' }],
      identifiers: [{ type: 'GHSA', value: 'GHSA-aaaa-bbbb-cccc' }],
      references: [{ url: `${world.web}/advisories/GHSA-aaaa-bbbb-cccc` }],
      published_at: alert.createdAt,
      updated_at: alert.updatedAt,
      withdrawn_at: null,
    },
    security_vulnerability: vulnerability,
    url: `${repositoryUrl(world, repository)}/dependabot/alerts/${alert.number}`,
    html_url: `${pageOf(world, repository)}/security/dependabot/${alert.number}`,
    created_at: alert.createdAt,
    updated_at: alert.updatedAt,
    dismissed_at: alert.state === 'dismissed' ? ended : null,
    dismissed_by: userOrNull(world, alert.dismissedBy),
    dismissed_reason: alert.state === 'dismissed' ? 'tolerable_risk' : null,
    dismissed_comment: null,
    fixed_at: alert.state === 'fixed' ? ended : null,
    auto_dismissed_at: alert.state === 'auto_dismissed' ? ended : null,
  };
}

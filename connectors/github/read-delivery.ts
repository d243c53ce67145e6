import { z } from 'zod';
import { account, toIdentity } from './accounts.ts';
import {
  idText,
  instant,
  link,
  name,
  numberAtEnd,
  optionalInstant,
  path,
  readShape,
  refName,
  sha,
  title,
} from './read-shape.ts';
import { type FactOf, seenAtOf, type Told } from './told.ts';

/** A name that was left empty is none. */
function nameOr(given: string | null | undefined, other: string): string {
  return given === null || given === undefined || given === '' ? other : given;
}

const release = z.object({
  id: idText,
  tag_name: refName,
  name: title.nullish(),
  html_url: link,
  author: account,
  draft: z.boolean(),
  prerelease: z.boolean(),
  created_at: instant,
  published_at: optionalInstant,
  updated_at: optionalInstant,
});

export function readRelease(told: Told, data: unknown, what = 'data'): FactOf<'release'> {
  const found = readShape(release, data, what);
  // Older servers do not say when it was changed.
  const updatedAt = found.updated_at ?? found.published_at ?? found.created_at;
  return {
    fact: 'release',
    repository: told.repository,
    id: found.id,
    tag: found.tag_name,
    name: nameOr(found.name, found.tag_name),
    url: found.html_url,
    author: toIdentity(told.host, found.author),
    isDraft: found.draft,
    isPrerelease: found.prerelease,
    createdAt: found.created_at,
    publishedAt: found.published_at,
    updatedAt,
    seenAt: seenAtOf(told, updatedAt),
  };
}

const deployment = z.object({
  id: idText,
  sha,
  ref: refName,
  task: name,
  environment: name,
  production_environment: z.boolean().nullish(),
  creator: account,
  created_at: instant,
  updated_at: instant,
});

export function readDeployment(told: Told, data: unknown, what = 'data'): FactOf<'deployment'> {
  const found = readShape(deployment, data, what);
  return {
    fact: 'deployment',
    repository: told.repository,
    id: found.id,
    environment: found.environment,
    isProduction: found.production_environment ?? null,
    sha: found.sha,
    ref: found.ref,
    task: found.task,
    creator: toIdentity(told.host, found.creator),
    createdAt: found.created_at,
    updatedAt: found.updated_at,
    seenAt: seenAtOf(told, found.updated_at),
  };
}

const deploymentStates = [
  'error',
  'failure',
  'inactive',
  'in_progress',
  'queued',
  'pending',
  'success',
  'waiting',
] as const;

const deploymentStatus = z.object({
  id: idText,
  state: z.enum(deploymentStates),
  environment: name.nullish(),
  creator: account,
  created_at: instant,
  deployment_url: numberAtEnd('deployments'),
});

export function readDeploymentStatus(told: Told, data: unknown, what = 'data'): FactOf<'deployment-status'> {
  const found = readShape(deploymentStatus, data, what);
  return {
    fact: 'deployment-status',
    repository: told.repository,
    deployment: String(found.deployment_url),
    id: found.id,
    state: found.state,
    environment: found.environment ?? '',
    creator: toIdentity(told.host, found.creator),
    createdAt: found.created_at,
  };
}

const workflowRun = z.object({
  id: idText,
  run_attempt: z.int().positive().default(1),
  name: title.nullish(),
  path: path.nullish(),
  workflow_id: idText,
  html_url: link,
  event: name,
  head_branch: refName.nullish(),
  head_sha: sha,
  actor: account,
  triggering_actor: account,
  status: z.enum(['queued', 'in_progress', 'completed', 'requested', 'waiting', 'pending']),
  conclusion: name.nullish(),
  created_at: instant,
  run_started_at: optionalInstant,
  updated_at: instant,
});

export function readWorkflowRun(told: Told, data: unknown, what = 'data'): FactOf<'workflow-run'> {
  const found = readShape(workflowRun, data, what);
  // A reusable workflow has the version that was used behind its path.
  const workflow = found.path?.replace(/@[^@]*$/, '') ?? found.workflow_id;
  return {
    fact: 'workflow-run',
    repository: told.repository,
    id: found.id,
    attempt: found.run_attempt,
    name: nameOr(found.name, workflow),
    workflow,
    url: found.html_url,
    event: found.event,
    branch: found.head_branch ?? null,
    sha: found.head_sha,
    // Of a later attempt it is who asked for it again.
    actor: toIdentity(told.host, found.triggering_actor ?? found.actor),
    status: found.status,
    conclusion: found.conclusion ?? null,
    createdAt: found.created_at,
    startedAt: found.run_started_at,
    updatedAt: found.updated_at,
    seenAt: seenAtOf(told, found.updated_at),
  };
}

const checkSuite = z.object({
  id: idText,
  head_sha: sha,
  head_branch: refName.nullish(),
  status: name.nullish(),
  conclusion: name.nullish(),
  created_at: instant,
  updated_at: instant,
  app: z.object({ slug: name.nullish(), name: name.nullish() }).nullish(),
});

export function readCheckSuite(told: Told, data: unknown, what = 'data'): FactOf<'check-suite'> {
  const found = readShape(checkSuite, data, what);
  return {
    fact: 'check-suite',
    repository: told.repository,
    id: found.id,
    sha: found.head_sha,
    branch: found.head_branch ?? null,
    app: found.app?.slug ?? found.app?.name ?? 'unknown',
    status: found.status ?? 'requested',
    conclusion: found.conclusion ?? null,
    createdAt: found.created_at,
    updatedAt: found.updated_at,
    seenAt: seenAtOf(told, found.updated_at),
  };
}

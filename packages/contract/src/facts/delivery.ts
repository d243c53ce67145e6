import { z } from 'zod';
import { instant, key, seenAt, sha, text, who } from './parts.ts';

/** What is said of releases, deployments and automatic runs. */

/** A release. The newest telling wins. */
const releaseFact = z.strictObject({
  fact: z.literal('release'),
  repository: key,
  id: key,
  tag: text,
  name: text,
  url: text.nullable(),
  author: who,
  isDraft: z.boolean(),
  isPrerelease: z.boolean(),
  createdAt: instant,
  publishedAt: instant.nullable(),
  updatedAt: instant,
  seenAt,
});

/** A deployment that was asked for; how it went is told by its statuses. The newest wins. */
const deploymentFact = z.strictObject({
  fact: z.literal('deployment'),
  repository: key,
  id: key,
  environment: text,
  isProduction: z.boolean().nullable(),
  sha,
  ref: text,
  task: text,
  creator: who,
  createdAt: instant,
  updatedAt: instant,
  seenAt,
});

/** One step of a deployment. Told once, never changed. */
const deploymentStatusFact = z.strictObject({
  fact: z.literal('deployment-status'),
  repository: key,
  deployment: key,
  id: key,
  state: z.enum(['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success', 'waiting']),
  environment: text,
  creator: who,
  createdAt: instant,
});

/** One attempt of a workflow. The newest telling wins. */
const workflowRunFact = z.strictObject({
  fact: z.literal('workflow-run'),
  repository: key,
  id: key,
  attempt: z.int().positive(),
  name: text,
  workflow: text,
  url: text.nullable(),
  event: text,
  branch: text.nullable(),
  sha,
  actor: who,
  status: z.enum(['queued', 'in_progress', 'completed', 'requested', 'waiting', 'pending']),
  conclusion: text.nullable(),
  createdAt: instant,
  startedAt: instant.nullable(),
  updatedAt: instant,
  seenAt,
});

/** What one app's checks said of a commit. The newest telling wins. */
const checkSuiteFact = z.strictObject({
  fact: z.literal('check-suite'),
  repository: key,
  id: key,
  sha,
  branch: text.nullable(),
  app: text,
  status: text,
  conclusion: text.nullable(),
  createdAt: instant,
  updatedAt: instant,
  seenAt,
});

export const deliveryFacts = [
  releaseFact,
  deploymentFact,
  deploymentStatusFact,
  workflowRunFact,
  checkSuiteFact,
] as const;

export type DeliveryFact = z.infer<(typeof deliveryFacts)[number]>;

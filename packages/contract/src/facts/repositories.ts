import { z } from 'zod';
import { count, day, instant, key, seenAt, sha, text, threadNumber, who } from './parts.ts';

/** What is said of a repository beyond its name, and of the accounts around it. */

/** Who may see a repository and where it comes from. The newest wins. */
const repositoryProfileFact = z.strictObject({
  fact: z.literal('repository-profile'),
  repository: key,
  observedAt: instant,
  visibility: z.enum(['public', 'private', 'internal']),
  owner: who,
  isFork: z.boolean(),
  isMirror: z.boolean(),
  isTemplate: z.boolean(),
});

/** Where a branch or tag stood, or that it is gone. The newest wins. */
const refFact = z.strictObject({
  fact: z.literal('ref'),
  repository: key,
  kind: z.enum(['branch', 'tag']),
  name: text,
  /** `null`: it is gone. */
  sha: sha.nullable(),
  observedAt: instant,
});

/** That somebody pushed. Never the authorship of what was pushed. Told once. */
const pushFact = z.strictObject({
  fact: z.literal('push'),
  repository: key,
  ref: text,
  before: sha,
  after: sha,
  isForced: z.boolean(),
  pusher: who,
  at: instant,
  /** How many commits the source says it had; the list beside it may have been cut. */
  commits: count,
});

const levelKinds = [
  'stars',
  'forks',
  'watchers',
  'open_issues',
  'size_kib',
  'views',
  'visitors',
  'clones',
  'cloners',
] as const;

/** A reading of something that rises and falls, for one day. The newest reading of a day wins; a day without one stays a gap. */
const levelFact = z.strictObject({
  fact: z.literal('level'),
  repository: key,
  level: z.enum(levelKinds),
  /** As the source cuts its days where it does, else the day of `observedAt` in UTC. */
  day,
  value: count,
  observedAt: instant,
});

/** Bytes of each language as the source counts them. The newest wins. */
const languagesFact = z.strictObject({
  fact: z.literal('languages'),
  repository: key,
  observedAt: instant,
  bytes: z.record(z.string().min(1).max(100), count),
});

/** Which files a community expects are there. The newest wins. */
const communityFact = z.strictObject({
  fact: z.literal('community'),
  repository: key,
  observedAt: instant,
  health: z.int().min(0).max(100),
  files: z.array(z.string().min(1).max(100)).max(50),
});

/** Whether somebody has starred a repository. The newest wins. */
const starFact = z.strictObject({
  fact: z.literal('star'),
  repository: key,
  user: who,
  isStarred: z.boolean(),
  /** When it was starred; `null` where the source does not say. */
  at: instant.nullable(),
  observedAt: instant,
});

/** A fork somebody made. Told once. */
const forkFact = z.strictObject({
  fact: z.literal('fork'),
  repository: key,
  fork: key,
  name: text,
  owner: who,
  at: instant,
});

/** An alert about a dependency. The newest wins. */
const alertFact = z.strictObject({
  fact: z.literal('alert'),
  repository: key,
  number: threadNumber,
  state: z.enum(['open', 'fixed', 'dismissed', 'auto_dismissed']),
  severity: z.enum(['low', 'medium', 'high', 'critical', 'unknown']),
  package: text,
  createdAt: instant,
  updatedAt: instant,
  seenAt,
  endedAt: instant.nullable(),
});

/** Who an account is today: its login may have changed hands since. The newest wins. */
const accountFact = z.strictObject({ fact: z.literal('account'), account: who, observedAt: instant });

export const repositoryFacts = [
  repositoryProfileFact,
  refFact,
  pushFact,
  levelFact,
  languagesFact,
  communityFact,
  starFact,
  forkFact,
  alertFact,
  accountFact,
] as const;

export type RepositoryRelatedFact = z.infer<(typeof repositoryFacts)[number]>;

import type { Fact } from '@devpulse/contract/facts';
import { z } from 'zod';
import { account, toIdentity } from './accounts.ts';
import { laterBy } from './order-in-second.ts';
import {
  count,
  id,
  instant,
  link,
  name,
  number,
  optionalInstant,
  readShape,
  refName,
  textUpTo,
  title,
} from './read-shape.ts';
import { type FactOf, repositoryKey, seenAtOf, type Told } from './told.ts';

type LevelFact = FactOf<'level'>;

const repository = z.object({
  id,
  full_name: title,
  html_url: link,
  owner: account,
  private: z.boolean(),
  visibility: z.enum(['public', 'private', 'internal']).optional().catch(undefined),
  fork: z.boolean().default(false),
  mirror_url: z.string().nullish(),
  is_template: z.boolean().default(false),
  archived: z.boolean().default(false),
  default_branch: refName.nullish(),
  created_at: optionalInstant,
  updated_at: optionalInstant,
  pushed_at: optionalInstant,
});

/**
 * The latest instant that a repository beside an event tells: the event itself has none. When a repository changes its
 * `updated_at` moves, and its `pushed_at` with every push.
 */
export function latestOf(data: unknown): string {
  const found = readShape(times, data, 'repository');
  return [found.created_at, found.updated_at, found.pushed_at].reduce<string>(
    (a, b) => (b !== null && b > a ? b : a),
    '',
  );
}

const times = z
  .object({ created_at: optionalInstant, updated_at: optionalInstant, pushed_at: optionalInstant })
  .refine((found) => (found.updated_at ?? found.pushed_at ?? found.created_at) !== null, 'has no instant');

/** When the last push to it was, as a repository beside an event tells. */
export function pushedAtOf(data: unknown): string {
  return readShape(times, data, 'repository').pushed_at ?? latestOf(data);
}

/** What a repository is called, where it is, and who may see it. */
export function readRepository(told: Told, data: unknown, what = 'data'): Fact[] {
  const found = readShape(repository, data, what);
  const observedAt = told.at ?? laterBy(latestOf(data), told.order);
  return [
    {
      fact: 'repository',
      key: told.repository,
      name: found.full_name,
      url: found.html_url,
      defaultBranch: found.default_branch ?? null,
      state: found.archived ? 'archived' : 'active',
      observedAt,
    },
    {
      fact: 'repository-profile',
      repository: told.repository,
      observedAt,
      visibility: found.visibility ?? (found.private ? 'private' : 'public'),
      owner: toIdentity(told.host, found.owner),
      isFork: found.fork,
      isMirror: typeof found.mirror_url === 'string' && found.mirror_url !== '',
      isTemplate: found.is_template,
    },
  ];
}

/** That a repository is no more. A later look decides: one that was deleted can be restored. */
export function readDeletedRepository(told: Told, data: unknown): FactOf<'repository'> {
  const found = readShape(repository, data, 'repository');
  return {
    fact: 'repository',
    key: told.repository,
    name: found.full_name,
    url: found.html_url,
    defaultBranch: found.default_branch ?? null,
    state: 'gone',
    observedAt: told.at ?? laterBy(latestOf(data), told.order),
  };
}

const levels = z.object({
  stargazers_count: count.optional(),
  forks_count: count.optional(),
  // What the API calls watchers are the stars once more.
  subscribers_count: count.optional(),
  open_issues_count: count.optional(),
  size: count.optional(),
});

/** What rises and falls, read off for the day of the look. */
export function readLevels(told: Told, data: unknown): LevelFact[] {
  const found = readShape(levels, data, 'data');
  return [
    ...level(told, 'stars', found.stargazers_count),
    ...level(told, 'forks', found.forks_count),
    ...level(told, 'watchers', found.subscribers_count),
    ...level(told, 'open_issues', found.open_issues_count),
    ...level(told, 'size_kib', found.size),
  ];
}

function level(told: Told, what: LevelFact['level'], value: number | undefined, day?: string): LevelFact[] {
  if (value === undefined || told.at === null) return [];
  const { repository: key, at: observedAt } = told;
  return [{ fact: 'level', repository: key, level: what, day: day ?? observedAt.slice(0, 10), value, observedAt }];
}

const dayOfTraffic = z.object({ timestamp: instant, count, uniques: count });

/** Views or clones of the last fourteen days, by GitHub's days; days without any are not told. */
export function readTraffic(told: Told, data: unknown, what: 'views' | 'clones'): LevelFact[] {
  const days = readShape(z.object({ [what]: z.array(dayOfTraffic) }), data, 'data')[what] ?? [];
  const [all, unique] = what === 'views' ? (['views', 'visitors'] as const) : (['clones', 'cloners'] as const);
  return days.flatMap(({ timestamp, count: total, uniques }) => {
    const day = timestamp.slice(0, 10);
    return [...level(told, all, total, day), ...level(told, unique, uniques, day)];
  });
}

const fileName = textUpTo(100);

/** Bytes of each language. */
export function readLanguages(told: Told, data: unknown, observedAt: string): FactOf<'languages'> {
  const bytes = readShape(z.record(fileName.pipe(z.string().min(1)), count), data, 'data');
  return { fact: 'languages', repository: told.repository, observedAt, bytes };
}

const community = z.object({
  health_percentage: z.int().min(0).max(100),
  files: z.record(fileName.pipe(z.string().min(1)), z.unknown()),
});

/** Which files a community expects are there. */
export function readCommunity(told: Told, data: unknown, observedAt: string): FactOf<'community'> {
  const found = readShape(community, data, 'data');
  const files = Object.entries(found.files).flatMap(([file, value]) => (value === null ? [] : [file]));
  return {
    fact: 'community',
    repository: told.repository,
    observedAt,
    health: found.health_percentage,
    files: files.toSorted().slice(0, 50),
  };
}

const stargazers = z.array(z.object({ starred_at: instant, user: account }));

/** A page of those who have starred it, with the time of each. */
export function readStargazers(told: Told, data: unknown, observedAt: string): FactOf<'star'>[] {
  return readShape(stargazers, data, 'data').map(({ starred_at: at, user }) => ({
    fact: 'star',
    repository: told.repository,
    user: toIdentity(told.host, user),
    isStarred: true,
    at,
    observedAt,
  }));
}

const starEvent = z.object({
  action: z.string(),
  starred_at: optionalInstant,
  sender: account,
  repository: z.unknown(),
});

/** That somebody starred it, or took the star back. */
export function readStar(told: Told, body: object): FactOf<'star'> {
  const found = readShape(starEvent, body, 'the body');
  const isStarred = found.action === 'created';
  return {
    fact: 'star',
    repository: told.repository,
    user: toIdentity(told.host, found.sender),
    isStarred,
    at: isStarred ? found.starred_at : null,
    observedAt: laterBy((isStarred ? found.starred_at : null) ?? latestOf(found.repository), told.order),
  };
}

const fork = z.object({ id, full_name: title, owner: account, created_at: instant });

export function readFork(told: Told, data: unknown, what = 'data'): FactOf<'fork'> {
  const found = readShape(fork, data, what);
  return {
    fact: 'fork',
    repository: told.repository,
    fork: repositoryKey(told.host, found.id),
    name: found.full_name,
    owner: toIdentity(told.host, found.owner),
    at: found.created_at,
  };
}

const alert = z.object({
  number,
  state: z.enum(['open', 'fixed', 'dismissed', 'auto_dismissed']),
  dependency: z.object({ package: z.object({ name }).nullish() }).nullish(),
  security_vulnerability: z.object({ package: z.object({ name }).nullish() }).nullish(),
  security_advisory: z
    .object({ severity: z.enum(['low', 'medium', 'high', 'critical', 'unknown']).catch('unknown') })
    .nullish(),
  created_at: instant,
  updated_at: instant,
  fixed_at: optionalInstant,
  dismissed_at: optionalInstant,
  auto_dismissed_at: optionalInstant,
});

export function readAlert(told: Told, data: unknown, what = 'data'): FactOf<'alert'> {
  const found = readShape(alert, data, what);
  const isOpen = found.state === 'open';
  return {
    fact: 'alert',
    repository: told.repository,
    number: found.number,
    state: found.state,
    severity: found.security_advisory?.severity ?? 'unknown',
    package: found.dependency?.package?.name ?? found.security_vulnerability?.package?.name ?? 'unknown',
    createdAt: found.created_at,
    updatedAt: found.updated_at,
    seenAt: seenAtOf(told, found.updated_at),
    endedAt: isOpen ? null : (found.fixed_at ?? found.dismissed_at ?? found.auto_dismissed_at),
  };
}

const person = z.object({ name: name.nullish() });

/** Who an account is today. */
export function readAccount(host: string, data: unknown, observedAt: string): FactOf<'account'>[] {
  const found = readShape(account, data, 'data');
  if (found === null) return [];
  const profile = readShape(person, data, 'data');
  const called = profile.name?.trim() ?? '';
  const identity = toIdentity(host, found);
  return [{ fact: 'account', account: called === '' ? identity : { ...identity, name: called }, observedAt }];
}

import type { Account, Happening, Repository, World } from '../world/model.ts';
import { reachOf } from '../world/history.ts';
import {
  accountOf,
  findRepository,
  fullNameOf,
  instantOf,
  repositoryOf,
  tell,
  type AccountLike,
  type RepositoryLike,
} from '../world/open-world.ts';

export interface NewRepository {
  id?: number;
  /** `owner/name`; the owner must be known. */
  name: string;
  description?: string | null;
  visibility?: Repository['visibility'];
  isTemplate?: boolean;
  mirrorUrl?: string | null;
  parent?: RepositoryLike;
  defaultBranch?: string;
  createdAt?: Date | string;
  languages?: Record<string, number>;
  communityFiles?: string[];
  collaborators?: { account: AccountLike; role: 'read' | 'write' | 'admin' }[];
}

/** An empty repository; nobody is told. */
export function addRepository(world: World, input: NewRepository): Repository {
  const [owner = '', name = ''] = input.name.split('/');
  if (findRepository(world, input.name) !== undefined) throw new Error(`${input.name} is there already`);
  const createdAt = instantOf(world, input.createdAt);
  const repository: Repository = {
    id: input.id ?? world.nextId(),
    owner: accountOf(world, owner),
    name,
    formerNames: [],
    description: input.description ?? null,
    visibility: input.visibility ?? 'public',
    isArchived: false,
    isTemplate: input.isTemplate ?? false,
    mirrorUrl: input.mirrorUrl ?? null,
    parent: input.parent === undefined ? null : repositoryOf(world, input.parent),
    defaultBranch: input.defaultBranch ?? 'main',
    createdAt,
    updatedAt: createdAt,
    pushedAt: null,
    commits: new Map(),
    branches: new Map(),
    tags: new Map(),
    mainReach: new Set(),
    lastNumber: 0,
    issues: new Map(),
    pulls: new Map(),
    discussions: new Map(),
    labels: new Map(),
    commitComments: [],
    releases: [],
    deployments: [],
    runs: [],
    checkSuites: [],
    statuses: [],
    alerts: [],
    alertsOn: true,
    stars: [],
    forks: [],
    traffic: [],
    languages: input.languages ?? { TypeScript: 120_000, CSS: 4000 },
    communityFiles: input.communityFiles ?? ['readme', 'license'],
    collaborators: new Map((input.collaborators ?? []).map((one) => [accountOf(world, one.account).id, one.role])),
  };
  world.repositories.set(repository.id, repository);
  world.version += 1;
  return repository;
}

export interface RepositoryAct {
  repository: RepositoryLike;
  by: AccountLike;
  at?: Date | string;
}

function told(world: World, input: RepositoryAct, action: string | null, more: Partial<Happening> = {}): Repository {
  const repository = repositoryOf(world, input.repository);
  const at = instantOf(world, input.at);
  if (at > repository.updatedAt) repository.updatedAt = at;
  const sender = accountOf(world, input.by);
  tell(world, { event: 'repository', action, repository, organization: null, sender, at, details: {}, ...more });
  return repository;
}

/** A new repository, and whoever listens to its owner is told. */
export function createRepository(world: World, input: NewRepository & Omit<RepositoryAct, 'repository'>): Repository {
  const repository = addRepository(world, { ...input, ...(input.at === undefined ? {} : { createdAt: input.at }) });
  return told(world, { ...input, repository }, 'created');
}

export function rename(world: World, input: RepositoryAct & { name: string }): Repository {
  const repository = repositoryOf(world, input.repository);
  const from = repository.name;
  repository.formerNames.push(fullNameOf(repository));
  repository.name = input.name;
  return told(world, { ...input, repository }, 'renamed', { details: { from } });
}

export function transfer(world: World, input: RepositoryAct & { owner: AccountLike }): Repository {
  const repository = repositoryOf(world, input.repository);
  const from = repository.owner;
  repository.formerNames.push(fullNameOf(repository));
  repository.owner = accountOf(world, input.owner);
  return told(world, { ...input, repository }, 'transferred', { details: { from } });
}

/** It is gone for good; those who listened to it hear of it first. */
export function deleteRepository(world: World, input: RepositoryAct): void {
  const repository = told(world, input, 'deleted');
  world.repositories.delete(repository.id);
  for (const other of world.repositories.values()) {
    for (const pull of other.pulls.values()) if (pull.head.repository === repository) pull.head.repository = null;
  }
  world.version += 1;
}

export function archive(world: World, input: RepositoryAct & { isOff?: boolean }): Repository {
  repositoryOf(world, input.repository).isArchived = input.isOff !== true;
  return told(world, input, input.isOff === true ? 'unarchived' : 'archived');
}

export function setVisibility(world: World, input: RepositoryAct & { visibility: 'public' | 'private' }): Repository {
  repositoryOf(world, input.repository).visibility = input.visibility;
  return told(world, input, input.visibility === 'private' ? 'privatized' : 'publicized');
}

export function setDefaultBranch(world: World, input: RepositoryAct & { branch: string }): Repository {
  const repository = repositoryOf(world, input.repository);
  const from = repository.defaultBranch;
  repository.defaultBranch = input.branch;
  const head = repository.branches.get(input.branch);
  if (head === undefined) throw new Error(`there is no branch ${input.branch}`);
  repository.mainReach = reachOf(repository, head);
  return told(world, input, 'edited', { details: { changes: { default_branch: { from } } } });
}

export function star(world: World, input: RepositoryAct & { isOff?: boolean }): void {
  const repository = repositoryOf(world, input.repository);
  const user = accountOf(world, input.by);
  const at = instantOf(world, input.at);
  repository.stars = repository.stars.filter((one) => one.user !== user);
  if (input.isOff !== true) repository.stars.push({ user, at });
  const details = { starredAt: input.isOff === true ? null : at };
  told(world, input, input.isOff === true ? 'deleted' : 'created', { event: 'star', details });
}

export function fork(world: World, input: RepositoryAct & { name?: string }): Repository {
  const parent = repositoryOf(world, input.repository);
  const by = accountOf(world, input.by);
  const made = addRepository(world, {
    name: `${by.login}/${input.name ?? parent.name}`,
    parent,
    defaultBranch: parent.defaultBranch,
    visibility: parent.visibility,
    createdAt: instantOf(world, input.at),
  });
  for (const [sha, commit] of parent.commits) made.commits.set(sha, commit);
  for (const [branch, sha] of parent.branches) made.branches.set(branch, sha);
  made.mainReach = new Set(parent.mainReach);
  made.pushedAt = parent.pushedAt;
  parent.forks.push(made);
  told(world, input, null, { event: 'fork', details: { fork: made } });
  return made;
}

/** Lets somebody in, or takes it back. */
export function setCollaborator(
  world: World,
  input: RepositoryAct & { member: AccountLike; role?: 'read' | 'write' | 'admin'; isOff?: boolean },
): void {
  const repository = repositoryOf(world, input.repository);
  const member = accountOf(world, input.member);
  if (input.isOff === true) repository.collaborators.delete(member.id);
  else repository.collaborators.set(member.id, input.role ?? 'write');
  told(world, input, input.isOff === true ? 'removed' : 'added', { event: 'member', details: { member } });
}

/** What was counted on one day. */
export function addTraffic(
  world: World,
  input: {
    repository: RepositoryLike;
    day: string;
    views?: number;
    visitors?: number;
    clones?: number;
    cloners?: number;
  },
): void {
  const repository = repositoryOf(world, input.repository);
  const { day, views = 0, visitors = 0, clones = 0, cloners = 0 } = input;
  repository.traffic = repository.traffic.filter((one) => one.day !== day);
  repository.traffic.push({ day, views, visitors, clones, cloners });
  world.version += 1;
}

/** An account that is called otherwise from now on; its number stays. */
export function renameAccount(world: World, input: { account: AccountLike; login: string }): Account {
  const account = accountOf(world, input.account);
  account.login = input.login;
  world.version += 1;
  return account;
}

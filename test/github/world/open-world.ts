import { createHash } from 'node:crypto';
import type { Account, Happening, Instant, Repository, World } from './model.ts';

export function openWorld(now: () => Date): World {
  let id = 10_000;
  return {
    api: 'https://api.github.test',
    web: 'https://github.test',
    now,
    nextId: () => (id += 1),
    accounts: new Map(),
    repositories: new Map(),
    listeners: [],
    version: 0,
  };
}

/** Either the thing itself or what it is called. */
export type AccountLike = Account | string;
export type RepositoryLike = Repository | string;

export function findAccount(world: World, login: string): Account | undefined {
  const wanted = login.toLowerCase();
  return [...world.accounts.values()].find((account) => account.login.toLowerCase() === wanted);
}

export function accountOf(world: World, like: AccountLike): Account {
  const account = typeof like === 'string' ? findAccount(world, like) : like;
  if (account === undefined) throw new Error(`the counterpart knows nobody called ${JSON.stringify(like)}`);
  return account;
}

export function fullNameOf(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}

export function findRepository(world: World, fullName: string): Repository | undefined {
  const wanted = fullName.toLowerCase();
  return [...world.repositories.values()].find((repository) => fullNameOf(repository).toLowerCase() === wanted);
}

/** The repository that once had this name, unless another has it now. */
export function findMoved(world: World, fullName: string): Repository | undefined {
  const wanted = fullName.toLowerCase();
  return [...world.repositories.values()].find((one) => one.formerNames.some((name) => name.toLowerCase() === wanted));
}

export function repositoryOf(world: World, like: RepositoryLike): Repository {
  const repository = typeof like === 'string' ? findRepository(world, like) : like;
  if (repository === undefined) throw new Error(`the counterpart has no repository ${JSON.stringify(like)}`);
  return repository;
}

/** The instant in whole seconds; without one, now. */
export function instantOf(world: World, at?: Date | string): Instant {
  const date = at === undefined ? world.now() : new Date(at);
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** Says that something happened, to hooks and to whoever else listens. */
export function tell(world: World, happening: Happening): void {
  world.version += 1;
  for (const listener of world.listeners) listener(happening);
}

export interface NewAccount {
  id?: number;
  login: string;
  name?: string | null;
  type?: Account['type'];
  email?: string | null;
  emails?: Account['emails'];
  createdAt?: Date | string;
  members?: { account: AccountLike; role?: 'admin' | 'member' }[];
}

export function addAccount(world: World, input: NewAccount): Account {
  if (findAccount(world, input.login) !== undefined) throw new Error(`${input.login} is taken`);
  const email = input.email === undefined ? `${input.login.replaceAll(/[^\w-]/g, '')}@example.org` : input.email;
  const account: Account = {
    id: input.id ?? world.nextId(),
    login: input.login,
    name: input.name === undefined ? input.login : input.name,
    type: input.type ?? (input.login.endsWith('[bot]') ? 'Bot' : 'User'),
    emails: input.emails ?? (email === null ? [] : [{ email, primary: true, verified: true }]),
    createdAt: instantOf(world, input.createdAt ?? '2015-01-01T00:00:00Z'),
    members: new Map(),
    teams: [],
  };
  for (const { account: member, role } of input.members ?? []) {
    account.members.set(accountOf(world, member).id, role ?? 'member');
  }
  world.accounts.set(account.id, account);
  world.version += 1;
  return account;
}

/** Whom GitHub takes an address for: one that was verified, or the private one it gives to everybody. */
export function accountByEmail(world: World, email: string): Account | null {
  const noreply = /^(?:(\d+)\+)?([^@]+)@users\.noreply\.github\.com$/i.exec(email);
  if (noreply !== null) {
    const byId = noreply[1] === undefined ? undefined : world.accounts.get(Number(noreply[1]));
    return byId ?? findAccount(world, noreply[2] ?? '') ?? null;
  }
  const wanted = email.toLowerCase();
  const owner = [...world.accounts.values()].find((account) =>
    account.emails.some((one) => one.verified && one.email.toLowerCase() === wanted),
  );
  return owner ?? null;
}

export function hashOf(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

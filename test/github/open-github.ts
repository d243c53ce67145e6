import { createEmulator } from 'emulate';
import { bindActs, type Acts } from './acts/bind-acts.ts';
import type { AppManifest, GithubApp, Installation } from './front/apps.ts';
import { openClock, type Clock } from './front/clock.ts';
import { openFaults, type Faults } from './front/faults.ts';
import { acceptPermissions, choose, install, registerApp, suspend, uninstall } from './front/installations.ts';
import { openLimits, type Limits } from './front/limits.ts';
import { serve } from './front/serve.ts';
import type { LoggedRequest, SignInState, State } from './front/state.ts';
import { openTokenBook, type NewToken, type Token } from './front/tokens.ts';
import { parcelsOf, type Delivery, type Hook, type HookBook } from './hooks/hook-book.ts';
import { openPostOffice, type PostOffice } from './hooks/post-office.ts';
import { growWorld, type Growth } from './world/grow-world.ts';
import type { Account, Repository, World } from './world/model.ts';
import {
  accountOf,
  addAccount,
  findAccount,
  openWorld,
  repositoryOf,
  type AccountLike,
  type NewAccount,
  type RepositoryLike,
} from './world/open-world.ts';
import { readTruth, type Truth } from './world/read-truth.ts';
import { seedRepository, type SeedRepository } from './world/seed-repository.ts';

export interface GithubOptions {
  /** Draws for weather and faults; the same seed, the same draws. */
  seed?: string;
  accounts?: NewAccount[];
  /** Where it may send people back to after they signed in; without them, anywhere. */
  callbacks?: string[];
  /** The emulator's own page is shown for signing in, for a browser with somebody before it. */
  withPage?: boolean;
  grow?: Growth;
}

/** GitHub's counterpart: the emulator, a world with a past, and a front that answers for both. */
export interface GithubCounterpart {
  /** GITHUB_BASE_URL and GITHUB_API_URL. */
  url: string;
  apiUrl: string;
  client: { id: string; secret: string };
  world: World;
  clock: Clock;
  limits: Limits;
  faults: Faults;
  graphqlFaults: State['graphql']['faults'];
  signIn: SignInState;
  office: PostOffice;
  hooks: Map<number, Hook>;
  deliveries: Delivery[];
  installations: ReadonlyMap<number, Installation>;
  requests: LoggedRequest[];
  /** Everything somebody can do there. */
  act: Acts;
  seedRepository(seed: SeedRepository): Repository;
  grow(growth: Growth): Repository[];
  readTruth(): Truth;
  account(login: string): Account;
  repository(fullName: string): Repository;
  issueToken(
    input: Omit<NewToken, 'account' | 'repositories'> & { account: AccountLike; repositories?: RepositoryLike[] },
  ): Token;
  token(value: string): Token;
  revokeToken(value: string): void;
  /** Every token is refused, or none. */
  refuseAllTokens(all: boolean): void;
  /** An organization asks for single sign-on from now on; `letIn` makes a token good for it. */
  requireSso(organization: AccountLike, isOff?: boolean): void;
  letIn(token: string, organization: AccountLike): void;
  registerApp(owner: AccountLike, manifest: AppManifest): { app: GithubApp; code: string };
  install(app: GithubApp, account: AccountLike, repositories?: RepositoryLike[]): Installation;
  uninstall(installation: Installation, by: AccountLike): void;
  suspend(installation: Installation, by: AccountLike, isOff?: boolean): void;
  choose(installation: Installation, repositories: RepositoryLike[] | null, by: AccountLike): void;
  acceptPermissions(installation: Installation, by: AccountLike): void;
  close(): Promise<void>;
}

const CLIENT = { id: 'Iv1.devpulse', secret: 'the secret of the app' };

export async function openGithub(options: GithubOptions = {}): Promise<GithubCounterpart> {
  const seed = options.seed ?? 'github';
  const clock = openClock();
  const world = openWorld(() => clock.now());
  for (const account of options.accounts ?? []) addAccount(world, account);
  if (options.grow !== undefined) growWorld(world, options.grow);
  const emulator = await startEmulator(world, options.callbacks);
  const hooks: HookBook = { hooks: new Map(), deliveries: [] };
  const state: State = {
    world,
    clock,
    hooks,
    requests: [],
    graphql: { faults: [] },
    sso: new Set(),
    tokens: openTokenBook(clock),
    apps: { apps: new Map(), installations: new Map(), codes: new Map() },
    office: openPostOffice(world, hooks, clock, seed),
    limits: openLimits(clock),
    faults: openFaults(seed),
    signIn: {
      client: CLIENT,
      user: null,
      withPage: options.withPage ?? false,
      tickets: new Map(),
      granted: [],
      refused: [],
      lasts: null,
      withheld: [],
    },
    emulator: emulator.url.replace('localhost', '127.0.0.1'),
  };
  const server = await serve(state);
  world.web = server.url;
  world.api = `${server.url}/api/v3`;
  world.listeners.push((happening) => state.office.post(parcelsOf(world, hooks, state.apps, happening)));
  return {
    ...bindCounterpart(state),
    url: server.url,
    apiUrl: world.api,
    close: async () => {
      await state.office.close();
      await server.close();
      await emulator.close();
    },
  };
}

function startEmulator(world: World, callbacks: string[] | undefined) {
  const people = [...world.accounts.values()].filter(({ type }) => type === 'User');
  const users = people.map(({ login, name, emails }) => ({
    login,
    name: name ?? login,
    email: emails[0]?.email ?? `${login}@example.org`,
  }));
  const apps = [
    { client_id: CLIENT.id, client_secret: CLIENT.secret, name: 'DevPulse', redirect_uris: callbacks ?? [] },
  ];
  return createEmulator({
    service: 'github',
    port: 0,
    seed: {
      github: {
        users: [{ login: 'octo', name: 'Octo', email: 'octo@example.org' }, ...users],
        ...(callbacks === undefined ? {} : { oauth_apps: apps }),
      },
    },
  });
}

function bindCounterpart(state: State): Omit<GithubCounterpart, 'url' | 'apiUrl' | 'close'> {
  const { world, tokens } = state;
  const repositories = (likes: RepositoryLike[]) => likes.map((like) => repositoryOf(world, like));
  const account = (like: AccountLike) => accountOf(world, like);
  return {
    world,
    clock: state.clock,
    limits: state.limits,
    faults: state.faults,
    graphqlFaults: state.graphql.faults,
    client: CLIENT,
    signIn: state.signIn,
    office: state.office,
    requests: state.requests,
    hooks: state.hooks.hooks,
    deliveries: state.hooks.deliveries,
    installations: state.apps.installations,
    act: bindActs(world),
    seedRepository: (seed) => seedRepository(world, seed),
    grow: (growth) => growWorld(world, growth),
    readTruth: () => readTruth(world),
    account: (login) => account(login),
    repository: (fullName) => repositoryOf(world, fullName),
    issueToken: ({ account: like, repositories: likes, ...input }) =>
      tokens.give({
        ...input,
        account: findOrAdd(world, like),
        ...(likes === undefined ? {} : { repositories: repositories(likes).map(({ id }) => id) }),
      }),
    token: (value) => {
      const token = tokens.all.get(value);
      if (token === undefined) throw new Error('there is no such token');
      return token;
    },
    revokeToken: (value) => tokens.revoke(value),
    refuseAllTokens: (all) => {
      tokens.refuseAll = all;
    },
    requireSso: (organization, isOff = false) => {
      if (isOff) state.sso.delete(account(organization).id);
      else state.sso.add(account(organization).id);
    },
    letIn: (token, organization) => void tokens.all.get(token)?.sso.add(account(organization).id),
    registerApp: (owner, manifest) => registerApp(state, account(owner), manifest),
    install: (app, like, likes) => install(state, app, account(like), likes === undefined ? null : repositories(likes)),
    uninstall: (installation, by) => uninstall(state, installation, account(by)),
    suspend: (installation, by, isOff) => suspend(state, installation, account(by), isOff),
    choose: (installation, likes, by) =>
      choose(state, installation, likes === null ? null : repositories(likes), account(by)),
    acceptPermissions: (installation, by) => acceptPermissions(state, installation, account(by)),
  };
}

function findOrAdd(world: World, like: AccountLike): Account {
  if (typeof like !== 'string') return like;
  return findAccount(world, like) ?? addAccount(world, { login: like });
}

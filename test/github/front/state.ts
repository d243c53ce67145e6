import type { HookBook } from '../hooks/hook-book.ts';
import type { PostOffice } from '../hooks/post-office.ts';
import type { Account, Repository, World } from '../world/model.ts';
import type { AppBook, GithubApp } from './apps.ts';
import type { Clock } from './clock.ts';
import type { Faults } from './faults.ts';
import type { Limits, Resource } from './limits.ts';
import type { Token, TokenBook } from './tokens.ts';

/** Everything the counterpart is made of. */
export interface State {
  world: World;
  clock: Clock;
  tokens: TokenBook;
  apps: AppBook;
  hooks: HookBook;
  office: PostOffice;
  limits: Limits;
  faults: Faults;
  requests: LoggedRequest[];
  signIn: SignInState;
  /** What befalls the next GraphQL questions, one after the other. */
  graphql: { faults: ('RATE_LIMITED' | 'partial' | null)[] };
  /** Where the emulator listens. */
  emulator: string;
  /** Organizations that ask for single sign-on, by their number. */
  sso: Set<number>;
}

export interface SignInState {
  /** The OAuth client that sign-in uses; those of Apps come beside it. */
  client: { id: string; secret: string };
  /** Whoever signs in next; null: they say no. */
  user: Account | null;
  /** The emulator's own page is shown, for a browser with somebody before it. */
  withPage: boolean;
  /** By code, or by challenge where the page is shown. */
  tickets: Map<string, Ticket>;
  /** Every token it gave out, and for which scopes. */
  granted: { token: string; scope: string }[];
  /** What was asked of it wrongly, such as a verifier that does not fit. */
  refused: string[];
  /** User tokens end after so many seconds and come with a refresh token; null: they last. */
  lasts: number | null;
  /** What somebody unticked on the page: they are not granted. */
  withheld: string[];
}

export interface Ticket {
  challenge: string | null;
  scope: string;
  clientId: string;
  /** Null: whoever was chosen on the emulator's own page. */
  user: Account | null;
}

export interface LoggedRequest {
  at: number;
  method: string;
  /** Without the prefix of the API and without what was asked. */
  path: string;
  query: string;
  status: number;
  /** Whose budget it was taken from: a login, `installation:<id>`, or `anonymous`. */
  who: string;
  resource: Resource;
  /** It came while whoever asked had been told to wait. */
  isBreach: boolean;
  isRefused: boolean;
  fault: string | null;
  /** Requests that were under way with it, itself among them. */
  together: number;
  isPassedOn: boolean;
}

/** A request on its way through the front. */
export interface Ask {
  state: State;
  world: World;
  method: string;
  /** Of the API, with the repository by its name: `/repos/harbor/harbor-api/pulls`. */
  path: string;
  /** As it was asked. */
  asked: URL;
  params: Record<string, string>;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: Buffer;
  token: Token | null;
  app: GithubApp | null;
  /** Whoever asks, where that is a person. */
  viewer: Account | null;
  who: string;
}

export interface RepositoryAsk extends Ask {
  repository: Repository;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** JSON; undefined: nothing. */
  body?: unknown;
  /** Other than JSON. */
  text?: string;
}

export function reply(body: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return { status, body, headers };
}

export function refuse(status: number, message: string, headers: Record<string, string> = {}): Reply {
  const body = { message, documentation_url: 'https://docs.github.com/rest', status: String(status) };
  return { status, body, headers };
}

export const notFound = (): Reply => refuse(404, 'Not Found');

export function readJson(ask: Ask): Record<string, unknown> {
  if (ask.body.length === 0) return {};
  const type = ask.headers['content-type'] ?? '';
  if (type.includes('x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(ask.body.toString()));
  return JSON.parse(ask.body.toString()) as Record<string, unknown>;
}

/** One page of a list, with links to the others. */
export function paged<Item>(ask: Ask, items: readonly Item[], shape: (item: Item) => unknown, wrap?: string): Reply {
  const size = Math.min(100, Math.max(1, Number(ask.query.get('per_page') ?? 30) || 30));
  const page = Math.max(1, Number(ask.query.get('page') ?? 1) || 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const shown = items.slice((page - 1) * size, page * size).map(shape);
  const link = (to: number, rel: string) =>
    `<${linkTo(ask, { page: String(to), per_page: String(size) })}>; rel="${rel}"`;
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  const headers: Record<string, string> = links.length > 0 ? { link: links.join(', ') } : {};
  return reply(wrap === undefined ? shown : { total_count: items.length, [wrap]: shown }, 200, headers);
}

/** GitHub links by the number of a repository, so that a list can be read on when it is renamed meanwhile. */
export function linkTo(ask: Ask, change: Record<string, string>): string {
  const { repository } = ask as Partial<RepositoryAsk>;
  const path =
    repository === undefined ? ask.path : ask.path.replace(/^\/repos\/[^/]+\/[^/]+/, `/repositories/${repository.id}`);
  const query = new URLSearchParams(ask.query);
  for (const [name, value] of Object.entries(change)) query.set(name, value);
  return `${ask.world.api}${path}?${query.toString()}`;
}

import { createHash, randomUUID } from 'node:crypto';
import { pageRoutes } from './pages.ts';
import { apiRoutes } from '../routes/all-routes.ts';
import { findMoved, findRepository, fullNameOf } from '../world/open-world.ts';
import { acceptedHeaders, refusePermission, refuseRepository } from './access.ts';
import { limitHeaders, type RefusalLook, type Resource } from './limits.ts';
import { passOn } from './pass-on.ts';
import { compileRoutes, type Route } from './route.ts';
import { notFound, refuse, type Ask, type Reply, type RepositoryAsk } from './state.ts';

const findPage = compileRoutes(pageRoutes);
const findApiRoute = compileRoutes(apiRoutes);

/** What came of a request, beside the reply itself. */
export interface Outcome {
  reply: Reply;
  isPassedOn: boolean;
}

export async function answerPage(ask: Ask): Promise<Outcome> {
  const found = findPage(ask.method, ask.path);
  if (found === undefined) return { reply: await passOn(ask), isPassedOn: true };
  return { reply: await found.route.answer({ ...ask, params: found.params }), isPassedOn: false };
}

/** Finds the route and whether whoever asks may go there. */
export async function answerApi(ask: Ask): Promise<Outcome> {
  const away = redirect(ask);
  if (away !== undefined) return { reply: away, isPassedOn: false };
  const named = byName(ask);
  const found = findApiRoute(named.method, named.path);
  const repository = repositoryIn(named);
  if (repository === undefined && /^\/repositories\/\d+/.test(named.path)) return ours(notFound());
  if (found === undefined || (repository === undefined && found.params['repo'] !== undefined)) {
    if (repository !== undefined)
      return ours(refuse(501, `The counterpart does not answer ${ask.method} ${named.path}`));
    return { reply: await passOn(named), isPassedOn: true };
  }
  const asked: Ask & Partial<RepositoryAsk> = {
    ...named,
    params: found.params,
    ...(repository === undefined ? {} : { repository }),
  };
  const refused = mayNot(asked, found.route);
  const reply = refused ?? (await found.route.answer(asked));
  return ours({
    ...reply,
    headers: { ...scopeHeaders(asked, found.route), ...acceptedHeaders(found.route.needs), ...reply.headers },
  });
}

function ours(reply: Reply): Outcome {
  return { reply, isPassedOn: false };
}

function mayNot(ask: Ask & Partial<RepositoryAsk>, route: Route): Reply | undefined {
  const isSuspended = ask.state.apps.installations.get(ask.token?.installation ?? 0)?.suspendedAt ?? null;
  if (isSuspended !== null) return refuse(403, 'This installation has been suspended');
  if (ask.token === null && ask.app === null && !route.isOpen) return refuse(401, 'Requires authentication');
  // An App asks about its installations in its own name, which is nobody's.
  if (ask.app !== null) return undefined;
  if (ask.repository !== undefined) {
    const scopes = route.needs.scopes === undefined ? undefined : refuseScopes(ask, route);
    return refuseRepository(ask, ask.repository, route.needs) ?? scopes;
  }
  return ask.token === null ? undefined : refusePermission(ask.token, route.needs);
}

function refuseScopes({ token }: Ask, { needs }: Route): Reply | undefined {
  return token === null ? refuse(401, 'Requires authentication') : refusePermission(token, needs);
}

function scopeHeaders({ token }: Ask, { needs, pattern }: Route): Record<string, string> {
  if (token === null || token.permissions !== null) return {};
  const usual = pattern.startsWith('/repos/') ? ['repo'] : [];
  return {
    'x-oauth-scopes': token.scopes.join(', '),
    'x-accepted-oauth-scopes': (needs.scopes ?? usual).join(', '),
  };
}

/** `/repositories/1296269/pulls` is `/repos/octocat/hello/pulls`, whatever it is called today. */
function byName(ask: Ask): Ask {
  const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(ask.path) ?? [];
  const repository = id === undefined ? undefined : ask.world.repositories.get(Number(id));
  return repository === undefined ? ask : { ...ask, path: `/repos/${fullNameOf(repository)}${rest}` };
}

function repositoryIn({ world, path }: Ask) {
  const [, owner, name] = /^\/repos\/([^/]+)\/([^/]+)/.exec(path) ?? [];
  return owner === undefined ? undefined : findRepository(world, `${owner}/${name}`);
}

/** A name that led elsewhere once; the number is where it leads now. */
function redirect({ world, path, query, method }: Ask): Reply | undefined {
  const [, fullName, rest = ''] = /^\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(path) ?? [];
  if (fullName === undefined || findRepository(world, fullName) !== undefined) return undefined;
  const repository = findMoved(world, fullName);
  if (repository === undefined) return undefined;
  const asked = query.size > 0 ? `?${query.toString()}` : '';
  const url = `${world.api}/repositories/${repository.id}${rest}${asked}`;
  const body = {
    message: 'Moved Permanently',
    url,
    documentation_url: 'https://docs.github.com/rest/guides/best-practices',
  };
  return { status: method === 'GET' ? 301 : 307, headers: { location: url }, body };
}

/** The body as it is sent, and 304 for what has not changed since. */
export function finish(ask: Ask, reply: Reply): { status: number; headers: Record<string, string>; body: Buffer } {
  const text = reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body));
  const headers: Record<string, string> = {
    date: ask.state.clock.now().toUTCString(),
    'x-github-request-id': randomUUID().slice(0, 18).toUpperCase(),
    ...(reply.text === undefined && text !== '' ? { 'content-type': 'application/json; charset=utf-8' } : {}),
    ...reply.headers,
  };
  const expires = ask.token?.expiresAt ?? null;
  if (expires !== null && ask.token?.kind !== 'installation') {
    headers['github-authentication-token-expiration'] =
      new Date(expires).toISOString().slice(0, 19).replace('T', ' ') + ' UTC';
  }
  if (ask.method !== 'GET' || reply.status !== 200 || reply.text !== undefined) {
    return { status: reply.status, headers, body: Buffer.from(text) };
  }
  // Over what was asked with as well: a new token makes every mark worthless, as at GitHub.
  const etag = createHash('sha256')
    .update([ask.headers['accept'] ?? '', ask.headers['authorization'] ?? '', text].join(':'))
    .digest('hex');
  headers['etag'] = `W/"${etag}"`;
  headers['cache-control'] = 'private, max-age=60, s-maxage=60';
  headers['vary'] = 'Accept, Authorization, Cookie, X-GitHub-OTP';
  const changed = (reply.body as { updated_at?: unknown } | null)?.updated_at;
  if (typeof changed === 'string') headers['last-modified'] = new Date(changed).toUTCString();
  const marks = (ask.headers['if-none-match'] ?? '').split(',').map((mark) => mark.trim().replace(/^W\//, ''));
  const isSame = ask.headers['if-none-match'] === undefined ? isOlder(ask, changed) : marks.includes(`"${etag}"`);
  if (!isSame) return { status: 200, headers, body: Buffer.from(text) };
  delete headers['content-type'];
  return { status: 304, headers, body: Buffer.alloc(0) };
}

function isOlder(ask: Ask, changed: unknown): boolean {
  const since = Date.parse(ask.headers['if-modified-since'] ?? '');
  return typeof changed === 'string' && !Number.isNaN(since) && Date.parse(changed) <= since;
}

/** What whoever has spent everything, or was too quick, is told. */
export function refuseLimited(
  ask: Ask,
  resource: Resource,
  refusal: { look: RefusalLook; isSecondary: boolean },
): Reply {
  const { look, isSecondary } = refusal;
  const headers = {
    ...limitHeaders(ask.state, ask.who, resource, look),
    ...(look.retryAfter === undefined ? {} : { 'retry-after': String(look.retryAfter) }),
  };
  const primary = `API rate limit exceeded for ${ask.token === null ? '127.0.0.1' : `user ID ${ask.token.account.id}`}.`;
  const message = isSecondary
    ? 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
    : primary;
  if (resource === 'graphql' && !isSecondary && look.status === undefined) {
    // With 200, as GitHub does it.
    return { status: 200, headers, body: { errors: [{ type: 'RATE_LIMITED', message }] } };
  }
  return refuse(look.status ?? 403, message, headers);
}

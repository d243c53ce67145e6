import type { InjectOptions } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type Permission,
  permissionNames,
  type Role,
  roleMay,
  roleNames,
  type Scope,
  scopeNames,
  scopeOf,
} from '@devpulse/contract/permissions';
import { newId } from '@devpulse/db/ids';
import { problemSchema } from '@devpulse/contract/wire/problems';
import { roles as processRoles } from '../config.ts';
import { areas } from '../runtime/areas.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { createToken } from '../tokens/create-token.ts';
import { makeToken } from '../tokens/token-format.ts';
import { type AddedRoute, type ApiRoute, collectAdded, listRoutes, nameOf } from './testing/api-routes.ts';
import { publicRoutes } from './testing/public-routes.ts';
import { withoutLimits } from './testing/without-limits.ts';

// Thousands of requests, on machines that have more to do.
vi.setConfig({ testTimeout: 240_000 });

/** One way of asking, and what it proves. */
interface Way {
  name: string;
  headers: Record<string, string>;
  via: 'token' | 'session' | 'device' | null;
  scopes: readonly Scope[];
}

type GuardedRoute = ApiRoute & { permission: Permission };

let api: TestApi;
let routes: ApiRoute[];
let guarded: GuardedRoute[];
let added: AddedRoute[];
let ways: Way[];
let worthless: Way[];

beforeAll(async () => {
  const collected = collectAdded();
  api = await openTestApi({ areas: [collected.area, ...areas(processRoles)], deps: withoutLimits });
  added = collected.added;
  routes = listRoutes(api.app);
  guarded = routes.filter((route): route is GuardedRoute => route.permission !== null);
  await addSecondOwner();
  ways = await openWays();
  worthless = await openWorthless();
});
afterAll(() => api.close());

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/** Everything that one person can show: made while they are the owner, so that only their role decides later on. */
async function openWays(): Promise<Way[]> {
  const cookie = await api.cookieFor();
  const device = bearer(await pairDevice(cookie));
  const byScope = await Promise.all(
    scopeNames.map(async (scope): Promise<Way> => {
      const headers = bearer(await api.tokenFor([scope]));
      return { name: `a token for ${scope}`, headers, via: 'token', scopes: [scope] };
    }),
  );
  return [
    { name: 'a session', headers: { cookie, 'sec-fetch-site': 'same-origin' }, via: 'session', scopes: scopeNames },
    { name: 'a device', headers: device, via: 'device', scopes: scopeNames },
    { name: 'a token for everything', headers: bearer(await api.tokenFor()), via: 'token', scopes: scopeNames },
    ...byScope,
  ];
}

/** The access token of a device that the owner of this cookie approved. */
async function pairDevice(cookie: string): Promise<string> {
  const post = async (url: string, payload: object): Promise<Record<string, string>> => {
    const response = await api.app.inject({
      method: 'POST',
      url,
      payload,
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
    });
    return response.body === '' ? {} : response.json<Record<string, string>>();
  };
  const { userCode, deviceCode } = await post('/api/v1/devices/pairings', { name: 'A device' });
  await post('/api/v1/devices/pairings/approve', { userCode });
  return (await post('/api/v1/devices/tokens', { deviceCode }))['accessToken'] ?? '';
}

/** What looks like proof and counts for nothing. */
async function openWorthless(): Promise<Way[]> {
  const worth = await api.tokenFor();
  const expired = await makeTokenThat('expires_at', sql`now() - interval '1 second'`);
  const revoked = await makeTokenThat('revoked_at', sql`now()`);
  const way = (name: string, headers: Record<string, string>): Way => ({ name, headers, via: null, scopes: [] });
  return [
    way('nothing', {}),
    way('a word', bearer('x')),
    way('a token that was never given out', bearer(makeToken())),
    way('a token cut short', bearer(worth.slice(0, -1))),
    way('an expired token', bearer(expired)),
    way('a revoked token', bearer(revoked)),
    way('a token in the address', { 'x-api-key': worth }),
    way('basic authentication', { authorization: `Basic ${Buffer.from(`token:${worth}`).toString('base64')}` }),
    way('a device’s token of nobody', bearer('eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.e30.')),
    way('a session that was never given out', {
      cookie: `devpulse_session=${'a'.repeat(43)}`,
      'sec-fetch-site': 'same-origin',
    }),
  ];
}

async function makeTokenThat(column: string, value: ReturnType<typeof sql>): Promise<string> {
  const { workspaceId, ownerId: personId } = api;
  const wish = { name: 'worthless', scopes: scopeNames, expiresAt: null, workspaceId, personId };
  const { id, token } = await createToken({ ...wish, store: api.store, keyring: api.deps.keyring });
  await api.store.inWorkspace(workspaceId, (trx) =>
    sql`update account_tokens set ${sql.ref(column)} = ${value} where id = ${id}`.execute(trx),
  );
  return token;
}

/** A workspace never is without an owner, whatever becomes of the one who is tested. */
async function addSecondOwner(): Promise<void> {
  await api.store.inWorkspace(api.workspaceId, async (trx) => {
    const id = newId();
    await trx.insertInto('people').values({ workspace_id: api.workspaceId, id, name: 'Second' }).execute();
    await trx
      .insertInto('people_members')
      .values({ workspace_id: api.workspaceId, person_id: id, role: 'owner', since: sql`now() + interval '1 hour'` })
      .execute();
  });
}

async function become(role: Role | 'deactivated'): Promise<void> {
  await api.store.inWorkspace(api.workspaceId, (trx) =>
    sql`update people_members set deactivated_at = ${role === 'deactivated' ? sql`now()` : sql`null`},
          role = ${role === 'deactivated' ? 'owner' : role}
        where person_id = ${api.ownerId}`.execute(trx),
  );
}

const someId = '01a1fd18-8ed3-7725-a49d-e45f54ab7895';

/** Asks in a way that every route refuses once it has let somebody in: nothing is read, nothing happens. */
async function ask(
  route: ApiRoute,
  headers: Record<string, string>,
): Promise<{ status: number; code: string; detail: string }> {
  const url = `${route.path.replaceAll(/\{\w+\}/g, someId)}?no_such_parameter=1`;
  const types = Object.keys(route.operation.requestBody?.content ?? {});
  const request: InjectOptions = { method: route.method, url, headers };
  const response = await api.app.inject(
    types.includes('application/json')
      ? { ...request, payload: '7', headers: { ...headers, 'content-type': 'application/json' } }
      : request,
  );
  const problem = problemSchema.safeParse(response.json()).data;
  return { status: response.statusCode, code: problem?.code ?? '', detail: problem?.detail ?? '' };
}

/** One route in several ways at once, since each waits for the store. */
function askEach(route: ApiRoute, asked: readonly Way[]): Promise<[way: string, answer: string][]> {
  return Promise.all(asked.map(async (way) => [way.name, readAnswer(await ask(route, way.headers))]));
}

/** What the one table of permissions says; the routes themselves are not asked. */
function expectedOf(permission: Permission, way: Way, role: Role | 'deactivated'): 'unknown' | 'refused' | 'let in' {
  if (way.via === null || role === 'deactivated') return 'unknown';
  const scope = scopeOf(permission);
  if (way.via !== 'session' && (scope === null || !way.scopes.includes(scope))) return 'refused';
  return roleMay(role, permission) ? 'let in' : 'refused';
}

function readAnswer({ status, code, detail }: { status: number; code: string; detail: string }): string {
  if (status === 401 && code === 'unauthenticated') return 'unknown';
  // It says what is missing, so that whoever asks can do something about it.
  if (status === 403 && code === 'forbidden' && /token|role|device/.test(detail)) return 'refused';
  return status === 400 || status === 415 ? 'let in' : `${status} ${code}`;
}

describe('every route', () => {
  it('says which permission it asks for, or stands in the list of those that ask for none', () => {
    expect(guarded.length).toBeGreaterThan(50);
    for (const route of guarded) expect(permissionNames, nameOf(route)).toContain(route.permission);
    const open = routes.filter((route) => route.path.startsWith('/api/') && route.permission === null).map(nameOf);
    expect(open.toSorted(), 'say in testing/public-routes.ts why a route asks for nothing').toEqual(
      Object.keys(publicRoutes).toSorted(),
    );
  });

  it('is described, apart from pages and files', () => {
    const hidden = added.filter((route) => !route.isDescribed && route.method !== 'HEAD');
    expect(hidden.filter((route) => route.url.startsWith('/api/'))).toEqual([]);
    expect(hidden.filter((route) => route.permission !== 'public' || route.method !== 'GET')).toEqual([]);
  });

  it('says what it costs; only what is served from memory costs nothing', () => {
    for (const route of added) {
      expect(route.limit, nameOf({ ...route, path: route.url })).toMatch(
        /^(reads|writes|costly|ingest|visits|doors|none)$/,
      );
    }
    expect(added.filter((route) => route.limit === 'none' && route.url.startsWith('/api/'))).toEqual([]);
  });

  it('says how much it takes at most, which is little where nobody is known yet', () => {
    for (const route of added) {
      expect(route.bodyLimit, route.url).toBeGreaterThan(0);
      expect(route.bodyLimit, route.url).toBeLessThanOrEqual(8 * 1024 * 1024);
    }
    const doors = added.filter((route) => route.limit === 'doors' && route.permission === 'public');
    expect(doors.length).toBeGreaterThan(5);
    for (const route of doors) expect(route.bodyLimit, route.url).toBeLessThanOrEqual(32 * 1024);
  });

  it('names in the document the scope that its permission asks of tokens', () => {
    for (const route of guarded) {
      const scope = scopeOf(route.permission);
      expect(route.operation.security[0]?.['token']?.[0] ?? null, nameOf(route)).toBe(scope);
    }
  });

  it('lets nobody in who shows nothing of worth', async () => {
    for (const route of guarded) {
      const answers = await askEach(route, worthless);
      for (const [name, answer] of answers) expect(answer, `${nameOf(route)} with ${name}`).toBe('unknown');
    }
  });

  // In this order each but the first was demoted a moment ago, with the tokens and the session of before.
  it.each([...roleNames, 'deactivated', 'owner'] as const)('answers one who is %s as the table says', async (role) => {
    await become(role);
    for (const route of guarded) {
      const expected = ways.map((way) => [way.name, expectedOf(route.permission, way, role)]);
      expect(await askEach(route, ways), `${nameOf(route)} as ${role}`).toEqual(expected);
    }
  });

  it('answers other methods with those it takes', async () => {
    const paths = Map.groupBy(routes, (route) => route.path.replaceAll(/\{\w+\}/g, someId));
    for (const [url, here] of paths) {
      const taken = new Set<string>(here.map((route) => route.method));
      const others = (['DELETE', 'PUT', 'PATCH', 'POST', 'GET', 'OPTIONS'] as const).filter(
        (method) => !taken.has(method),
      );
      for (const method of others) {
        const { statusCode, headers } = await api.app.inject({ method, url });
        expect(statusCode, `${method} ${url}`).toBe(405);
        expect(String(headers['allow']).replace(', HEAD', '').split(', '), url).toEqual([...taken].toSorted());
      }
    }
  });
});

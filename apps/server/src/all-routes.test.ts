import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Permission, permissionNames, type Scope, scopeNames, scopeOf } from '@devpulse/contract/permissions';
import { problemSchema } from '@devpulse/contract/wire/problems';
import { makeToken } from './accounts/token-format.ts';
import { roles } from './config.ts';
import { registerIngestRoutes } from './ingest/routes.ts';
import { type ApiOperation, listOperations, readApiDocument } from './reference/api-document.ts';
import { registerReferenceRoutes } from './reference/routes.ts';
import { areas } from './runtime/areas.ts';
import { openTestApi, type TestApi } from './testing/open-test-api.ts';

interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  operation: ApiOperation;
  permission: Permission;
  /** What a token needs; null: no token may. */
  scope: Scope | null;
}

/** Where one becomes somebody, so that nobody can be asked for before; each has tests of its own in `accounts/`. */
const openToAll = ['DELETE /api/v1/session', 'GET /api/v1/session', 'POST /api/v1/session', 'POST /api/v1/setup'];

let api: TestApi;
let guarded: Route[];
let unguarded: string[];
let tokens: Record<Scope, string>;

beforeAll(async () => {
  api = await openTestApi({ areas: [...new Set([...areas(roles), registerIngestRoutes, registerReferenceRoutes])] });
  guarded = listOperations(readApiDocument(api.app))
    .filter((route) => route.path.startsWith('/api/'))
    .map((route) => {
      const permission = route.operation['x-permission'] as Permission;
      return { ...route, permission, scope: permission === undefined ? null : scopeOf(permission) } as Route;
    });
  unguarded = guarded.filter((route) => route.operation.security.length === 0).map(nameOf);
  guarded = guarded.filter((route) => !openToAll.includes(nameOf(route)));
  tokens = Object.fromEntries(
    await Promise.all(scopeNames.map(async (scope) => [scope, await api.tokenFor([scope])])),
  ) as Record<Scope, string>;
});
afterAll(() => api.close());

const nameOf = (route: Route): string => `${route.method} ${route.path}`;
const someId = '01a1fd18-8ed3-7725-a49d-e45f54ab7895';

async function ask(route: Route, token: string | null, wrong = false) {
  const takesBody = route.operation.requestBody !== undefined;
  const inPath = route.path.includes('{');
  const url =
    route.path.replaceAll(/\{\w+\}/g, wrong ? '!' : someId) +
    (wrong && !inPath && !takesBody ? '?no_such_parameter=1' : '');
  const response = await api.app.inject({
    method: route.method,
    url,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(takesBody
      ? {
          payload: '7',
          headers: {
            'content-type': 'application/json',
            ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          },
        }
      : {}),
  });
  return { status: response.statusCode, problem: problemSchema.safeParse(response.json()).data };
}

describe('every route of the API', () => {
  it('says which permission it asks for', () => {
    expect(guarded.length).toBeGreaterThan(8);
    expect(unguarded.toSorted()).toEqual(openToAll);
    for (const route of guarded) {
      expect(permissionNames, nameOf(route)).toContain(route.permission);
      expect(route.operation.security[0]?.['token']?.[0] ?? null, nameOf(route)).toBe(route.scope);
    }
  });

  it('lets nobody in without a token, or with one that is not ours, unknown or cut short', async () => {
    for (const route of guarded) {
      for (const token of [null, 'x', makeToken(), tokens.read.slice(0, -1)]) {
        const { status, problem } = await ask(route, token);
        expect([status, problem?.code], `${route.method} ${route.path}`).toEqual([401, 'unauthenticated']);
      }
    }
  });

  it('lets nobody in whose token has every scope but the one', async () => {
    for (const route of guarded) {
      const others = scopeNames.filter((scope) => scope !== route.scope);
      const { status, problem } = await ask(route, await api.tokenFor(others));
      expect([status, problem?.code], `${route.method} ${route.path}`).toEqual([403, 'forbidden']);
      expect(problem?.detail).toContain(route.scope === null ? 'No token may do this' : `"${route.scope}"`);
    }
  });

  it('refuses what it cannot understand, with a reason', async () => {
    for (const route of guarded.filter((each) => each.scope !== null && '400' in each.operation.responses)) {
      const { status, problem } = await ask(route, tokens[route.scope ?? 'read'], true);
      expect([status, problem?.code], `${route.method} ${route.path}`).toEqual([
        400,
        expect.stringMatching(/^(invalid_request|malformed_body)$/),
      ]);
      expect(problem?.detail).not.toBe('');
    }
  });

  it('answers other methods with those it takes', async () => {
    const paths = Map.groupBy(guarded, (route) => route.path.replaceAll(/\{\w+\}/g, someId));
    for (const [url, routes] of paths) {
      const taken = new Set<string>(routes.map((route) => route.method));
      // A fixed path may share its shape with one that has an id in its place, which may take other methods.
      const others = (['DELETE', 'PUT', 'PATCH', 'GET'] as const).filter((method) => !taken.has(method));
      const answers = await Promise.all(others.map((method) => api.app.inject({ method, url })));
      const refusals = answers.filter((answer) => answer.statusCode === 405);
      expect(refusals.length, url).toBeGreaterThan(0);
      for (const { headers } of refusals)
        expect(String(headers['allow']).split(', ')).toEqual(expect.arrayContaining([...taken]));
    }
  });
});

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findIsolationGaps } from '@devpulse/db/find-isolation-gaps';
import { type ApiRoute, isUnsafe, nameOf } from './testing/api-routes.ts';
import { type Ids, isSharedPlace, placesOf, unknownId as nobody } from './testing/sample-makers.ts';
import { openCookie } from './testing/fill-tenant.ts';
import {
  askAs,
  fingerprint,
  fullSampleFor,
  idsOf,
  openTwoTenants,
  sampleFor,
  type TwoTenants,
} from './testing/two-tenants.ts';

// Thousands of requests, on machines that have more to do.
vi.setConfig({ testTimeout: 240_000 });

/** Routes on which an id of somebody else could be tried: in the address, or in the body. */
function takesIds(world: TwoTenants, route: ApiRoute, ids: Ids): boolean {
  if (route.permission === null) return false;
  const own = placesOf(route).filter((place) => !isSharedPlace(place));
  return own.length > 0 || sampleFor(world, route, ids).payload !== sampleFor(world, route, unknownIds(ids)).payload;
}

/** The same places, with ids that nobody has. */
function unknownIds(ids: Ids): Ids {
  return Object.fromEntries(
    Object.keys(ids).map((place) => [place, isSharedPlace(place) ? (ids[place] ?? '') : nobody]),
  );
}

/** An answer without what differs anyhow. */
function bare(text: string, ids: Ids): string {
  let body = text.replaceAll(/"requestId":"[^"]*"/g, '');
  // Names of metrics and days are the same for everybody.
  for (const [place, id] of Object.entries({ ...ids, nobody }))
    if (!isSharedPlace(place)) body = body.replaceAll(id, 'ID');
  body = body.replaceAll('nobodys-slug', 'ID');
  return body;
}

describe('ids of another workspace', () => {
  let world: TwoTenants;
  let alien: Ids;
  beforeAll(async () => {
    world = await openTwoTenants();
    alien = await idsOf(world, world.other);
  });
  afterAll(() => world.close());

  it('are answered as ids of nobody, on every route that takes some, and nothing of theirs is told or changed', async () => {
    const { own, other, routes } = world;
    const before = await fingerprint(world, other.workspaceId);
    const tried = routes.filter((route) => takesIds(world, route, alien));
    expect(tried.length).toBeGreaterThan(20);
    for (const route of tried) {
      for (const by of ['session', 'token'] as const) {
        const attack = await askAs(world, own, sampleFor(world, route, alien), by);
        const unknown = await askAs(world, own, sampleFor(world, route, unknownIds(alien)), by);
        const name = `${nameOf(route)} by ${by}`;
        expect(attack.body, name).not.toContain(other.mark);
        expect(attack.body, name).not.toContain(other.accountMark);
        expect(attack.statusCode, `${name}: ${attack.body}`).toBeGreaterThanOrEqual(400);
        expect(attack.statusCode, `${name}: ${attack.body}`).toBeLessThan(500);
        expect([attack.statusCode, bare(attack.body, alien)], name).toEqual([
          unknown.statusCode,
          bare(unknown.body, alien),
        ]);
      }
    }
    expect(await fingerprint(world, other.workspaceId)).toEqual(before);
  });

  it('open nothing in a query or in a header either', async () => {
    const { own, other, routes } = world;
    const headers = {
      'x-workspace-id': other.workspaceId,
      'x-workspace': other.workspaceId,
      'x-tenant': other.workspaceId,
    };
    const ids = Object.values(alien).filter((id) => /^[0-9a-f-]{36}$/.test(id));
    const values = [...new Set([other.workspaceId, ...ids])];
    const ownIds = await idsOf(world, own);
    for (const route of routes.filter((each) => each.permission !== null && !isUnsafe(each))) {
      if (route.operation.operationId === 'listenLive') continue;
      const sample = sampleFor(world, route, ownIds);
      const plain = await askAs(world, own, { ...sample, headers: { ...sample.headers, ...headers } });
      expect(plain.body, nameOf(route)).not.toContain(other.mark);
      for (const parameter of route.operation.parameters.filter((each) => each.in === 'query')) {
        const url = `${sample.url}${sample.url.includes('?') ? '&' : '?'}${parameter.name}=`;
        const answers = await Promise.all(values.map((value) => askAs(world, own, { ...sample, url: url + value })));
        for (const answer of answers) {
          expect(answer.body, `${nameOf(route)} ${parameter.name}`).not.toContain(other.mark);
          expect(answer.statusCode, `${nameOf(route)} ${parameter.name}`).toBeLessThan(500);
        }
      }
    }
  });

  it('are in no line of the log that one’s own requests left', () => {
    const { lines } = world.api;
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.filter((line) => line.includes(world.other.mark))).toEqual([]);
  });
});

describe('ids of another workspace in fields', () => {
  it('bring nothing of theirs in, also in those that may be left out', async () => {
    const world = await openTwoTenants();
    const alien = await idsOf(world, world.other);
    const { own, other, routes } = world;
    const before = await fingerprint(world, other.workspaceId);
    const tried = routes.filter((route) => route.permission !== null && isUnsafe(route));
    expect(tried.length).toBeGreaterThan(40);
    for (const route of tried) {
      const tenant = { ...own, cookie: await openCookie(world.api, own) };
      const unknown = await askAs(world, tenant, fullSampleFor(world, route, unknownIds(alien)));
      const attack = await askAs(world, tenant, fullSampleFor(world, route, alien));
      for (const mark of [other.mark, other.accountMark]) expect(attack.body, nameOf(route)).not.toContain(mark);
      expect(attack.statusCode, `${nameOf(route)}: ${attack.body}`).toBeLessThan(500);
      // What a first request did may be in the way of a second; never may the ids of others open what those of nobody do not.
      expect([unknown.statusCode, 409, 404, 403, 429], `${nameOf(route)}: ${attack.body}`).toContain(attack.statusCode);
    }
    expect(await fingerprint(world, other.workspaceId)).toEqual(before);
    await world.close();
  });
});

/** Everything that can be read without changing anything, as one tenant. */
async function readAll(
  world: TwoTenants,
  tenant: TwoTenants['own'],
  ids: Ids,
): Promise<Map<string, { status: number; body: string }>> {
  const answers = new Map<string, { status: number; body: string }>();
  for (const route of world.routes) {
    if (route.permission === null || isUnsafe(route) || route.operation.operationId === 'listenLive') continue;
    const { statusCode: status, body } = await askAs(world, tenant, sampleFor(world, route, ids));
    answers.set(nameOf(route), { status, body });
  }
  return answers;
}

describe('row-level security alone', () => {
  let bound: string | null = null;
  let world: TwoTenants;
  beforeAll(async () => {
    // Every question of the program is about the other workspace, every transaction is bound to the own one.
    world = await openTwoTenants(({ store }) => ({
      store: { ...store, inWorkspace: (id, work, mode) => store.inWorkspace(bound ?? id, work, mode) },
    }));
  });
  afterAll(() => world.close());

  it('keeps a workspace to itself when the program itself asks for another', async () => {
    const alien = await idsOf(world, world.other);
    const unbound = await readAll(world, world.other, alien);
    expect([...unbound.values()].filter(({ body }) => body.includes(world.other.mark)).length).toBeGreaterThan(8);
    bound = world.own.workspaceId;
    for (const [name, { body }] of await readAll(world, world.other, alien)) {
      // Who is asking is read by a function that looks at the session alone.
      expect(body, name).not.toContain(world.other.mark);
    }
    bound = null;
  });

  it('is looked for in every table, since the queries rely on it: a gap is found and named', async () => {
    expect(await findIsolationGaps(world.api.store)).toEqual([]);
    for (const table of world.tables) await world.admin.query(`alter table ${table} disable row level security`);
    const gaps = await findIsolationGaps(world.api.store);
    const readable = world.tables.filter((table) => gaps.includes(`${table} has no row-level security`));
    expect(readable.length).toBeGreaterThan(25);
  });
});

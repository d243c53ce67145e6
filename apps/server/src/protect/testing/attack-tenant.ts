import { expect } from 'vitest';
import { type ApiRoute, isUnsafe, nameOf } from './api-routes.ts';
import { openCookie } from './fill-tenant.ts';
import { type Ids, isSharedPlace, placesOf, unknownId as nobody } from './sample-makers.ts';
import { askAs, fingerprint, fullSampleFor, sampleFor, type TwoTenants } from './two-tenants.ts';

/** Routes on which an id of somebody else could be tried: in the address, or in the body. */
function takesIds(world: TwoTenants, route: ApiRoute, ids: Ids): boolean {
  if (route.permission === null) return false;
  const own = placesOf(route).filter((place) => !isSharedPlace(place));
  return own.length > 0 || sampleFor(world, route, ids).payload !== sampleFor(world, route, unknownIds(ids)).payload;
}

// What a source calls by a number.
const noNumber = '98765432109876';

/** The same places, with ids that nobody has. */
function unknownIds(ids: Ids): Ids {
  return Object.fromEntries(
    Object.entries(ids).map(([place, id]) => [place, isSharedPlace(place) ? id : /^\d+$/.test(id) ? noNumber : nobody]),
  );
}

/** An answer without what differs anyhow. */
function bare(text: string, ids: Ids): string {
  let body = text.replaceAll(/"requestId":"[^"]*"/g, '');
  // Names of metrics and days are the same for everybody.
  for (const [place, id] of Object.entries({ ...ids, nobody, noNumber }))
    if (!isSharedPlace(place)) body = body.replaceAll(id, 'ID');
  body = body.replaceAll('nobodys-slug', 'ID');
  return body;
}

/**
 * Asks every route that takes ids with those of the other workspace: all are answered as ids of nobody, and nothing happens.
 * Gives the number of routes.
 */
export async function attackByIds(world: TwoTenants, alien: Ids): Promise<number> {
  const { own, other, routes } = world;
  const before = await fingerprint(world, other.workspaceId);
  const tried = routes.filter((route) => takesIds(world, route, alien));
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
  return tried.length;
}

/** The same with every field of every body, also those that may be left out. */
export async function attackByFields(world: TwoTenants, alien: Ids): Promise<number> {
  const { own, other, routes } = world;
  const before = await fingerprint(world, other.workspaceId);
  const tried = routes.filter((route) => route.permission !== null && isUnsafe(route));
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
  return tried.length;
}

/** Everything that can be read without changing anything, as one tenant. */
export async function readAll(
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

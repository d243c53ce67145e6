import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findIsolationGaps } from '@devpulse/db/find-isolation-gaps';
import { isUnsafe, nameOf } from './testing/api-routes.ts';
import { attackByFields, attackByIds, readAll } from './testing/attack-tenant.ts';
import type { Ids } from './testing/sample-makers.ts';
import { askAs, idsOf, openTwoTenants, sampleFor, type TwoTenants } from './testing/two-tenants.ts';

// Thousands of requests, on machines that have more to do.
vi.setConfig({ testTimeout: 240_000 });

describe('ids of another workspace', () => {
  let world: TwoTenants;
  let alien: Ids;
  beforeAll(async () => {
    world = await openTwoTenants();
    alien = await idsOf(world, world.other);
  });
  afterAll(() => world.close());

  it('are answered as ids of nobody, on every route that takes some, and nothing of theirs is told or changed', async () => {
    expect(await attackByIds(world, alien)).toBeGreaterThan(20);
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
    expect(await attackByFields(world, alien)).toBeGreaterThan(40);
    await world.close();
  });
});

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

  it('is looked for in every table, since a query may forget its workspace: a gap is found and named', async () => {
    expect(await findIsolationGaps(world.api.store)).toEqual([]);
    for (const table of world.tables) await world.admin.query(`alter table ${table} disable row level security`);
    const gaps = await findIsolationGaps(world.api.store);
    const readable = world.tables.filter((table) => gaps.includes(`${table} has no row-level security`));
    expect(readable.length).toBeGreaterThan(25);
  });
});

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { rollUp } from '@devpulse/pipeline/rollup/roll-up';
import { findWordlessEntries } from '../audit/testing/find-wordless-entries.ts';
import { nameOf } from './testing/api-routes.ts';
import { attackByFields, attackByIds, readAll } from './testing/attack-tenant.ts';
import { succeedElsewhere } from './testing/happy-paths.ts';
import type { Ids } from './testing/sample-makers.ts';
import { inOrder, makeOwnerAgain, succeed } from './testing/succeed.ts';
import { fingerprint, idsOf, openTwoTenants, type TwoTenants } from './testing/two-tenants.ts';
import { findOpenQueries, watchQueries } from './testing/watch-queries.ts';

// Thousands of requests, on machines that have more to do.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

/** Every statement that was asked in here. */
const asked = new Map<string, readonly unknown[]>();

interface World extends TwoTenants {
  ownIds: Ids;
  alien: Ids;
}

/** Two workspaces in a store that keeps nothing apart. A program that finds one like that does not start. */
async function openWithoutSecurity(): Promise<World> {
  const world = await openTwoTenants(({ store }) => ({ store: watchQueries(store, asked) }));
  const ids = { ownIds: await idsOf(world, world.own), alien: await idsOf(world, world.other) };
  for (const table of [...world.tables, 'workspaces'])
    await world.admin.query(`alter table ${table} disable row level security`);
  return { ...world, ...ids };
}

/** They tell somebody of the other workspace on purpose: its owner gave them the link. */
const byInvitation = new Set(['lookAtInvitation', 'acceptInvitation', 'declineInvitation']);

describe('without row-level security', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWithoutSecurity();
  });
  afterAll(() => world.close());

  it('ids of another workspace are answered as ids of nobody, and nothing of theirs is told or changed', async () => {
    expect(await attackByIds(world, world.alien)).toBeGreaterThan(20);
  });

  it('nothing that is read as one workspace tells of the other', async () => {
    for (const ids of [world.ownIds, world.alien])
      for (const [name, { body }] of await readAll(world, world.own, ids))
        expect(body, name).not.toContain(world.other.mark);
  });

  it('ids of another workspace bring nothing of theirs in by any field', async () => {
    expect(await attackByFields(world, world.alien)).toBeGreaterThan(40);
  });
});

describe('every operation without row-level security', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWithoutSecurity();
  });
  afterAll(() => world.close());

  it('does its work within its own workspace', async () => {
    const before = await fingerprint(world, world.other.workspaceId);
    const failures: string[] = [];
    for (const route of inOrder(world.routes)) {
      const { operationId } = route.operation;
      if (Object.hasOwn(succeedElsewhere, operationId) || byInvitation.has(operationId)) continue;
      await makeOwnerAgain(world);
      const { statusCode, body } = await succeed(world, route, world.ownIds);
      if (statusCode >= 300) failures.push(`${nameOf(route)} answers ${statusCode}: ${body.slice(0, 200)}`);
      if (body.includes(world.other.mark)) failures.push(`${nameOf(route)} tells of the other workspace`);
    }
    await rollUp({ store: world.api.deps.store, metrics: world.api.deps.metrics }, world.own.workspaceId);
    expect(failures).toEqual([]);
    expect(await fingerprint(world, world.other.workspaceId)).toEqual(before);
  });

  it('writes nothing down in the audit log that has no words', async () => {
    const { wordless, actions } = await findWordlessEntries(world.admin);
    expect(actions).toBeGreaterThan(25);
    expect(wordless).toEqual([]);
  });

  it('asks for one workspace by itself, in every statement that reads a table of tenants', async () => {
    expect(asked.size).toBeGreaterThan(200);
    expect(await findOpenQueries(world.admin, asked, [...world.tables, 'workspaces'])).toEqual([]);
  });

  it('would be seen if it did not: by what it tells, and by its plan', async () => {
    const { own, other } = world;
    asked.clear();
    const found = await world.api.deps.store.inWorkspace(own.workspaceId, (trx) =>
      trx.selectFrom('people').select('name').execute(),
    );
    expect(JSON.stringify(found)).toContain(other.mark);
    // One of two tables is asked for the workspace, and the other is joined by something else.
    asked.set(
      'select i.name from fact_identities i left join people_links l on l.identity_id = i.id where i.workspace_id = $1',
      [own.workspaceId],
    );
    asked.set('delete from teams where id = $1', [own.workspaceId]);
    const open = await findOpenQueries(world.admin, asked, [...world.tables, 'workspaces']);
    expect(open.map(({ tables }) => tables)).toEqual([['people'], ['people_links'], ['teams']]);
  });
});

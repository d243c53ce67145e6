import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Role } from '@devpulse/contract/permissions';
import type { MetricAnswer, Receipt } from '@devpulse/contract/wire/metrics';
import { rollUp } from '@devpulse/pipeline/rollup/roll-up';
import { listExportedTables } from '../exports/export-rows.ts';
import { isUnsafe, nameOf } from '../protect/testing/api-routes.ts';
import { type Ids, unknownId } from '../protect/testing/sample-makers.ts';
import { idsOf, openTwoTenants, sampleFor, type TwoTenants } from '../protect/testing/two-tenants.ts';
import { addPerson } from './testing/people-in-roles.ts';
import {
  addConnection,
  addRepositories,
  addWatching,
  canary,
  privateKey,
  publicKey,
  repositoryIdOf,
  setVisibility,
  writerIdOf,
} from './testing/private-repository.ts';

// Hundreds of questions, on machines that have more to do.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

let world: TwoTenants;
let where: { store: TwoTenants['api']['store']; workspaceId: string };
let ids: Ids;
const people: Record<string, { id: string; token: string }> = {};

/** Ada wrote everything and lost her sight of it; Cy's own connection reaches the private one; Ben has nothing. */
const cast: Record<string, Role> = { ada: 'member', ben: 'member', mia: 'manager', cy: 'member' };

beforeAll(async () => {
  world = await openTwoTenants();
  where = { store: world.api.store, workspaceId: world.own.workspaceId };
  ids = { deliveries: unknownId, ...(await idsOf(world, world.own)) };
  for (const [name, role] of Object.entries(cast)) {
    const id = await addPerson(where, name, role);
    const token = await world.api.tokenFor(['read', 'people'], { workspaceId: where.workspaceId, ownerId: id });
    people[name] = { id, token };
  }
  await where.store.inWorkspace(where.workspaceId, (trx) =>
    trx
      .insertInto('people_links')
      .values({
        workspace_id: where.workspaceId,
        identity_id: writerIdOf(where),
        person_id: idOf('ada'),
        reason: 'test',
      })
      .execute(),
  );
  await addRepositories(where);
  await addWatching(where);
  await addConnection(where, { personId: idOf('cy'), account: '44', number: '71' });
  await rollUp({ store: where.store, metrics: world.api.deps.metrics }, where.workspaceId);
});
afterAll(() => world.close());

const idOf = (name: string): string => people[name]?.id ?? '';

async function ask(who: string, url: string): Promise<{ status: number; body: string }> {
  const headers = { authorization: `Bearer ${people[who]?.token ?? ''}` };
  const { statusCode, body } = await world.api.app.inject({ url, headers });
  return { status: statusCode, body };
}

async function answer<Shape>(who: string, url: string): Promise<Shape> {
  const { status, body } = await ask(who, url);
  expect(status, `${url}: ${body}`).toBe(200);
  return JSON.parse(body) as Shape;
}

/** Every number with its proof, and every tile, about oneself and about the whole. */
function everyQuestion(): string[] {
  const { metrics, widgets } = world.api.deps;
  return ['me', 'workspace'].flatMap((subject) => [
    ...[...metrics.keys()].flatMap((id) => [
      `/api/v1/metrics/${id}?subject=${subject}&by=month`,
      `/api/v1/metrics/${id}/receipt?subject=${subject}&limit=500`,
    ]),
    ...[...widgets.keys()].map((id) => `/api/v1/widgets/${id}?subject=${subject}`),
  ]);
}

/** Every route that changes nothing, as the API's own description has it. */
function everyRoute(): { name: string; url: string }[] {
  return world.routes
    .filter((route) => route.permission !== null && !isUnsafe(route) && route.operation.operationId !== 'listenLive')
    .map((route) => ({ name: nameOf(route), url: sampleFor(world, route, ids).url }));
}

describe('whoever does not see a repository', () => {
  it('is told its name, its subjects and its paths by no route', async () => {
    const routes = everyRoute();
    expect(routes.length).toBeGreaterThan(40);
    const secret = repositoryIdOf(where, privateKey);
    for (const who of ['ben', 'mia', 'ada'])
      for (const { name, url } of [...routes, ...everyQuestion().map((asked) => ({ name: asked, url: asked }))]) {
        const { status, body } = await ask(who, url);
        expect(status, `${who}: ${name}: ${body}`).toBeLessThan(500);
        expect(body, `${who}: ${name}`).not.toContain(canary);
        expect(body, `${who}: ${name}`).not.toContain(secret);
        for (const sha of ['a', 'b', 'c']) expect(body, `${who}: ${name}`).not.toContain(sha.repeat(40));
      }
  });

  it('would be seen to be told, since whoever sees it is told by many', async () => {
    const found = [];
    for (const url of [...everyRoute().map((route) => route.url), ...everyQuestion()])
      if ((await ask('cy', url)).body.includes(canary)) found.push(url);
    for (const part of ['/repositories', '/sources', 'commits/receipt', 'recent_activity', 'languages', 'record_'])
      expect(found.join('\n')).toContain(part);
  });

  it('is answered about it as about one that is not there', async () => {
    const secret = repositoryIdOf(where, privateKey);
    for (const path of ['metrics/commits', 'metrics/commits/receipt', 'widgets/totals']) {
      const url = (id: string): string => `/api/v1/${path}?subject=workspace&resource=${id}`;
      const [hidden, nobody] = [await ask('ben', url(secret)), await ask('ben', url(unknownId))];
      const bare = (body: string): string => body.replaceAll(/"requestId":"[^"]*"/g, '');
      expect(hidden.status).toBe(404);
      expect(bare(hidden.body).replaceAll(secret, 'ID')).toBe(bare(nobody.body).replaceAll(unknownId, 'ID'));
      expect((await ask('cy', url(secret))).status).toBe(200);
      expect((await ask('ben', url(repositoryIdOf(where, publicKey)))).status).toBe(200);
    }
  });

  it('has all of it in the whole and in their own numbers, and is told how much is withheld', async () => {
    const value = async (who: string, subject: string) =>
      (await answer<MetricAnswer>(who, `/api/v1/metrics/commits?subject=${subject}`)).values[0]?.value;
    expect(await value('ben', 'workspace')).toBe(await value('cy', 'workspace'));
    expect(await value('ada', 'me')).toBe(5);
    const own = await answer<Receipt>('ada', '/api/v1/metrics/commits/receipt?subject=me');
    expect([own.n, own.records.length, own.withheld]).toEqual([5, 2, 3]);
    const whole = await answer<Receipt>('cy', '/api/v1/metrics/commits/receipt?subject=workspace');
    expect([whole.n - whole.records.length, whole.withheld]).toEqual([0, 0]);
    const split = await answer<MetricAnswer>('ada', '/api/v1/metrics/commits_by_repository?subject=me');
    expect(split.values[0]?.value).toBe(5);
    expect(split.values[0]?.parts?.map(({ part, label, value: count }) => [part, label, count])).toEqual([
      [repositoryIdOf(where, publicKey), 'acme/site', 2],
      ['unseen', 'A repository you cannot see', 3],
    ]);
    const proof = await answer<Receipt>('ada', '/api/v1/metrics/commits_by_repository/receipt?subject=me');
    expect(proof.withheld).toBe(1);
    expect(await answer('ben', '/api/v1/repositories')).toMatchObject({ withheld: 1 });
    expect(await answer('ben', '/api/v1/sources')).toMatchObject({ withheld: 1 });
  });

  it('is paged through all records that they see, and no others', async () => {
    const items: string[] = [];
    let cursor: string | null = null;
    do {
      const url: string = `/api/v1/metrics/commits/receipt?subject=me&limit=1${cursor === null ? '' : `&cursor=${cursor}`}`;
      const page: Receipt = await answer<Receipt>('ada', url);
      items.push(...page.records.map(({ item }) => item));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(items.toSorted()).toEqual(['d'.repeat(40), 'e'.repeat(40)]);
  });

  it('finds nothing of it in an export of what is theirs', async () => {
    const read = async (who: string): Promise<string> =>
      where.store.inWorkspace(where.workspaceId, async (trx) => {
        const wish = { workspaceId: where.workspaceId, accountId: world.own.accountId, personId: idOf(who) };
        const lines: string[] = [];
        for (const table of await listExportedTables(trx, { ...wish, rows: 'own', now: new Date() }))
          for await (const line of table.lines()) lines.push(`${table.name} ${JSON.stringify(line)}`);
        return lines.join('\n');
      });
    const exported = await read('ada');
    expect(exported).not.toContain(canary);
    expect(exported).toContain('work in acme/site');
    // Their own commits stay theirs, without saying where.
    expect(exported).toContain('a'.repeat(40));
  });
});

describe('sight', () => {
  const seen = async (who: string): Promise<boolean> => (await ask(who, '/api/v1/repositories')).body.includes(canary);
  const change = (statement: ReturnType<typeof sql>) =>
    where.store.inWorkspace(where.workspaceId, (trx) => statement.execute(trx));
  const listedAgo = (hours: number, connection = sql`state = 'ok'`) =>
    change(sql`update connection_repositories set seen_at = now() - make_interval(hours => ${hours}) where number = '71'
      and connection_id in (select id from connections where account_number = '44' and ${connection})`);

  it('by one’s own connection lasts three days from the last listing, and ends with what it reaches or with itself', async () => {
    expect(await seen('cy')).toBe(true);
    await listedAgo(71);
    expect(await seen('cy')).toBe(true);
    await listedAgo(73);
    expect(await seen('cy')).toBe(false);
    await listedAgo(0);
    await change(sql`update connection_repositories set gone_at = now() where number = '71'`);
    expect(await seen('cy')).toBe(false);
    await change(sql`update connection_repositories set gone_at = null where number = '71'`);
    await change(sql`update connections set state = 'disconnected' where account_number = '44'`);
    expect(await seen('cy')).toBe(false);
    await change(sql`update connections set state = 'ok' where account_number = '44'`);
    expect(await seen('cy')).toBe(true);
  });

  it('by what GitHub answered lasts three days, and a loss hides at once', async () => {
    const sight = { workspace_id: where.workspaceId, person_id: idOf('ben'), repository_key: privateKey };
    await where.store.inWorkspace(where.workspaceId, (trx) =>
      trx
        .insertInto('repository_sights')
        .values({ ...sight, checked_at: new Date(), due_at: new Date() })
        .execute(),
    );
    expect([await seen('ben'), await seen('ada')]).toEqual([true, false]);
    await change(sql`update repository_sights set checked_at = now() - interval '73 hours'`);
    expect(await seen('ben')).toBe(false);
    await change(sql`update repository_sights set checked_at = now(), lost_at = now()`);
    expect(await seen('ben')).toBe(false);
    await change(sql`delete from repository_sights`);
  });

  it('is nobody’s of a repository of which nobody said that it is public', async () => {
    await change(sql`delete from fact_repository_profiles where repository_id = ${repositoryIdOf(where, publicKey)}`);
    expect((await ask('ben', '/api/v1/repositories')).body).not.toContain('acme/site');
    await setVisibility(where, publicKey, 'public');
    expect((await ask('ben', '/api/v1/repositories')).body).toContain('acme/site');
  });

  it('is needed from the moment on at which a repository is made private, and no longer when it is opened', async () => {
    await setVisibility(where, publicKey, 'private');
    expect((await ask('ben', '/api/v1/repositories')).body).not.toContain('acme/site');
    await setVisibility(where, publicKey, 'public');
    expect((await ask('ben', '/api/v1/repositories')).body).toContain('acme/site');
  });

  it('is everybody’s where the owner of the workspace says so, and only the owner may', async () => {
    const set = (headers: Record<string, string>, privateRepositories: string) =>
      world.api.app.inject({ method: 'PATCH', url: '/api/v1/workspace', headers, payload: { privateRepositories } });
    const owner = { cookie: world.own.cookie, 'sec-fetch-site': 'same-origin' };
    await change(sql`update people_members set role = 'admin' where person_id = ${idOf('mia')}`);
    const asAdmin = await set({ authorization: `Bearer ${people['mia']?.token ?? ''}` }, 'members');
    expect(asAdmin.statusCode).toBe(403);
    expect(await seen('ben')).toBe(false);
    expect((await set(owner, 'members')).statusCode).toBe(200);
    expect(await seen('ben')).toBe(true);
    expect((await set(owner, 'proven')).statusCode).toBe(200);
    expect(await seen('ben')).toBe(false);
    const { rows } = (await change(
      sql`select 1 from audit_entries where action = 'workspace.settings_changed' and after like '%privateRepositories%'`,
    )) as { rows: unknown[] };
    expect(rows).toHaveLength(2);
  });
});

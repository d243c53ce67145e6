import { existsSync } from 'node:fs';
import path from 'node:path';
import type { LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Role } from '@devpulse/contract/permissions';
import { newId } from '@devpulse/db/ids';
import { type ApiRoute, isUnsafe, nameOf } from './testing/api-routes.ts';
import { openAnswerCheck } from './testing/check-answer.ts';
import { openCookie } from './testing/fill-tenant.ts';
import { succeedElsewhere } from './testing/happy-paths.ts';
import { breakValue, pick, type Random, randomValue, seededRandom } from './testing/random-values.ts';
import { fillPath, type Ids, knownValues, placesOf } from './testing/sample-makers.ts';
import type { Schema } from './testing/sample-values.ts';
import { inOrder, makeOwnerAgain, succeed } from './testing/succeed.ts';
import { idsOf, openTwoTenants, type Sample, type TwoTenants } from './testing/two-tenants.ts';

// Thousands of requests, on machines that have more to do.
vi.setConfig({ testTimeout: 240_000 });

// Another seed for each run, so that every run looks elsewhere; a failure names it, and this line brings it back.
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const trialCount = Number(process.env['FUZZ_TRIALS'] ?? 1_500);
const sourceFolder = path.resolve(import.meta.dirname, '..');
const root = path.resolve(sourceFolder, '../../..');

let world: TwoTenants;
let ids: Ids;
let check: ReturnType<typeof openAnswerCheck>;
let askers: Record<string, Record<string, string>>;
const reached = new Set<string>();

async function open(): Promise<void> {
  world = await openTwoTenants();
  ids = await idsOf(world, world.own);
  check = openAnswerCheck(world.document);
  askers = await openAskers();
}

/** One who is each thing that one can be, and one who is nobody. */
async function openAskers(): Promise<Record<string, Record<string, string>>> {
  const { api, own } = world;
  const made: Record<string, Record<string, string>> = {
    nobody: {},
    owner: { authorization: `Bearer ${own.token}` },
    device: { authorization: `Bearer ${own.made['accessToken']}` },
    page: { cookie: own.cookie, 'sec-fetch-site': 'same-origin' },
  };
  for (const role of ['admin', 'manager', 'member'] as const satisfies Role[]) {
    const personId = newId();
    await api.store.inWorkspace(own.workspaceId, async (trx) => {
      await trx.insertInto('people').values({ workspace_id: own.workspaceId, id: personId, name: role }).execute();
      const member = { workspace_id: own.workspaceId, person_id: personId, role: 'owner' } as const;
      await trx.insertInto('people_members').values(member).execute();
    });
    // Made as an owner, since tokens are not given out with scopes that a role has no use for.
    const token = await api.tokenFor(undefined, { workspaceId: own.workspaceId, ownerId: personId });
    await api.store.inWorkspace(own.workspaceId, (trx) =>
      sql`update people_members set role = ${role} where person_id = ${personId}`.execute(trx),
    );
    made[role] = { authorization: `Bearer ${token}` };
  }
  return made;
}

const endless = new Set(['listenLive']);

function faultOf(route: ApiRoute, answer: LightMyRequestResponse): string | null {
  if (answer.statusCode >= 500) return `answers ${answer.statusCode}: ${answer.body.slice(0, 300)}`;
  return check(route.operation, answer);
}

/** Whatever was done before, the owner is one again, and signed in. */
async function restoreOwner(): Promise<void> {
  const { api, own } = world;
  await makeOwnerAgain(world);
  askers['page'] = { cookie: await openCookie(api, own), 'sec-fetch-site': 'same-origin' };
}

describe('every operation', () => {
  beforeAll(open);
  afterAll(() => world.close());

  it('succeeds once, as the document says', async () => {
    const failures: string[] = [];
    for (const route of inOrder(world.routes)) {
      const { operationId } = route.operation;
      if (Object.hasOwn(succeedElsewhere, operationId)) continue;
      await restoreOwner();
      const answer = await succeed(world, route, ids);
      const fault = faultOf(route, answer);
      if (fault !== null) failures.push(`${nameOf(route)} (${operationId}) ${fault}`);
      else if (answer.statusCode >= 300)
        failures.push(
          `${nameOf(route)} (${operationId}) answers ${answer.statusCode}: say in happy-paths.ts how it succeeds; ${answer.body.slice(0, 200)}`,
        );
      else reached.add(operationId);
    }
    expect(failures).toEqual([]);
  });

  it('is reached here, or in the test that is named', () => {
    const missing = world.routes.filter(
      ({ operation }) => !reached.has(operation.operationId) && !Object.hasOwn(succeedElsewhere, operation.operationId),
    );
    expect(missing.map(nameOf)).toEqual([]);
    expect(world.routes.some(isUnsafe)).toBe(true);
    const known = new Set(world.routes.map(({ operation }) => operation.operationId));
    for (const [operationId, file] of Object.entries(succeedElsewhere)) {
      expect(known, 'is in happy-paths.ts and nowhere else').toContain(operationId);
      expect(existsSync(path.join(file.startsWith('test/') ? root : sourceFolder, file)), file).toBe(true);
    }
  });
});

interface Trial {
  route: ApiRoute;
  sample: Sample;
  /** What is wrong with it on purpose; null: nothing. */
  broken: string | null;
}

function makeTrial(random: Random, route: ApiRoute): Trial {
  const fuzz = { document: world.document, known: knownValues(ids), random };
  const own = Object.fromEntries(
    placesOf(route).map((place) => [place, random() < 0.8 ? ids[place] : randomUuid(random)]),
  ) as Record<string, string>;
  const query = route.operation.parameters
    .filter((parameter) => parameter.in === 'query' && (parameter.required === true || random() < 0.4))
    .map((parameter): [string, string] => [
      parameter.name,
      String(randomValue(fuzz, parameter.schema as Schema, parameter.name)),
    ]);
  const unknown = route.permission !== null && random() < 0.1;
  if (unknown) query.push(['noSuchParameter', '1']);
  const search = new URLSearchParams(query).toString();
  const url = `${fillPath(route, { ...ids, ...own })}${search === '' ? '' : `?${search}`}`;
  const body = route.operation.requestBody?.content['application/json'] as { schema?: Schema } | undefined;
  const broken = unknown ? 'an unknown parameter' : null;
  if (body?.schema === undefined) return { route, sample: { method: route.method, url, headers: {} }, broken };
  const value = randomValue(fuzz, body.schema);
  const wrong = random() < 0.5 ? breakValue(fuzz, body.schema, value) : null;
  const payload = JSON.stringify(wrong === null ? value : wrong.value);
  const sample = { method: route.method, url, payload, headers: { 'content-type': 'application/json' } };
  return { route, sample, broken: wrong?.what ?? broken };
}

function randomUuid(random: Random): string {
  const digits = Array.from({ length: 12 }, () => Math.floor(random() * 16).toString(16)).join('');
  return `01a1fd18-8ed3-7725-a49d-${digits}`;
}

describe('the API under random requests', () => {
  beforeAll(open);
  afterAll(() => world.close());

  it(`answers as it says it does (FUZZ_SEED=${seed})`, async () => {
    const random = seededRandom(seed);
    const routes = world.routes.filter(
      (route) => !endless.has(route.operation.operationId) && route.path.startsWith('/api/'),
    );
    const failures = new Set<string>();
    for (let trial = 1; trial <= trialCount && failures.size < 20; trial += 1) {
      const { route, sample, broken } = makeTrial(random, pick(random, routes));
      const asker = pick(random, Object.keys(askers));
      const remoteAddress = `10.0.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`;
      const headers = { ...sample.headers, ...askers[asker] };
      const answer = await world.api.app.inject({ ...sample, headers, remoteAddress });
      if (trial % 20 === 0) await restoreOwner();
      const what = `${nameOf(route)} by ${asker} with ${sample.url} ${sample.payload ?? ''} ${broken === null ? '' : `(${broken})`}`;
      const fault = faultOf(route, answer);
      if (fault !== null) failures.add(`${what}: ${fault}`);
      if (broken !== null && answer.statusCode < 400) failures.add(`${what}: takes it, ${answer.statusCode}`);
      if (asker === 'nobody' && route.permission !== null && answer.statusCode !== 401)
        failures.add(`${what}: answers ${answer.statusCode} to nobody`);
      if (answer.body.includes(world.other.mark)) failures.add(`${what}: tells of another workspace`);
    }
    expect([...failures], `FUZZ_SEED=${seed}`).toEqual([]);
  });
});

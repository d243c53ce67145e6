import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '@devpulse/contract/permissions';
import { readMetric } from '@devpulse/pipeline/serve/read-metric';
import { type Client, openPeopleApp } from './testing/people-app.ts';

const now = '2026-03-10T12:00:00Z';
const home = 'Ada Lovelace <ada@home.example>';
const work = 'Ada Lovelace <ada@work.example>';
const deploy = 'Deploy <deploy@home.example>';
const nobody = '00000000-0000-8000-8000-000000000000';

let server: Awaited<ReturnType<typeof openPeopleApp>>;
let api: Client;
beforeAll(async () => {
  server = await openPeopleApp(now);
  api = await start();
});
afterAll(() => server.close());

async function start(): Promise<Client> {
  const client = await server.client();
  await client.tell([
    { by: home, at: '2026-03-08T12:00:00Z' },
    { by: work, at: '2026-03-09T12:00:00Z' },
    { by: deploy, at: '2026-03-07T12:00:00Z' },
  ]);
  await client.count();
  return client;
}

interface RouteCase {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  scope: Scope;
  /** A request that the schema refuses: another body, or another address. */
  bad?: { url?: string; body?: object };
}

const id = ':id';
const routes: RouteCase[] = [
  { method: 'GET', url: '/api/v1/me', scope: 'read' },
  { method: 'PATCH', url: '/api/v1/me', scope: 'people', bad: { body: { zone: 'Mars/Olympus_Mons' } } },
  { method: 'GET', url: '/api/v1/me/freezes', scope: 'read' },
  { method: 'POST', url: '/api/v1/me/freezes', scope: 'people' },
  {
    method: 'DELETE',
    url: '/api/v1/me/freezes/2026-03-10',
    scope: 'people',
    bad: { url: '/api/v1/me/freezes/2026-02-31' },
  },
  { method: 'GET', url: '/api/v1/me/holidays', scope: 'read' },
  { method: 'POST', url: '/api/v1/me/holidays', scope: 'people', bad: { body: { holidays: [] } } },
  {
    method: 'DELETE',
    url: '/api/v1/me/holidays/2026-03-10',
    scope: 'people',
    bad: { url: '/api/v1/me/holidays/today' },
  },
  { method: 'GET', url: '/api/v1/workspace', scope: 'read' },
  { method: 'GET', url: '/api/v1/me/authors', scope: 'people', bad: { url: '/api/v1/me/authors?search=' } },
  { method: 'PATCH', url: '/api/v1/workspace', scope: 'people', bad: { body: { weekStart: 8 } } },
  { method: 'GET', url: '/api/v1/people', scope: 'read', bad: { url: '/api/v1/people?limit=1000' } },
  { method: 'GET', url: `/api/v1/people/${id}`, scope: 'read', bad: { url: '/api/v1/people/ada' } },
  { method: 'PATCH', url: `/api/v1/people/${id}`, scope: 'people', bad: { body: { name: ' ' } } },
  {
    method: 'POST',
    url: `/api/v1/people/${id}/identities`,
    scope: 'people',
    bad: { body: { identityIds: [], reason: 'x' } },
  },
  { method: 'POST', url: `/api/v1/people/${id}/unmerge`, scope: 'people', bad: { body: {} } },
  {
    method: 'GET',
    url: '/api/v1/link-decisions',
    scope: 'read',
    bad: { url: '/api/v1/link-decisions?cursor=nonsense' },
  },
  {
    method: 'POST',
    url: `/api/v1/link-decisions/${id}/undo`,
    scope: 'people',
    bad: { url: '/api/v1/link-decisions/1/undo' },
  },
  { method: 'GET', url: '/api/v1/me/identities', scope: 'read' },
  {
    method: 'POST',
    url: `/api/v1/me/identities/${id}/disown`,
    scope: 'people',
    bad: { url: '/api/v1/me/identities/1/disown' },
  },
  { method: 'GET', url: '/api/v1/identities', scope: 'read', bad: { url: '/api/v1/identities?kind=robot' } },
  { method: 'POST', url: `/api/v1/identities/${id}/unlink`, scope: 'people', bad: { body: { reason: '' } } },
  {
    method: 'PUT',
    url: `/api/v1/identities/${id}/kind`,
    scope: 'people',
    bad: { body: { kind: 'robot', reason: 'x' } },
  },
  {
    method: 'DELETE',
    url: `/api/v1/identities/${id}/kind`,
    scope: 'people',
    bad: { url: '/api/v1/identities/1/kind' },
  },
  {
    method: 'GET',
    url: '/api/v1/merge-suggestions',
    scope: 'read',
    bad: { url: '/api/v1/merge-suggestions?atLeast=2' },
  },
  {
    method: 'POST',
    url: '/api/v1/merge-suggestions/confirm',
    scope: 'people',
    bad: { body: { identityIds: [nobody] } },
  },
  {
    method: 'POST',
    url: '/api/v1/merge-suggestions/decline',
    scope: 'people',
    bad: { body: { identityIds: [nobody, nobody] } },
  },
  { method: 'GET', url: '/api/v1/kind-rules', scope: 'read' },
  {
    method: 'POST',
    url: '/api/v1/kind-rules',
    scope: 'people',
    bad: { body: { field: 'name', pattern: '*', kind: 'agent', reason: 'x' } },
  },
  {
    method: 'POST',
    url: '/api/v1/kind-rules/preview',
    scope: 'people',
    bad: { body: { change: 'forget', id: nobody } },
  },
  { method: 'PATCH', url: `/api/v1/kind-rules/${id}`, scope: 'people', bad: { body: { enabled: 'yes' } } },
  { method: 'DELETE', url: `/api/v1/kind-rules/${id}`, scope: 'people', bad: { url: '/api/v1/kind-rules/1' } },
];

describe.each(routes)('$method $url', ({ method, url, scope }) => {
  const address = url.replace(id, nobody);

  it('answers 401 to a stranger', async () => {
    expect(await api.askWith(null, method, address)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it(`answers 403 to a token without the scope ${scope}`, async () => {
    const others: Scope[] = scope === 'read' ? ['events', 'people', 'operate'] : ['events', 'read', 'operate'];
    const answer = await api.askWith(others, method, address, {});
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden', detail: expect.stringContaining(scope) } });
  });
});

const refusable = routes.flatMap(({ bad, ...route }) => (bad === undefined ? [] : [{ ...route, bad }]));

describe.each(refusable)('$method $url', ({ method, url, bad }) => {
  it('answers 400 to what it does not understand', async () => {
    const answer = await api.ask(method, (bad.url ?? url).replace(id, nobody), bad.body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});

describe('registerPeopleRoutes', () => {
  it('has a test of its guards for every route', () => {
    const paths = (server.app.swagger() as { paths: Record<string, Record<string, unknown>> }).paths;
    const listed = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const tested = routes.map(
      ({ method, url }) =>
        `${method} ${url.replace(':id', '{id}').replace(/(freezes|holidays)\/2026-03-10/, '$1/{day}')}`,
    );
    expect(tested.toSorted()).toEqual(listed.toSorted());
  });

  it('answers 404 for everything that belongs to another workspace', async () => {
    const other = await start();
    const { body: rule } = await other.ask('POST', '/api/v1/kind-rules', {
      field: 'name',
      pattern: 'x',
      kind: 'agent',
      reason: 'x',
    });
    const { body: link } = await other.ask('POST', `/api/v1/people/${other.ownerId}/identities`, {
      identityIds: [other.id(home)],
      reason: 'x',
    });
    const reason = { reason: 'mine now' };
    const theirs: [RouteCase['method'], string, object?][] = [
      ['GET', `/api/v1/people/${other.ownerId}`],
      ['GET', `/api/v1/people/${other.id(work)}`],
      ['PATCH', `/api/v1/people/${other.ownerId}`, { name: 'Mine' }],
      ['POST', `/api/v1/people/${other.ownerId}/identities`, { identityIds: [api.id(home)], ...reason }],
      ['POST', `/api/v1/people/${api.ownerId}/identities`, { identityIds: [other.id(work)], ...reason }],
      ['POST', `/api/v1/people/${other.ownerId}/unmerge`, reason],
      ['POST', `/api/v1/link-decisions/${link.batchId}/undo`],
      ['POST', `/api/v1/identities/${other.id(home)}/unlink`, reason],
      ['PUT', `/api/v1/identities/${other.id(work)}/kind`, { kind: 'agent', ...reason }],
      ['DELETE', `/api/v1/identities/${other.id(work)}/kind`],
      ['POST', '/api/v1/merge-suggestions/confirm', { identityIds: [other.id(home), other.id(work)] }],
      ['POST', '/api/v1/merge-suggestions/decline', { identityIds: [other.id(home), other.id(work)] }],
      ['POST', '/api/v1/kind-rules/preview', { change: 'disable', id: rule.rule.id }],
      ['PATCH', `/api/v1/kind-rules/${rule.rule.id}`, { enabled: false }],
      ['DELETE', `/api/v1/kind-rules/${rule.rule.id}`],
    ];
    const before = await other.count();
    for (const [method, url, body] of theirs) {
      expect(await api.ask(method, url, body), `${method} ${url}`).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    }
    expect(await other.count()).toEqual(before);
  });
});

describe('/api/v1/me', () => {
  it('says who the token stands for and changes its settings', async () => {
    const me = await server.client();
    expect(await me.ask('GET', '/api/v1/me')).toMatchObject({
      status: 200,
      body: { id: me.ownerId, zone: null, effectiveZone: 'UTC', today: '2026-03-10', role: 'owner', restWeekdays: [] },
    });
    for (const zone of ['America/Port-au-Prince', 'Etc/GMT+5']) {
      expect(await me.ask('PATCH', '/api/v1/me', { zone })).toMatchObject({
        status: 200,
        body: { zone, effectiveZone: zone },
      });
    }
    expect(await me.ask('PATCH', '/api/v1/me', { name: ' Ada ', zone: null, restWeekdays: [7, 6] })).toMatchObject({
      status: 200,
      body: { name: 'Ada', zone: null, restWeekdays: [6, 7] },
    });
    for (const body of [
      { restWeekdays: [1, 1] },
      { restWeekdays: [0] },
      { restWeekdays: [1, 2, 3, 4, 5, 6, 7] },
      { zone: '+05:00' },
    ]) {
      expect(await me.ask('PATCH', '/api/v1/me', body)).toMatchObject({ status: 400 });
    }
  });

  it('freezes today once, lists it, and takes it back', async () => {
    const me = await server.client();
    expect(await me.ask('POST', '/api/v1/me/freezes')).toMatchObject({
      status: 201,
      body: { day: '2026-03-10', state: 'pending' },
    });
    expect(await me.ask('POST', '/api/v1/me/freezes')).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await me.ask('GET', '/api/v1/me/freezes')).toMatchObject({
      body: { left: 0, freezes: [{ day: '2026-03-10' }] },
    });
    expect(await me.ask('DELETE', '/api/v1/me/freezes/2026-03-10')).toEqual({ status: 204, body: null });
    expect(await me.ask('DELETE', '/api/v1/me/freezes/2026-03-10')).toMatchObject({ status: 404 });
  });

  it('knows work by what the streak is made from', async () => {
    const me = await start();
    await me.ask('POST', '/api/v1/me/freezes');
    await me.tell([{ by: home, at: '2026-03-10T08:00:00Z' }]);
    await me.ask('POST', `/api/v1/people/${me.ownerId}/identities`, { identityIds: [me.id(home)], reason: 'me' });
    await me.count();
    expect(await me.ask('GET', '/api/v1/me/freezes')).toMatchObject({ body: { freezes: [{ state: 'returned' }] } });
  });

  it('keeps holidays', async () => {
    const me = await server.client();
    const holidays = [{ day: '2026-12-25', name: 'Christmas' }];
    expect(await me.ask('POST', '/api/v1/me/holidays', { holidays })).toEqual({ status: 200, body: { holidays } });
    expect(await me.ask('GET', '/api/v1/me/holidays')).toEqual({ status: 200, body: { holidays } });
    expect(await me.ask('DELETE', '/api/v1/me/holidays/2026-12-25')).toEqual({ status: 204, body: null });
    expect(await me.ask('DELETE', '/api/v1/me/holidays/2026-12-25')).toMatchObject({ status: 404 });
  });
});

describe('/api/v1/workspace', () => {
  it('shows and changes the settings', async () => {
    const client = await server.client();
    expect(await client.ask('PATCH', '/api/v1/workspace', { zone: 'europe/berlin', weekStart: 7 })).toMatchObject({
      status: 200,
      body: { zone: 'Europe/Berlin', weekStart: 7, rawRetentionDays: 90 },
    });
    expect(await client.ask('GET', '/api/v1/workspace')).toMatchObject({
      body: { id: client.workspaceId, zone: 'Europe/Berlin' },
    });
    expect(await client.ask('PATCH', '/api/v1/workspace', { rawRetentionDays: 0 })).toMatchObject({ status: 400 });
  });
});

describe('/api/v1/people and /api/v1/identities', () => {
  it('changes the numbers of a person as soon as identities are linked, suggested ones included, and back', async () => {
    const client = await start();
    const commits = async (): Promise<number | null | undefined> => {
      await client.count();
      const answer = await readMetric({
        ...client,
        viewer: { workspaceId: client.workspaceId, personId: client.ownerId },
        metricId: 'commits',
        query: { subject: 'me', by: 'total', from: '2026-03-01', to: '2026-03-10' },
        now: new Date(now),
      });
      return answer.values[0]?.value;
    };
    const linked = await client.ask('POST', `/api/v1/people/${client.ownerId}/identities`, {
      identityIds: [client.id(home).toUpperCase()],
      reason: 'me',
    });
    expect(linked).toMatchObject({
      status: 200,
      body: { moved: [{ identityId: client.id(home), toPersonId: client.ownerId }] },
    });
    expect(await commits()).toBe(1);
    const { body } = await client.ask('GET', '/api/v1/merge-suggestions');
    expect(body).toMatchObject({
      total: 1,
      suggestions: [{ reasons: [{ signal: 'name' }, { signal: 'mailbox_name' }] }],
    });
    const identityIds = body.suggestions[0].identities.map((identity: { id: string }) => identity.id);
    const confirmed = await client.ask('POST', '/api/v1/merge-suggestions/confirm', { identityIds });
    expect(confirmed.status).toBe(200);
    expect(await commits()).toBe(2);
    expect(await client.ask('POST', `/api/v1/link-decisions/${confirmed.body.batchId}/undo`)).toMatchObject({
      status: 200,
    });
    expect(await commits()).toBe(1);
    expect(await client.ask('GET', '/api/v1/link-decisions')).toMatchObject({
      body: { decisions: [{ undoneAt: expect.any(String) }, { reason: 'me', undoneAt: null }], nextCursor: null },
    });
    expect(await client.ask('POST', `/api/v1/people/${client.ownerId}/unmerge`, { reason: 'not me' })).toMatchObject({
      status: 200,
    });
    expect(await commits()).not.toBe(1);
  });

  it('lists, names and shows people', async () => {
    const client = await start();
    const first = await client.ask('GET', '/api/v1/people?limit=2&search=a');
    expect(first.body.people.map((person: { name: string }) => person.name)).toEqual(['Ada Lovelace', 'Ada Lovelace']);
    expect(await client.ask('PATCH', `/api/v1/people/${client.id(home)}`, { name: 'The Countess' })).toMatchObject({
      body: { name: 'The Countess' },
    });
    expect(await client.ask('GET', `/api/v1/people/${client.id(home)}`)).toMatchObject({
      body: { name: 'The Countess', identities: [{ email: 'ada@home.example', kind: 'person', linked: false }] },
    });
    expect(await client.ask('GET', '/api/v1/identities?linked=false&kind=person&limit=1')).toMatchObject({
      body: { identities: [{ name: 'Ada Lovelace' }], nextCursor: expect.any(String) },
    });
  });

  it('declines a suggestion and unlinks an identity', async () => {
    const client = await start();
    const identityIds = [client.id(home), client.id(work)];
    expect(await client.ask('POST', '/api/v1/merge-suggestions/decline', { identityIds })).toEqual({
      status: 204,
      body: null,
    });
    expect(await client.ask('GET', '/api/v1/merge-suggestions')).toMatchObject({ body: { suggestions: [], total: 0 } });
    expect(await client.ask('POST', '/api/v1/merge-suggestions/confirm', { identityIds })).toMatchObject({
      status: 409,
    });
    await client.ask('POST', `/api/v1/people/${client.id(home)}/identities`, {
      identityIds: [client.id(work)],
      reason: 'x',
    });
    expect(await client.ask('POST', `/api/v1/identities/${client.id(work)}/unlink`, { reason: 'wrong' })).toMatchObject(
      {
        body: { moved: [{ toPersonId: client.id(work) }] },
      },
    );
  });
});

describe('/api/v1/kind-rules', () => {
  it('previews, adds, switches and removes a rule, and overrides it for one identity', async () => {
    const client = await start();
    const rule = { field: 'name', pattern: 'Deploy', kind: 'automation', reason: 'our release job' };
    expect(await client.ask('POST', '/api/v1/kind-rules/preview', { change: 'add', rule })).toMatchObject({
      status: 200,
      body: { total: 1, identities: [{ becomes: 'automation', identity: { name: 'Deploy' } }] },
    });
    const added = await client.ask('POST', '/api/v1/kind-rules', rule);
    expect(added).toMatchObject({
      status: 201,
      body: { rule: { pattern: 'deploy', builtIn: false }, changed: [client.id(deploy)] },
    });
    expect(await client.ask('POST', '/api/v1/kind-rules', rule)).toMatchObject({ status: 409 });
    expect(await client.ask('GET', '/api/v1/kind-rules')).toMatchObject({
      body: { rules: [{ reason: 'our release job' }] },
    });
    const url = `/api/v1/identities/${client.id(deploy)}/kind`;
    expect(await client.ask('PUT', url, { kind: 'person', reason: 'her name' })).toMatchObject({
      body: { changed: [client.id(deploy)] },
    });
    expect(await client.ask('DELETE', url)).toMatchObject({ body: { changed: [client.id(deploy)] } });
    expect(await client.ask('DELETE', url)).toMatchObject({ status: 404 });
    const own = `/api/v1/kind-rules/${added.body.rule.id}`;
    expect(await client.ask('PATCH', own, { enabled: false })).toMatchObject({
      body: { rule: { enabled: false }, changed: [client.id(deploy)] },
    });
    expect(await client.ask('DELETE', own)).toMatchObject({ status: 200, body: { changed: [] } });
    expect(await client.ask('DELETE', own)).toMatchObject({ status: 404 });
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StayView, TeamEntry } from '@devpulse/contract/wire/teams';
import { newId } from '@devpulse/db/ids';
import { commandLineActor } from '../audit/record-audit.ts';
import { linkIdentities } from '../people/link-identities.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { addPerson } from '../viewers/testing/people-in-roles.ts';
import { slugOf } from './change-teams.ts';
import { stateOn } from './read-teams.ts';
import { registerTeamRoutes } from './routes.ts';

// In Kiritimati it is the next day already.
const now = new Date('2026-03-09T12:00:00Z');
const today = '2026-03-10';

let api: TestApi;
let workspaceId: string;
let cookie: string;

beforeAll(async () => {
  api = await openTestApi({ areas: [registerTeamRoutes], deps: () => ({ now: () => now }) });
});
afterAll(() => api.close());
beforeEach(async () => {
  const workspace = await api.addWorkspace({ zone: 'Pacific/Kiritimati' });
  workspaceId = workspace.workspaceId;
  await become('team');
  cookie = await api.cookieFor(workspace);
});

const become = (kind: 'personal' | 'team') =>
  api.store.inWorkspace(workspaceId, (trx) =>
    trx.updateTable('workspaces').set({ kind }).where('id', '=', workspaceId).execute(),
  );

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

async function ask(method: Method, url: string, payload?: object) {
  const response = await api.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: response.statusCode, body: response.body === '' ? null : response.json() };
}

const person = (name: string, role: Parameters<typeof addPerson>[2] = 'member'): Promise<string> =>
  addPerson({ store: api.store, workspaceId }, name, role);

/** Somebody whom only what they wrote tells of. */
async function addAuthor(email: string): Promise<string> {
  const id = newId();
  await api.store.inWorkspace(workspaceId, (trx) =>
    trx
      .insertInto('fact_identities')
      .values({
        workspace_id: workspaceId,
        id,
        source: 'plain',
        external_key: email,
        email,
        named_at: now,
        first_seen_at: now,
        last_seen_at: now,
        kind: 'person',
        kind_signal: 'none',
      })
      .execute(),
  );
  return id;
}

async function makeTeam(name: string): Promise<string> {
  return (await ask('POST', '/teams', { name })).body.id;
}

const audited = async (): Promise<string[]> => {
  const rows = await api.store.inWorkspace(workspaceId, (trx) =>
    trx.selectFrom('audit_entries').select('action').orderBy('id').execute(),
  );
  return rows.map(({ action }) => action);
};

describe('teams', () => {
  it('are not made where somebody is alone, and what to do is said', async () => {
    await become('personal');
    const { status, body } = await ask('POST', '/teams', { name: 'Nobody' });
    expect([status, body]).toMatchObject([
      409,
      { code: 'conflict', detail: expect.stringContaining('Make it a team’s') as string },
    ]);
    expect((await ask('GET', '/teams')).body).toEqual({ teams: [] });
  });

  it('are made with an address of their own, listed by name, renamed and archived', async () => {
    expect(await ask('POST', '/teams', { name: ' Zürich Öffentlich ' })).toMatchObject({
      status: 201,
      body: { name: 'Zürich Öffentlich', slug: 'zurich-offentlich', stays: [], today },
    });
    expect(await ask('POST', '/teams', { name: 'Zurich offentlich!' })).toMatchObject({
      body: { slug: 'zurich-offentlich-2' },
    });
    expect(await ask('POST', '/teams', { name: 'x', slug: 'zurich-offentlich' })).toMatchObject({ status: 409 });
    const id = await makeTeam('engine');
    expect((await ask('GET', '/teams')).body.teams.map(({ name }: { name: string }) => name)).toEqual([
      'engine',
      'Zürich Öffentlich',
      'Zurich offentlich!',
    ]);
    expect(await ask('PATCH', `/teams/${id}`, { name: 'Engines', slug: 'engines' })).toMatchObject({
      status: 200,
      body: { name: 'Engines', slug: 'engines' },
    });
    expect(await ask('PATCH', `/teams/${id}`, { slug: 'zurich-offentlich' })).toMatchObject({ status: 409 });
    expect(await ask('PATCH', `/teams/${id}`, { archived: true })).toMatchObject({
      body: { archivedAt: now.toISOString() },
    });
    expect((await ask('GET', '/teams')).body.teams).toHaveLength(2);
    expect((await ask('GET', '/teams?archived=true')).body.teams).toHaveLength(3);
    expect(await ask('PATCH', `/teams/${id}`, { archived: false })).toMatchObject({ body: { archivedAt: null } });
    expect(await audited()).toEqual([
      'team.created',
      'team.created',
      'team.created',
      'team.changed',
      'team.archived',
      'team.restored',
    ]);
  });

  it('refuse what makes no team', async () => {
    for (const body of [
      {},
      { name: '' },
      { name: 'x', slug: 'X' },
      { name: 'x', slug: 'a--b' },
      { name: 'x', more: 1 },
    ])
      expect(await ask('POST', '/teams', body), JSON.stringify(body)).toMatchObject({ status: 400 });
    expect(slugOf('日本')).toBe('team');
    expect(slugOf(`a${'-b'.repeat(60)}`)).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it('are of their workspace alone', async () => {
    const id = await makeTeam('Engine');
    const ada = await person('Ada');
    const stays = (await ask('POST', `/teams/${id}/stays`, { personId: ada })).body.stays;
    const other = await api.addWorkspace();
    workspaceId = other.workspaceId;
    await become('team');
    cookie = await api.cookieFor(other);
    expect(await ask('GET', `/teams/${id}`)).toMatchObject({ status: 404 });
    expect(await ask('PATCH', `/teams/${id}`, { name: 'Mine' })).toMatchObject({ status: 404 });
    expect(await ask('POST', `/teams/${id}/stays`, { personId: ada })).toMatchObject({ status: 404 });
    expect(await ask('DELETE', `/teams/${id}/stays/${stays[0].id}`)).toMatchObject({ status: 404 });
    const own = await makeTeam('Engine');
    expect(await ask('POST', `/teams/${own}/stays`, { personId: ada })).toMatchObject({ status: 404 });
  });

  it('are read with a token of any role and changed with none', async () => {
    const { workspaceId: own } = api;
    for (const role of ['owner', 'admin', 'manager', 'member'] as const) {
      const id = await addPerson({ store: api.store, workspaceId: own }, role, role);
      const token = await api.tokenFor(['read'], { workspaceId: own, ownerId: id });
      const headers = { authorization: `Bearer ${token}` };
      expect((await api.app.inject({ url: '/api/v1/teams', headers })).statusCode).toBe(200);
      const change = await api.app.inject({ method: 'POST', url: '/api/v1/teams', headers, payload: { name: 'x' } });
      expect(change.statusCode).toBe(403);
    }
  });
});

describe('stays', () => {
  it('begin today in the workspace’s zone, end half open, and stay in the history', async () => {
    const id = await makeTeam('Engine');
    const ada = await person('Ada');
    const added = await ask('POST', `/teams/${id}/stays`, { personId: ada });
    expect(added).toMatchObject({
      status: 201,
      body: { stays: [{ person: { name: 'Ada' }, duty: 'member', from: today, until: null, state: 'present' }] },
    });
    const stay = `/teams/${id}/stays/${added.body.stays[0].id}`;
    expect(await ask('PATCH', stay, { from: '2026-01-01', until: today })).toMatchObject({
      body: { stays: [{ from: '2026-01-01', until: today, state: 'past' }] },
    });
    expect((await ask('GET', '/teams')).body.teams[0].members).toBe(0);
    // Back again on the very day.
    expect(await ask('POST', `/teams/${id}/stays`, { personId: ada })).toMatchObject({
      status: 201,
      body: {
        stays: [
          { from: today, state: 'present' },
          { from: '2026-01-01', state: 'past' },
        ],
      },
    });
    expect((await ask('GET', '/teams')).body.teams[0].members).toBe(1);
    expect(await ask('DELETE', stay)).toMatchObject({ status: 200, body: { stays: [{ from: today }] } });
    expect(await ask('DELETE', stay)).toMatchObject({ status: 404 });
  });

  it('never overlap for one person, team and duty', async () => {
    const id = await makeTeam('Engine');
    const ada = await person('Ada', 'manager');
    const add = (more: object) => ask('POST', `/teams/${id}/stays`, { personId: ada, ...more });
    expect(await add({ from: '2026-02-01', until: '2026-03-01' })).toMatchObject({ status: 201 });
    for (const days of [
      { from: '2026-02-28' },
      { from: '2026-01-01', until: '2026-02-02' },
      { from: '2026-01-01' },
      { from: '2026-02-10', until: '2026-02-11' },
    ])
      expect(await add(days), JSON.stringify(days)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    const met = await add({ from: '2026-03-01' });
    expect(met.status).toBe(201);
    expect(await add({ from: '2026-01-01', until: '2026-02-01' })).toMatchObject({ status: 201 });
    expect(await add({ duty: 'manager', from: '2026-02-10' })).toMatchObject({ status: 201 });
    const open = met.body.stays.find(({ until }: { until: string | null }) => until === null);
    expect(await ask('PATCH', `/teams/${id}/stays/${open.id}`, { from: '2026-02-20' })).toMatchObject({ status: 409 });
  });

  it('are added once even when asked for twice at the same moment', async () => {
    const id = await makeTeam('Engine');
    const ada = await person('Ada');
    const answers = await Promise.all([0, 1, 2, 3].map(() => ask('POST', `/teams/${id}/stays`, { personId: ada })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409]);
  });

  it('end in the one team on the day they begin in the other when somebody moves', async () => {
    const [engine, hull] = [await makeTeam('Engine'), await makeTeam('Hull')];
    const ada = await person('Ada');
    await ask('POST', `/teams/${engine}/stays`, { personId: ada, from: '2026-01-01' });
    const move = { personId: ada, from: '2026-03-01', leaves: engine };
    expect(await ask('POST', `/teams/${hull}/stays`, move)).toMatchObject({
      status: 201,
      body: { stays: [{ from: '2026-03-01', until: null }] },
    });
    expect((await ask('GET', `/teams/${engine}`)).body.stays).toMatchObject([
      { from: '2026-01-01', until: '2026-03-01', state: 'past' },
    ]);
    const ben = await person('Ben');
    expect(await ask('POST', `/teams/${hull}/stays`, { personId: ben, leaves: engine })).toMatchObject({ status: 409 });
    expect((await ask('GET', `/teams/${hull}`)).body.stays).toHaveLength(1);
    expect(await ask('POST', `/teams/${hull}/stays`, { personId: ben, leaves: hull })).toMatchObject({ status: 400 });
  });

  it('are of whoever an author turned out to be, who counts once and can move', async () => {
    const [engine, hull] = [await makeTeam('Engine'), await makeTeam('Hull')];
    const ada = await person('Ada');
    const author = await addAuthor('ada@old.example.org');
    await ask('POST', `/teams/${engine}/stays`, { personId: author, from: '2026-01-01' });
    await ask('POST', `/teams/${engine}/stays`, { personId: ada, from: '2026-02-01' });
    const { store } = api;
    const decision = { reason: 'said so', by: null, personId: ada, identityIds: [author] };
    await linkIdentities({ store, workspaceId, ...decision });
    const membersOf = async (): Promise<unknown[]> =>
      (await ask('GET', '/teams')).body.teams.map(({ name, members }: TeamEntry) => [name, members]);
    expect(await membersOf()).toEqual([
      ['Engine', 1],
      ['Hull', 0],
    ]);
    const [, struckOut] = (await ask('GET', `/teams/${engine}`)).body.stays.toSorted((a: StayView, b: StayView) =>
      a.from < b.from ? -1 : 1,
    );
    await ask('DELETE', `/teams/${engine}/stays/${struckOut.id}`);
    const move = { personId: ada, from: '2026-03-01', leaves: engine };
    expect(await ask('POST', `/teams/${hull}/stays`, move)).toMatchObject({ status: 201 });
    expect(await membersOf()).toEqual([
      ['Engine', 0],
      ['Hull', 1],
    ]);
  });

  it('as manager need a role that may look, and somebody who can sign in', async () => {
    const id = await makeTeam('Engine');
    const add = async (personId: string) => ask('POST', `/teams/${id}/stays`, { personId, duty: 'manager' });
    expect(await add(await person('Ada', 'member'))).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('role manager first') },
    });
    expect(await add(await person('Author', null))).toMatchObject({ status: 404 });
    expect(await add(await person('Mia', 'manager'))).toMatchObject({ status: 201 });
    expect((await ask('GET', '/teams')).body.teams[0]).toMatchObject({ members: 0, managers: [{ name: 'Mia' }] });
  });

  it('refuse days that are none, and teams in the archive', async () => {
    const id = await makeTeam('Engine');
    const ada = await person('Ada');
    for (const days of [
      { from: '2026-02-30' },
      { from: '0000-01-01' },
      { from: today, until: today },
      { from: today, until: '2026-01-01' },
    ])
      expect(await ask('POST', `/teams/${id}/stays`, { personId: ada, ...days }), JSON.stringify(days)).toMatchObject({
        status: 400,
      });
    await ask('PATCH', `/teams/${id}`, { archived: true });
    expect(await ask('POST', `/teams/${id}/stays`, { personId: ada })).toMatchObject({ status: 409 });
  });
});

describe('stateOn', () => {
  it('counts the first day in and the day of leaving out', () => {
    const stay = { from: '2026-03-05', until: '2026-03-10' };
    const states = ['2026-03-04', '2026-03-05', '2026-03-09', '2026-03-10'].map((day) => stateOn(day, stay));
    expect(states).toEqual(['future', 'present', 'present', 'past']);
    expect(stateOn('9999-01-01', { ...stay, until: null })).toBe('present');
  });
});

describe('the working calendar', () => {
  it('is Monday to Friday, nine to five, until somebody says otherwise', async () => {
    expect(await ask('GET', '/calendar')).toMatchObject({
      status: 200,
      body: {
        workingWeekdays: [1, 2, 3, 4, 5],
        fromMinute: 540,
        untilMinute: 1020,
        holidays: [],
        today: { day: today, kind: 'working' },
      },
    });
    expect(await ask('PATCH', '/calendar', { workingWeekdays: [7, 3, 1], untilMinute: 1440 })).toMatchObject({
      status: 200,
      body: { workingWeekdays: [1, 3, 7], fromMinute: 540, untilMinute: 1440, today: { kind: 'free' } },
    });
    expect(await ask('PATCH', '/calendar', { fromMinute: 0 })).toMatchObject({ body: { workingWeekdays: [1, 3, 7] } });
    for (const body of [
      { workingWeekdays: [] },
      { workingWeekdays: [1, 1] },
      { fromMinute: 1440 },
      { fromMinute: 600, untilMinute: 600 },
      { untilMinute: 1441 },
    ])
      expect(await ask('PATCH', '/calendar', body), JSON.stringify(body)).toMatchObject({ status: 400 });
  });

  it('keeps holidays by day, renames and removes them', async () => {
    const holidays = [
      { day: '2026-12-25', name: 'Christmas Day' },
      { day: today, name: 'Founding day' },
      { day: '2026-12-25', name: 'Christmas' },
    ];
    expect(await ask('POST', '/calendar/holidays', { holidays })).toMatchObject({
      status: 200,
      body: {
        holidays: [
          { day: today, name: 'Founding day' },
          { day: '2026-12-25', name: 'Christmas' },
        ],
        today: { kind: 'holiday', holiday: 'Founding day' },
      },
    });
    expect(await ask('DELETE', `/calendar/holidays/${today}`)).toEqual({ status: 204, body: null });
    expect(await ask('DELETE', `/calendar/holidays/${today}`)).toMatchObject({ status: 404 });
    expect(await audited()).toEqual(['calendar.holidays_added', 'calendar.holiday_removed']);
    expect(await ask('POST', '/calendar/holidays', { holidays: [] })).toMatchObject({ status: 400 });
  });
});

describe('what was changed', () => {
  it('is told to the audit log with who, before and after', async () => {
    const id = await makeTeam('Engine');
    const ada = await person('Ada');
    const { body } = await ask('POST', `/teams/${id}/stays`, { personId: ada });
    await ask('PATCH', `/teams/${id}/stays/${body.stays[0].id}`, { until: '2026-04-01' });
    const rows = await api.store.inWorkspace(workspaceId, (trx) =>
      trx
        .selectFrom('audit_entries')
        .select(['action', 'via', 'target_name', 'before', 'after'])
        .orderBy('id')
        .execute(),
    );
    expect(rows.map(({ via }) => via)).not.toContain(commandLineActor.via);
    expect(rows.at(-1)).toMatchObject({
      action: 'team.stay_changed',
      via: 'session',
      target_name: 'Engine',
      before: expect.stringContaining('"until":null') as string,
      after: expect.stringContaining('"until":"2026-04-01"') as string,
    });
  });
});

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inviteOwner } from './owner-link.ts';
import { makeSecret } from './secret-format.ts';
import { type AccountApp, ada, cookieOf, openAccountApp } from './testing/account-app.ts';

let api: AccountApp;
beforeAll(async () => {
  api = await openAccountApp();
});
afterAll(() => api.close());
beforeEach(() => api.asOwner('delete from auth."user"; delete from account_setup_links; delete from limit_buckets'));

const setUp = (token: string, more: object = {}) =>
  api.send('POST', '/api/v1/setup', { payload: { token, ...ada, ...more } });

const refused = (words: RegExp) => ({
  code: 'forbidden',
  detail: expect.stringMatching(words) as string,
});

describe('the owner link', () => {
  it('makes whoever opens it the owner, with name, zones, first day of the week and a session', async () => {
    expect((await api.send('GET', '/api/v1/session')).json()).toMatchObject({ state: 'needs_setup', account: null });
    const response = await setUp(await api.link());
    expect(response.statusCode).toBe(201);
    expect(response.json()).toMatchObject({
      state: 'signed_in',
      account: { name: ada.name, email: ada.email },
      workspace: { id: api.workspaceId, kind: 'personal', role: 'owner' },
      personId: api.ownerId,
    });
    const cookie = cookieOf(response);
    expect((await api.send('GET', '/api/v1/me', { cookie })).json()).toMatchObject({
      id: api.ownerId,
      name: ada.name,
      zone: ada.zone,
      effectiveZone: ada.zone,
      role: 'owner',
    });
    expect((await api.send('GET', '/api/v1/workspace', { cookie })).json()).toMatchObject({
      zone: ada.zone,
      weekStart: ada.weekStart,
    });
    expect((await api.send('GET', '/api/v1/session')).json()).toMatchObject({ state: 'signed_out', workspaces: [] });
    const again = await api.send('POST', '/api/v1/session', { payload: { email: ada.email, password: ada.password } });
    expect(again.statusCode).toBe(201);
  });

  it('works once', async () => {
    const token = await api.link();
    expect((await setUp(token)).statusCode).toBe(201);
    const second = await setUp(token, { password: 'the second password' });
    expect([second.statusCode, second.json()]).toMatchObject([403, refused(/used already.*owner link/)]);
    expect(second.headers['set-cookie']).toBeUndefined();
    const wrong = await api.send('POST', '/api/v1/session', {
      payload: { email: ada.email, password: 'the second password' },
    });
    expect(wrong.statusCode).toBe(401);
  });

  it('makes one owner of two who open it at once', async () => {
    const token = await api.link();
    const passwords = Array.from({ length: 6 }, (_, index) => `password number ${index}`);
    const answers = await Promise.all(passwords.map((password) => setUp(token, { password })));
    expect(answers.map((answer) => answer.statusCode).toSorted((a, b) => a - b)).toEqual([
      201, 403, 403, 403, 403, 403,
    ]);
    const winner = answers.findIndex((answer) => answer.statusCode === 201);
    for (const [index, password] of passwords.entries()) {
      const answer = await api.send('POST', '/api/v1/session', { payload: { email: ada.email, password } });
      expect(answer.statusCode).toBe(index === winner ? 201 : 401);
    }
  });

  it('is refused when it is wrong, expired or replaced by a newer one, and says what to do', async () => {
    const older = await api.link();
    const newer = await api.link();
    for (const token of [older, makeSecret(), newer.slice(0, -1)]) {
      const answer = await setUp(token);
      expect([answer.statusCode, answer.json()]).toMatchObject([403, refused(/newest link.*owner link/)]);
    }
    await api.asOwner(`update account_setup_links set expires_at = now() - interval '1 second'`);
    const late = await setUp(newer);
    expect([late.statusCode, late.json()]).toMatchObject([403, refused(/expired.*owner link/)]);
    expect((await api.send('GET', '/api/v1/session')).json()).toMatchObject({ state: 'needs_setup' });
  });

  it('stays good when what was sent with it was not', async () => {
    const token = await api.link();
    const faults: [object, string][] = [
      [{ password: 'short' }, 'body.password'],
      [{ zone: 'Europe/Nowhere' }, 'body.zone'],
      [{ name: '   ' }, 'body.name'],
      [{ weekStart: 8 }, 'body.weekStart'],
      [{ zone: undefined }, 'body.zone'],
      [{ email: 'ada' }, 'body.email'],
      [{ email: undefined }, 'body.email'],
    ];
    for (const [fault, path] of faults) {
      const answer = await setUp(token, fault);
      expect([answer.statusCode, answer.json<{ problems: { path: string }[] }>().problems[0]?.path]).toEqual([
        400,
        path,
      ]);
    }
    expect((await setUp(token)).statusCode).toBe(201);
  });

  it('cuts the days anew when the zone is another', async () => {
    await setUp(await api.link(), { zone: 'UTC' });
    await api.store.inWorkspace(api.workspaceId, async (trx) => {
      await sql`delete from rollup_stale`.execute(trx);
      await trx
        .insertInto('rollup_days')
        .values({
          workspace_id: api.workspaceId,
          metric: 'commits',
          subject_kind: 'workspace',
          subject_id: api.workspaceId,
          day: '2026-03-01',
          value: 1,
          n: 1,
          part: '',
          resource_id: api.workspaceId,
          zone: 'UTC',
          metric_version: 1,
        })
        .execute();
    });
    const stale = () =>
      api.store.inWorkspace(api.workspaceId, (trx) => trx.selectFrom('rollup_stale').select('day').execute());
    await setUp(await api.link(), { zone: 'UTC' });
    expect(await stale()).toEqual([]);
    await setUp(await api.link(), { zone: 'Asia/Tokyo' });
    expect((await stale()).length).toBeGreaterThan(0);
  });

  it('is the way back in: it sets the password anew, ends all sessions, and leaves the rest as it was', async () => {
    const first = cookieOf(await setUp(await api.link()));
    const token = await api.link();
    const response = await api.send('POST', '/api/v1/setup', { payload: { token, password: 'another password' } });
    expect(response.json()).toMatchObject({ state: 'signed_in', account: { name: ada.name } });
    expect((await api.send('GET', '/api/v1/me', { cookie: first })).statusCode).toBe(401);
    expect((await api.send('GET', '/api/v1/me', { cookie: cookieOf(response) })).json()).toMatchObject({
      name: ada.name,
      zone: ada.zone,
    });
    for (const [password, status] of [
      [ada.password, 401],
      ['another password', 201],
    ] as const) {
      expect((await api.send('POST', '/api/v1/session', { payload: { email: ada.email, password } })).statusCode).toBe(
        status,
      );
    }
  });

  it('is said at the start until somebody owns the instance', async () => {
    const said = await inviteOwner(api.store, 'http://localhost:3000');
    const found =
      /^Open http:\/\/localhost:3000\/setup#([\w-]{43}) to make this instance yours \(works once, until \S+ \S+ UTC\)$/.exec(
        said ?? '',
      );
    expect(found).not.toBeNull();
    const newer = await inviteOwner(api.store, 'http://localhost:3000');
    expect((await setUp(found?.[1] ?? '')).statusCode).toBe(403);
    expect((await setUp(/#([\w-]+)/.exec(newer ?? '')?.[1] ?? '')).statusCode).toBe(201);
    expect(await inviteOwner(api.store, 'http://localhost:3000')).toBeNull();
  });

  it('does nothing for a page of somebody else', async () => {
    const token = await api.link();
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none', origin: 'http://evil.test' },
    ]) {
      const answer = await api.send('POST', '/api/v1/setup', { payload: { token, ...ada }, headers });
      expect([answer.statusCode, answer.json()]).toMatchObject([403, refused(/page of this server/)]);
    }
  });

  it('lets the owner into demos that were there before', async () => {
    const demo = await api.addWorkspace();
    const stranger = await api.addWorkspace();
    await api.store.inWorkspace(demo.workspaceId, (trx) =>
      trx.updateTable('workspaces').set({ kind: 'demo' }).execute(),
    );
    const response = await setUp(await api.link());
    const { workspaces } = response.json<{ workspaces: { id: string; kind: string }[] }>();
    expect(workspaces.map((entry) => [entry.id, entry.kind])).toEqual([
      [api.workspaceId, 'personal'],
      [demo.workspaceId, 'demo'],
    ]);
    expect(JSON.stringify(workspaces)).not.toContain(stranger.workspaceId);
  });
});

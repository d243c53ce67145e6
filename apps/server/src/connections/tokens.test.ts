import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionView } from '@devpulse/contract/wire/connections';
import { checkStaleConnections } from './check-stale-connections.ts';
import { wrongTokensPerHour } from './limit-wrong-tokens.ts';
import { type ConnectedApp, openConnectedApp } from './testing/github-app.ts';

let app: ConnectedApp;
beforeAll(async () => {
  app = await openConnectedApp();
});
afterAll(() => app.close());
beforeEach(() => app.reset());

const paste = (token: string, connectionId?: string) =>
  app.owner.send('POST', '/api/v1/connections/token', {
    token,
    ...(connectionId === undefined ? {} : { connectionId }),
  });
const connect = async (token: string, connectionId?: string) => {
  const answer = await paste(token, connectionId);
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json<ConnectionView>();
};
const check = async (id: string) => {
  const answer = await app.owner.send('POST', `/api/v1/connections/${id}/check`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<ConnectionView>();
};
const classic = (scopes: string[], lasts?: number) =>
  app.github.issueToken({ kind: 'classic', account: 'mira', scopes, ...(lasts === undefined ? {} : { lasts }) }).value;

describe('a classic token', () => {
  it('says what it may and what it lacks, each with its reason, and when it ends', async () => {
    const connection = await connect(classic(['repo'], 86_400));
    expect(connection).toMatchObject({ kind: 'token', form: 'classic', state: 'ok', account: { login: 'mira' } });
    const lacking = connection.grants.filter(({ granted }) => granted === 'no');
    expect(lacking.map(({ name }) => name)).toEqual(['read:org', 'admin:repo_hook', 'admin:org_hook']);
    expect(lacking.every(({ reason }) => reason.length > 20)).toBe(true);
    expect(Date.parse(connection.expiresAt ?? '')).toBeGreaterThan(app.github.clock.now().getTime());
  });

  it('is refused where GitHub does not know it, or where it would be dead by night', async () => {
    for (const token of ['ghp_0123456789012345678901234567890123456', 'ghs_0123456789abcdef0123456789abcdef0123']) {
      const answer = await paste(token);
      expect([answer.statusCode, answer.json<{ problems: { path: string }[] }>().problems[0]?.path]).toEqual([
        400,
        'body.token',
      ]);
      expect(answer.body).not.toContain(token);
    }
    expect((await app.list()).connections).toEqual([]);
  });

  it('is not asked about after many that GitHub does not know: it counts them against the address of the instance', async () => {
    const wrong = (count: number) => paste(`ghp_${String(count).padStart(36, '0')}`);
    for (let count = 0; count < wrongTokensPerHour; count += 1) expect((await wrong(count)).statusCode).toBe(400);
    const asked = app.github.requests.length;
    expect((await wrong(wrongTokensPerHour)).statusCode).toBe(429);
    expect((await paste(classic(['repo']))).statusCode).toBe(429);
    expect(app.github.requests).toHaveLength(asked);
  });

  it('replaces the one before of the same account, and no other', async () => {
    const first = await connect(classic(['repo']));
    expect((await connect(classic(['repo', 'read:org']))).id).toBe(first.id);
    const others = app.github.issueToken({ kind: 'classic', account: 'otto', scopes: [] }).value;
    const answer = await paste(others, first.id);
    expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toMatchObject([
      409,
      expect.stringContaining('otto'),
    ]);
  });

  it('that lost a scope is narrowed and reads on; what it lost is named', async () => {
    const token = classic(['repo', 'read:org']);
    const { id } = await connect(token);
    app.github.token(token).scopes = ['repo'];
    expect(await check(id)).toMatchObject({
      state: 'narrowed',
      isReading: true,
      message: expect.stringContaining('read:org') as string,
    });
    app.github.token(token).scopes = ['admin:org', 'repo'];
    expect(await check(id)).toMatchObject({ state: 'ok' });
  });

  it('that was revoked is dead at once, once, and another of the same account heals it with its sources', async () => {
    const token = classic(['repo', 'read:org']);
    const { id } = await connect(token);
    await app.owner.send('POST', `/api/v1/connections/${id}/repositories/refresh`);
    const [repository] = (await app.reach(id, '?search=harbor-api')).repositories;
    const watched = await app.owner.send('POST', `/api/v1/connections/${id}/repositories/watch`, {
      numbers: [repository?.number],
    });
    const [sourceId = ''] = watched.json<{ sourceIds: string[] }>().sourceIds;
    app.github.revokeToken(token);
    const dead = await check(id);
    expect(dead).toMatchObject({
      state: 'dead',
      isReading: false,
      message: expect.stringContaining('Paste a new token') as string,
    });
    expect((await check(id)).since).toBe(dead.since);
    const sources = async () =>
      (await app.owner.send('GET', '/api/v1/sources')).json<{
        sources: { id: string; state: string; lastError: { code: string } }[];
      }>().sources;
    expect(await sources()).toMatchObject([{ id: sourceId, state: 'failed', lastError: { code: 'reconnect' } }]);
    const log = (await app.owner.send('GET', '/api/v1/audit')).json<{
      entries: { action: string; after: unknown; target: { name: string | null } }[];
    }>();
    const lost = log.entries.filter(
      (entry) => entry.action === 'connection.changed' && JSON.stringify(entry.after).includes('dead'),
    );
    expect(lost).toHaveLength(1);
    // Looked up when the log is read, and written nowhere in it.
    expect(lost[0]?.target.name).toBe('mira');
    const { rows: named } = await app.api.store.inWorkspace(app.api.workspaceId, (trx) =>
      sql`select 1 from audit_entries e where action like 'connection.%' and e::text like '%mira%'`.execute(trx),
    );
    expect(named).toEqual([]);
    app.soon.length = 0;
    expect(await connect(classic(['repo', 'read:org']))).toMatchObject({ id, state: 'ok' });
    expect(app.soon).toEqual([sourceId]);
    // A number must not look whole before the gap is closed.
    expect(await sources()).toMatchObject([{ state: 'failed', lastError: { code: 'catching up' } }]);
  });

  it('is not dead because GitHub asks to wait, breaks down or cannot be reached', async () => {
    const { id } = await connect(classic(['repo']));
    for (const kind of [500, 502] as const) {
      app.github.faults.add({ path: /^\/user$/, kind });
      const answer = await app.owner.send('POST', `/api/v1/connections/${id}/check`);
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([502, 'source_failed']);
      app.github.faults.clear();
    }
    expect(await app.one(id)).toMatchObject({ state: 'ok' });
  });

  it('is not asked with while GitHub wants us to wait, and the answer says until when', async () => {
    // An account of its own: what GitHub said is remembered for it.
    const { id } = await connect(app.github.issueToken({ kind: 'classic', account: 'otto', scopes: [] }).value);
    app.github.limits.secondary('otto', 45, { status: 403, retryAfter: 45 });
    const ask = () => app.owner.send('POST', `/api/v1/connections/${id}/check`);
    const first = await ask();
    expect([first.statusCode, first.json<{ code: string }>().code]).toEqual([503, 'source_busy']);
    expect(first.json<{ detail: string }>().detail).toMatch(/Try again after \d\d:\d\d UTC/);
    const before = app.github.requests.length;
    expect((await ask()).statusCode).toBe(503);
    expect(app.github.requests.length).toBe(before);
    expect(app.github.requests.filter(({ isBreach }) => isBreach)).toEqual([]);
    expect(await app.one(id)).toMatchObject({ state: 'ok' });
    app.github.limits.clear();
  });

  it('for which an organisation wants single sign-on says so, with the page, and reads the rest', async () => {
    const token = classic(['repo', 'read:org']);
    const { id } = await connect(token);
    app.github.requireSso('harbor');
    const asked = await check(id);
    expect(asked).toMatchObject({ state: 'sso', isReading: true });
    expect(asked.help).toMatch(/^http/);
    app.github.letIn(token, 'harbor');
    expect(await check(id)).toMatchObject({ state: 'ok' });
    app.github.requireSso('harbor', true);
  });
});

describe('a fine-grained token', () => {
  it('is probed at a private repository: what it may not read is named', async () => {
    const token = app.github.issueToken({
      kind: 'fine-grained',
      account: 'mira',
      permissions: { metadata: 'read', contents: 'read', pull_requests: 'read' },
    }).value;
    const connection = await connect(token);
    expect(connection.form).toBe('fine-grained');
    const granted = Object.fromEntries(connection.grants.map(({ name, granted: said }) => [name, said]));
    expect(granted).toMatchObject({
      Contents: 'yes',
      'Pull requests': 'yes',
      Issues: 'no',
      Actions: 'no',
      Members: 'unknown',
    });
  });

  it('stands beside another of the same account, since each reaches something else', async () => {
    const make = () =>
      app.github.issueToken({ kind: 'fine-grained', account: 'mira', permissions: { metadata: 'read' } }).value;
    const first = await connect(make());
    const second = await connect(make());
    expect(second.id).not.toBe(first.id);
  });
});

describe('reading', () => {
  it('asks GitHub nothing, however often', async () => {
    const { id } = await connect(classic(['repo']));
    const before = app.github.requests.length;
    for (const url of ['', `/${id}`, `/${id}/repositories`, `/${id}/organisations`])
      await app.owner.send('GET', `/api/v1/connections${url}`);
    await app.owner.send('GET', '/api/v1/me/linked-accounts');
    expect(app.github.requests.length).toBe(before);
  });
});

describe('what nobody has looked at for a day', () => {
  it('is checked by itself, and no sooner', async () => {
    const token = classic(['repo']);
    const { id } = await connect(token);
    app.github.revokeToken(token);
    const look = (aheadMs: number) =>
      checkStaleConnections(
        { ...app.parts, now: () => new Date(Date.now() + aheadMs) },
        new AbortController().signal,
        () => undefined,
      );
    expect(await look(23 * 3_600_000)).toBe(0);
    expect(await app.one(id)).toMatchObject({ state: 'ok' });
    expect(await look(25 * 3_600_000)).toBe(1);
    expect(await app.one(id)).toMatchObject({ state: 'dead' });
    // What is known to be dead is not asked about again.
    expect(await look(25 * 3_600_000)).toBe(0);
  });
});

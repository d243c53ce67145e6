import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openVisitor } from '../accounts/testing/visitor.ts';
import { comeBack, type ConnectedApp, home, openConnectedApp } from './testing/github-app.ts';

let app: ConnectedApp;
beforeAll(async () => {
  app = await openConnectedApp();
});
afterAll(() => app.close());
beforeEach(() => app.reset());

const begin = async (wish: object = {}) => {
  const begun = await app.owner.send('POST', '/api/v1/connections/oauth', wish);
  expect(begun.statusCode, begun.body).toBe(200);
  return new URL(begun.json<{ url: string }>().url);
};
const agreeAs = async (login: string, url: URL) => {
  app.github.signIn.user = app.github.account(login);
  return new URL((await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '');
};
const inWorkspace = (statement: RawBuilder<unknown>) =>
  app.api.store.inWorkspace(app.api.workspaceId, (trx) => statement.execute(trx));
const actions = async () => {
  const { rows } = await app.api.store.inWorkspace(app.api.workspaceId, (trx) =>
    sql<{ action: string }>`select action from audit_entries where action like 'connection.%' order by seq`.execute(
      trx,
    ),
  );
  return rows.map((row) => row.action);
};

describe('connecting by GitHub’s page', () => {
  it('goes there with a state, PKCE with S256 and the scopes that were chosen, and comes back connected', async () => {
    const url = await begin({ scopes: ['repo'] });
    expect(url.href.startsWith(`${app.github.url}/login/oauth/authorize?`)).toBe(true);
    expect(url.searchParams.get('scope')).toBe('repo');
    expect(url.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(url.searchParams.get('redirect_uri')).toBe(`${home}/api/v1/auth/callback/github/connection`);
    const came = await comeBack(await agreeAs('mira', url), app.owner);
    expect(app.github.signIn.refused).toEqual([]);
    const connection = await app.one(came.get('connected') ?? '');
    expect(connection).toMatchObject({
      kind: 'oauth',
      host: '127.0.0.1',
      account: { number: '4294967311', login: 'mira', type: 'User' },
      mine: true,
      state: 'ok',
      isReading: true,
    });
    expect(Object.fromEntries(connection.grants.map(({ name, granted }) => [name, granted]))).toMatchObject({
      repo: 'yes',
      security_events: 'yes',
      'read:org': 'no',
    });
    expect(connection.grants.every(({ reason }) => reason.length > 10)).toBe(true);
  });

  it('lets back in only the browser that left, once, and while its person is signed in', async () => {
    const url = await begin();
    const back = await agreeAs('mira', url);
    const stranger = openVisitor(app.api);
    expect((await comeBack(back, stranger)).get('error')).toBe('state');
    expect((await app.list()).connections).toEqual([]);
    expect((await comeBack(back, app.owner)).get('connected')).not.toBeNull();
    expect((await comeBack(back, app.owner)).get('error')).toBe('state');

    const second = await agreeAs('otto', await begin());
    await app.api.asOwner(`update auth.session set revoked_at = now()`);
    expect((await comeBack(second, app.owner)).get('error')).toBe('state');
  });

  it('refuses a state that is made up, too old, or of somebody who may not connect any more', async () => {
    const made = new URL(
      `${home}/api/v1/auth/callback/github/connection?code=x&state=${app.api.workspaceId}.${'y'.repeat(43)}`,
    );
    await begin();
    expect((await comeBack(made, app.owner)).get('error')).toBe('state');
    expect(
      (await comeBack(new URL(`${made.origin}${made.pathname}?code=x&state=nonsense`), app.owner)).get('error'),
    ).toBe('state');
    const back = await agreeAs('mira', await begin());
    await inWorkspace(sql`update connection_flows set expires_at = now() - interval '1 second'`);
    expect((await comeBack(back, app.owner)).get('error')).toBe('state');
    const other = await agreeAs('mira', await begin());
    await inWorkspace(sql`update people_members set role = 'member'`);
    expect((await comeBack(other, app.owner)).get('error')).toBe('state');
    await inWorkspace(sql`update people_members set role = 'owner'`);
  });

  it('ends where it began when GitHub says no', async () => {
    app.github.signIn.user = null;
    const url = await begin();
    const back = new URL((await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '');
    expect((await comeBack(back, app.owner)).get('error')).toBe('denied');
  });

  it('needs somebody before a browser: a token of the API cannot be sent to GitHub', async () => {
    const answer = await app.api.ask({ method: 'POST', url: '/api/v1/connections/oauth', payload: {} });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([403, 'forbidden']);
  });

  it('refuses a scope that nothing needs', async () => {
    const answer = await app.owner.send('POST', '/api/v1/connections/oauth', { scopes: ['delete_repo'] });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain('delete_repo');
  });
});

describe('several accounts', () => {
  it('stand side by side; the same account again is the same connection', async () => {
    const mira = (await app.connectAs('mira')).get('connected');
    const otto = (await app.connectAs('otto')).get('connected');
    expect(otto).not.toBe(mira);
    expect((await app.connectAs('mira', { scopes: ['repo', 'admin:repo_hook'] })).get('connected')).toBe(mira);
    const { connections } = await app.list();
    expect(connections.map(({ account }) => account.login)).toEqual(['mira', 'otto']);
    const linked = (await app.owner.send('GET', '/api/v1/me/linked-accounts')).json<{
      accounts: { login: string }[];
    }>();
    expect(linked.accounts.map(({ login }) => login)).toEqual(['mira', 'otto']);
    expect(await actions()).toEqual(expect.arrayContaining(['connection.added', 'connection.renewed']));
  });

  it('are told apart by number: a login that somebody else took is another account', async () => {
    const id = (await app.connectAs('otto')).get('connected') ?? '';
    app.github.account('otto').login = 'otto-of-old';
    await app.owner.send('POST', `/api/v1/connections/${id}/check`);
    expect((await app.one(id)).account.login).toBe('otto-of-old');
    app.github.account('otto-of-old').login = 'otto';
  });

  it('cannot be mixed up when one is renewed', async () => {
    const id = (await app.connectAs('mira')).get('connected') ?? '';
    expect((await app.connectAs('otto', { connectionId: id })).get('error')).toBe('other_account');
    expect((await app.list()).connections.map(({ account }) => account.login)).toEqual(['mira']);
  });
});

describe('a grant', () => {
  it('is not narrowed by signing in, nor by another connection', async () => {
    const id = (await app.connectAs('mira', { scopes: ['repo', 'read:org'] })).get('connected') ?? '';
    const begun = await app.owner.send('POST', '/api/v1/account/github', { scopes: [] });
    const back = new URL(
      (await fetch(begun.json<{ url: string }>().url, { redirect: 'manual' })).headers.get('location') ?? '',
    );
    expect((await app.owner.send('GET', back.pathname + back.search)).statusCode).toBe(302);
    expect(app.github.signIn.granted.at(-1)?.scope).toBe('user:email');
    await app.owner.send('POST', `/api/v1/connections/${id}/check`);
    expect(await app.one(id)).toMatchObject({ state: 'ok' });
  });

  it('that came back smaller is said to be, with what is missing, and grows again', async () => {
    const id = (await app.connectAs('mira', { scopes: ['repo', 'read:org'] })).get('connected') ?? '';
    app.github.signIn.withheld = ['read:org'];
    await app.connectAs('mira', { connectionId: id });
    expect(await app.one(id)).toMatchObject({
      state: 'narrowed',
      isReading: true,
      message: expect.stringContaining('read:org') as string,
    });
    app.github.signIn.withheld = [];
    const url = await begin({ connectionId: id, scopes: [] });
    // What was agreed before is asked for again without anybody choosing it.
    expect(url.searchParams.get('scope')?.split(' ').toSorted()).toEqual(['read:org', 'repo']);
    expect(url.searchParams.get('login')).toBe('mira');
    await comeBack(await agreeAs('mira', url), app.owner);
    expect(await app.one(id)).toMatchObject({ state: 'ok' });
  });

  it('is kept sealed, and nothing that is answered or logged holds it', async () => {
    const id = (await app.connectAs('mira')).get('connected') ?? '';
    const token = app.github.signIn.granted.at(-1)?.token ?? '';
    expect(token.length).toBeGreaterThan(10);
    const { rows } = await app.api.store.inWorkspace(app.api.workspaceId, (trx) =>
      sql<{ access_token: string }>`select access_token from connection_secrets`.execute(trx),
    );
    expect(rows[0]?.access_token).toMatch(/^v1\./);
    const shown = [
      await app.owner.send('GET', '/api/v1/connections'),
      await app.owner.send('GET', `/api/v1/connections/${id}`),
    ];
    for (const text of [...shown.map((answer) => answer.body), ...app.api.lines]) expect(text).not.toContain(token);
  });

  it('cannot be begun where no OAuth app and no App is set up, and the answer says what can be done', async () => {
    const plain = await openConnectedApp({ withOauthApp: false });
    await plain.reset();
    const answer = await plain.owner.send('POST', '/api/v1/connections/oauth', {});
    expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toMatchObject([
      409,
      expect.stringContaining('Paste a token'),
    ]);
    expect((await plain.list()).ways).toMatchObject({ oauth: false, app: null });
    await plain.close();
  });
});

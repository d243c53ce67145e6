import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SignInMeans } from '@devpulse/contract/wire/sign-in';
import { newId } from '@devpulse/db/ids';
import { hashSecret, makeSecret } from './secret-format.ts';
import { type AccountApp, ada, openAccountApp } from './testing/account-app.ts';
import { type GithubFront, type GithubUser, openGithubFront } from './testing/github-front.ts';
import { showCode } from './testing/totp.ts';
import { openVisitor, type Visitor } from './testing/visitor.ts';

const callback = '/api/v1/auth/callback/github';
let github: GithubFront;
let api: AccountApp;
let owner: Visitor;
beforeAll(async () => {
  github = await openGithubFront({ callback: `http://localhost:3000${callback}` });
  api = await openAccountApp(() => ({ github: github.app }));
});
afterAll(async () => {
  await api.close();
  await github.close();
});
beforeEach(async () => {
  await api.asOwner('delete from limit_buckets; delete from auth."user"; delete from auth.verification');
  github.granted.length = 0;
  github.refused.length = 0;
  owner = openVisitor(api);
  await owner.send('POST', '/api/v1/setup', { token: await api.link(), ...ada });
});

const mira: GithubUser = {
  id: 4_294_967_311,
  login: 'mira',
  name: 'Mira Solano',
  emails: [{ email: 'mira@example.org', primary: true, verified: true }],
};

/** Follows the browser to GitHub and back; answers where it ends. */
async function goThrough(visitor: Visitor, start: { url: string; body?: object }): Promise<string> {
  const begun = await visitor.send('POST', start.url, start.body ?? {});
  expect(begun.statusCode, begun.body).toBe(200);
  const { url } = begun.json<{ url: string }>();
  return comeBack(visitor, url);
}

async function comeBack(visitor: Visitor, url: string): Promise<string> {
  const there = await fetch(url, { redirect: 'manual' });
  const location = new URL(there.headers.get('location') ?? 'http://nowhere.test');
  expect(location.origin + location.pathname).toBe(`http://localhost:3000${callback}`);
  const back = await visitor.send('GET', location.pathname + location.search);
  expect(back.statusCode, back.body).toBe(302);
  return String(back.headers['location']);
}

const signIn = (visitor: Visitor, body?: object) =>
  goThrough(visitor, { url: '/api/v1/session/github', ...(body === undefined ? {} : { body }) });
const connect = (scopes: string[] = []) => goThrough(owner, { url: '/api/v1/account/github', body: { scopes } });
const session = async (visitor: Visitor) => (await visitor.send('GET', '/api/v1/session')).json<object>();
const means = async () => (await owner.send('GET', '/api/v1/account/sign-in')).json<SignInMeans>();

/** An invitation as the members' screens make it. */
async function invite(): Promise<string> {
  const secret = makeSecret();
  await api.store.inWorkspace(api.workspaceId, (trx) =>
    trx
      .insertInto('invitations')
      .values({
        workspace_id: api.workspaceId,
        id: newId(),
        kind: 'link',
        recipient: '',
        role: 'member',
        token_hash: hashSecret('invitation', secret),
        invited_by: api.ownerId,
        expires_at: new Date(Date.now() + 60_000),
      })
      .execute(),
  );
  return secret;
}

describe('the way to GitHub', () => {
  it('has a state, PKCE with S256 and the scope for addresses, and nothing more', async () => {
    const visitor = openVisitor(api);
    const { url } = (await visitor.send('POST', '/api/v1/session/github', {})).json<{ url: string }>();
    const ask = new URL(url).searchParams;
    expect(url.startsWith(`${github.app.url}/login/oauth/authorize?`)).toBe(true);
    expect(ask.get('scope')).toBe('user:email');
    expect(ask.get('code_challenge_method')).toBe('S256');
    expect(ask.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(ask.get('state')?.length).toBeGreaterThanOrEqual(32);
    expect(ask.get('redirect_uri')).toBe(`http://localhost:3000${callback}`);
  });

  it('leads back only the browser that left, with the state it took, once', async () => {
    github.be(mira);
    await connect();
    const visitor = openVisitor(api);
    const { url } = (await visitor.send('POST', '/api/v1/session/github', {})).json<{ url: string }>();
    const stranger = openVisitor(api);
    expect(await comeBack(stranger, url)).toMatch(/error=state/);
    expect(await session(stranger)).toMatchObject({ state: 'signed_out' });
    const other = await visitor.send('GET', `${callback}?code=x&state=${'y'.repeat(32)}`);
    expect(String(other.headers['location'])).toMatch(/^\/\?error=/);
    expect(await session(visitor)).toMatchObject({ state: 'signed_out' });
  });

  it('is not there where nobody set it up, and says what to do', async () => {
    const plain = await openAccountApp();
    const answer = await plain.send('POST', '/api/v1/session/github', { payload: {} });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      409,
      { code: 'not_configured', detail: expect.stringContaining('GITHUB_CLIENT_ID') as string },
    ]);
    await plain.close();
  });

  it('ends where it began when GitHub says no', async () => {
    const visitor = openVisitor(api);
    github.be(null);
    expect(await signIn(visitor)).toBe('/?error=access_denied');
    expect(await session(visitor)).toMatchObject({ state: 'signed_out' });
  });
});

describe('a GitHub that does not say who somebody is', () => {
  it('is said at the door, and lets nobody in', async () => {
    github.be(mira);
    await connect();
    github.revoke(true);
    const visitor = openVisitor(api);
    expect(await signIn(visitor)).toBe('/?error=unable_to_get_user_info');
    github.revoke(false);
    expect(await session(visitor)).toMatchObject({ state: 'signed_out' });
  });
});

describe('signing in with GitHub', () => {
  it('lets in whom the number belongs to, whatever they are called today, and whatever their address', async () => {
    github.be(mira);
    expect(await connect()).toBe('/settings/security?connected=github');
    github.be({ ...mira, login: 'mira-renamed', name: 'M', emails: [] });
    const visitor = openVisitor(api);
    expect(await signIn(visitor)).toBe('/');
    expect(await session(visitor)).toMatchObject({ state: 'signed_in', account: { name: ada.name, email: ada.email } });
    expect((await means()).github).toMatchObject([{ login: 'mira-renamed' }]);
    expect(github.refused).toEqual([]);
  });

  it('lets nobody in by a name that somebody else gave up', async () => {
    github.be(mira);
    await connect();
    github.be({ ...mira, id: 7, emails: [] });
    const visitor = openVisitor(api);
    expect(await signIn(visitor)).toBe('/?error=signup_disabled');
    expect(await session(visitor)).toMatchObject({ state: 'signed_out' });
  });

  it('lets nobody in whose address matches but was not confirmed, there or here', async () => {
    github.be({ ...mira, emails: [{ email: ada.email, primary: true, verified: false }] });
    expect(await signIn(openVisitor(api))).toBe('/?error=signup_disabled');
    github.be({ ...mira, emails: [{ email: ada.email, primary: true, verified: true }] });
    expect(await signIn(openVisitor(api))).toBe('/?error=account_not_linked');
    expect((await means()).github).toEqual([]);
    await api.asOwner(`update auth."user" set email_verified = true`);
    const visitor = openVisitor(api);
    expect(await signIn(visitor)).toBe('/');
    expect(await session(visitor)).toMatchObject({ state: 'signed_in', account: { email: ada.email } });
  });

  it('leads nobody past the second step by an address alone, and whoever connected it comes in', async () => {
    const { secret } = (await owner.send('POST', '/api/v1/account/two-factor', { password: ada.password })).json<{
      secret: string;
    }>();
    await owner.send('POST', '/api/v1/account/two-factor/confirm', { code: showCode(secret) });
    await api.asOwner(`update auth."user" set email_verified = true`);
    github.be({ ...mira, emails: [{ email: ada.email, primary: true, verified: true }] });
    for (const body of [undefined, { invitation: await invite() }]) {
      const stranger = openVisitor(api);
      expect(await signIn(stranger, body)).toBe('/?error=account_not_linked');
      expect(await session(stranger)).toMatchObject({ state: 'signed_out' });
      expect((await means()).github).toEqual([]);
    }
    expect(await connect()).toBe('/settings/security?connected=github');
    expect(await signIn(openVisitor(api))).toBe('/');
  });

  it('makes no account by itself, and one for whoever holds an invitation', async () => {
    github.be(mira);
    expect(await signIn(openVisitor(api))).toBe('/?error=signup_disabled');
    const forged = await openVisitor(api).send('POST', '/api/v1/session/github', { invitation: makeSecret() });
    expect([forged.statusCode, forged.json()]).toMatchObject([403, { code: 'forbidden' }]);
    const visitor = openVisitor(api);
    const invitation = await invite();
    expect(await signIn(visitor, { invitation })).toBe(`/join#${invitation}`);
    expect(await session(visitor)).toMatchObject({
      state: 'signed_in',
      account: { name: 'Mira Solano', email: 'mira@example.org' },
      workspaces: [{ kind: 'personal', role: 'owner' }],
    });
  });

  it('cuts the days of a new account in the zone of the browser that it was made in', async () => {
    github.be({
      ...mira,
      id: 81,
      login: 'zoe',
      name: 'Zoe',
      emails: [{ email: 'zoe@example.org', primary: true, verified: true }],
    });
    const visitor = openVisitor(api);
    const nowhere = { invitation: await invite(), zone: 'Mars/Olympus_Mons' };
    expect((await visitor.send('POST', '/api/v1/session/github', nowhere)).statusCode).toBe(400);
    await signIn(visitor, { invitation: await invite(), zone: 'Asia/Tokyo' });
    const { workspaces } = (await session(visitor)) as { workspaces: { id: string }[] };
    const id = workspaces[0]?.id ?? '';
    const made = await api.store.inWorkspace(id, (trx) =>
      trx.selectFrom('workspaces').select(['kind', 'zone']).where('id', '=', id).executeTakeFirst(),
    );
    expect(made).toEqual({ kind: 'personal', zone: 'Asia/Tokyo' });
  });

  it('makes no crowd of accounts by one invitation that is passed around and never accepted', async () => {
    const invitation = await invite();
    const ends: string[] = [];
    for (const id of [21, 22, 23, 24]) {
      github.be({ ...mira, id, login: `mira-${id}`, emails: [] });
      ends.push(await signIn(openVisitor(api), { invitation }));
    }
    expect(ends).toEqual([...Array<string>(3).fill(`/join#${invitation}`), '/?error=unable_to_create_user']);
    github.be({ ...mira, id: 21, login: 'mira-21', emails: [] });
    expect(await signIn(openVisitor(api), { invitation })).toBe(`/join#${invitation}`);
  });

  it('makes no account with an invitation that was taken back meanwhile', async () => {
    github.be(mira);
    const visitor = openVisitor(api);
    const invitation = await invite();
    const { url } = (await visitor.send('POST', '/api/v1/session/github', { invitation })).json<{ url: string }>();
    await api.store.inWorkspace(api.workspaceId, (trx) =>
      trx.updateTable('invitations').set({ revoked_at: new Date() }).execute(),
    );
    expect(await comeBack(visitor, url)).toBe('/?error=unable_to_create_user');
    const { rows } = await sql<{ count: number }>`select count(*) as count from auth."user"`.execute(api.store.auth);
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('keeps an account without an address where GitHub shows none', async () => {
    github.be({ ...mira, emails: [] });
    const visitor = openVisitor(api);
    await signIn(visitor, { invitation: await invite() });
    expect(await session(visitor)).toMatchObject({ state: 'signed_in', account: { email: null } });
  });
});

describe('a connection to GitHub', () => {
  it('asks for more only when told to, and does not lose it at the next sign-in', async () => {
    github.be(mira);
    await connect();
    expect((await means()).github[0]?.scopes).toEqual(['user:email']);
    await connect(['repo']);
    expect((await means()).github[0]?.scopes.toSorted()).toEqual(['repo', 'user:email']);
    const strong = github.granted.at(-1)?.token ?? '';
    await signIn(openVisitor(api));
    expect((await means()).github[0]?.scopes.toSorted()).toEqual(['repo', 'user:email']);
    expect(github.granted.at(-1)?.scope).toBe('user:email');
    expect(await readGithubToken()).toBe(strong);
  });

  it('refuses a scope that no feature has', async () => {
    const answer = await owner.send('POST', '/api/v1/account/github', { scopes: ['delete_repo'] });
    expect(answer.statusCode).toBe(400);
  });

  it('is made in a session that is younger than a day, since it is a way in that no password guards', async () => {
    await api.asOwner(`update auth.session set created_at = now() - interval '25 hours'`);
    const answer = await owner.send('POST', '/api/v1/account/github', { scopes: [] });
    expect([answer.statusCode, answer.json()]).toMatchObject([403, { code: 'forbidden' }]);
    await owner.send('POST', '/api/v1/session', { email: ada.email, password: ada.password });
    github.be(mira);
    expect(await connect()).toBe('/settings/security?connected=github');
  });

  it('leaves an account without a password to whoever signed in today', async () => {
    github.be(mira);
    const visitor = openVisitor(api);
    await signIn(visitor, { invitation: await invite() });
    await api.asOwner(`update auth.session set created_at = now() - interval '25 hours'`);
    const first = { password: 'a first password' };
    expect((await visitor.send('PUT', '/api/v1/account/password', first)).statusCode).toBe(403);
    expect((await visitor.send('PUT', '/api/v1/account/email', { email: 'else@example.org' })).statusCode).toBe(403);
    await signIn(visitor);
    expect((await visitor.send('PUT', '/api/v1/account/email', { email: 'else@example.org' })).statusCode).toBe(200);
    const elsewhere = openVisitor(api);
    await signIn(elsewhere);
    expect((await visitor.send('PUT', '/api/v1/account/password', first)).statusCode).toBe(204);
    expect(await session(elsewhere)).toMatchObject({ state: 'signed_out' });
    expect(await session(visitor)).toMatchObject({ state: 'signed_in' });
  });

  it('belongs to one account', async () => {
    github.be(mira);
    const visitor = openVisitor(api);
    await signIn(visitor, { invitation: await invite() });
    expect(await connect()).toBe('/settings/security?error=account_already_linked_to_different_user');
    expect((await means()).github).toEqual([]);
  });

  it('is cut by its own account only, and not when it is the last way in', async () => {
    github.be(mira);
    await connect();
    const [connection] = (await means()).github;
    const visitor = openVisitor(api);
    github.be({ ...mira, id: 12 });
    await signIn(visitor, { invitation: await invite() });
    const url = `/api/v1/account/github/${connection?.id ?? ''}`;
    expect((await visitor.send('DELETE', url)).statusCode).toBe(404);
    const own = (await visitor.send('GET', '/api/v1/account/sign-in')).json<SignInMeans>().github[0]?.id ?? '';
    expect((await visitor.send('DELETE', `/api/v1/account/github/${own}`)).statusCode).toBe(409);
    expect((await owner.send('DELETE', url)).statusCode).toBe(204);
    expect((await means()).github).toEqual([]);
  });

  it('keeps the token sealed, to itself, and out of every answer and line of the log', async () => {
    github.be(mira);
    await connect(['repo']);
    const token = github.granted.at(-1)?.token ?? '';
    expect(token.length).toBeGreaterThan(10);
    const { rows } = await sql`select row_to_json(a) as row from auth.account a`.execute(api.store.auth);
    expect(JSON.stringify(rows)).not.toContain(token);
    const { rows: under } = await sql`select row_to_json(v) as row from auth.verification v`.execute(api.store.auth);
    expect(JSON.stringify(under)).not.toContain(token);
    expect(await readGithubToken()).toBe(token);
    for (const url of ['/api/v1/session', '/api/v1/account/sign-in', '/api/v1/me', '/api/v1/workspace'])
      expect((await owner.send('GET', url)).body, url).not.toContain(token);
    expect(api.lines.join('')).not.toContain(token);
    expect(JSON.stringify([...owner.cookies])).not.toContain(token);
  });
});

async function readGithubToken(): Promise<string> {
  const { rows } = await sql<{ id: string; access_token: string }>`
    select id, access_token from auth.account where provider_id = 'github'`.execute(api.store.auth);
  const row = rows[0];
  const place = { workspaceId: null, table: 'auth.account', column: 'access_token', row: row?.id ?? '' };
  return api.deps.keyring.open(row?.access_token ?? '', place);
}

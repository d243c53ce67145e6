import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openClient } from '@devpulse/db/connection';
import { usualLimits } from '../protect/limit-classes.ts';
import { openStoreLimits } from '../protect/limit-store.ts';
import { openLimiter } from '../protect/open-limiter.ts';
import { attemptLimits, countAttempt, countAttemptAt, countGuess } from './limit-attempts.ts';
import { joinWorkspace } from './join-workspace.ts';
import { openAuthenticator } from './open-authenticator.ts';
import { findOwnerAccount } from './owner-account.ts';
import { makeSecret } from './secret-format.ts';
import { type AccountApp, ada, cookieOf, openAccountApp } from './testing/account-app.ts';

let api: AccountApp;
let cookie: string;
beforeAll(async () => {
  api = await openAccountApp();
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.asOwner('delete from limit_buckets');
  const response = await api.send('POST', '/api/v1/setup', { payload: { token: await api.link(), ...ada } });
  cookie = cookieOf(response);
});

const signIn = (password: string, more: Parameters<AccountApp['send']>[2] = {}) =>
  api.send('POST', '/api/v1/session', { payload: { email: ada.email, password }, ...more });
const me = (as: string) => api.send('GET', '/api/v1/me', { cookie: as });
const rename = (headers: Record<string, string>) =>
  api.app.inject({ method: 'PATCH', url: '/api/v1/me', payload: { name: 'Renamed' }, headers });

describe('signing in', () => {
  it('gives a cookie that neither scripts nor other sites can use', async () => {
    const plain = await signIn(ada.password);
    expect(plain.statusCode).toBe(201);
    expect(plain.headers['set-cookie']).toMatch(
      /^devpulse_session=[\w-]{43}; Path=\/; Max-Age=15552000; HttpOnly; SameSite=Strict$/,
    );
  });

  it('gives it over TLS under a name that no neighbour can plant, and takes it by no other', async () => {
    const { store } = api.deps;
    const behind = await openAccountApp(() => ({
      protection: {
        limits: usualLimits,
        limiter: openLimiter(openStoreLimits(store)),
        trustedProxies: ['127.0.0.1'],
        tls: null,
      },
    }));
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'pulse.example.org' };
    const token = await behind.link();
    const secured = await behind.send('POST', '/api/v1/setup', { payload: { token, ...ada }, headers });
    expect(secured.headers['set-cookie']).toMatch(
      /^__Host-devpulse_session=[\w-]{43}; Path=\/; Max-Age=15552000; HttpOnly; SameSite=Strict; Secure$/,
    );
    const kept = cookieOf(secured);
    expect((await behind.send('GET', '/api/v1/me', { cookie: kept, headers })).statusCode).toBe(200);
    const plainName = kept.replace('__Host-', '');
    expect((await behind.send('GET', '/api/v1/me', { cookie: plainName, headers })).statusCode).toBe(401);
    await behind.close();
  });

  it('ends the session that the browser had before', async () => {
    const fresh = cookieOf(await signIn(ada.password, { cookie }));
    expect((await me(cookie)).statusCode).toBe(401);
    expect((await me(fresh)).statusCode).toBe(200);
  });

  it('answers a wrong password, an address of nobody and an instance without an owner alike', async () => {
    const wrong = await signIn('wrong password');
    const stranger = await api.send('POST', '/api/v1/session', {
      payload: { email: 'nobody@example.org', password: ada.password },
    });
    await api.asOwner('delete from auth."user"');
    const nobody = await signIn(ada.password);
    const strip = (answer: typeof wrong) => ({ ...answer.json<object>(), requestId: '' });
    expect(wrong.statusCode).toBe(401);
    expect(strip(stranger)).toEqual(strip(wrong));
    expect(strip(nobody)).toEqual(strip(wrong));
    expect(wrong.headers['set-cookie']).toBeUndefined();
  });

  it('takes the same letters however the keyboard makes them', async () => {
    const token = await api.link();
    await api.send('POST', '/api/v1/setup', { payload: { token, password: 'cafe\u0301 au lait' } });
    expect((await signIn('caf\u00e9 au lait')).statusCode).toBe(201);
  });

  it('refuses what is no request to sign in', async () => {
    expect((await signIn('')).statusCode).toBe(400);
    expect((await api.send('POST', '/api/v1/session', { payload: { user: 'x' } })).statusCode).toBe(400);
    expect((await signIn(ada.password, { headers: { 'sec-fetch-site': 'same-site' } })).statusCode).toBe(403);
  });

  it('makes the workspace of one’s own where a crash came before it, and none for whoever has one', async () => {
    const find = async (): Promise<{ id: string; kind: string }[]> =>
      (await signIn(ada.password)).json<{ workspaces: { id: string; kind: string }[] }>().workspaces;
    const kinds = async (): Promise<string[]> => (await find()).map(({ kind }) => kind).toSorted();
    const become = (kind: 'personal' | 'team') =>
      api.store.inWorkspace(api.workspaceId, (trx) => trx.updateTable('workspaces').set({ kind }).execute());
    expect(await kinds()).toEqual(['personal']);
    // As after an invitation was accepted and nothing more was done.
    await become('team');
    expect(await kinds()).toEqual(['personal', 'team']);
    expect(await kinds()).toEqual(['personal', 'team']);
    // As after an account was made on the way back from GitHub and nothing more was done.
    const leaveAll = async (): Promise<void> => {
      for (const { id } of await find())
        await api.store.inWorkspace(id, (trx) => trx.deleteFrom('account_members').execute());
    };
    await leaveAll();
    expect(await kinds()).toEqual(['personal']);
    await leaveAll();
    await become('personal');
  });

  it('lets in nobody who is in no workspace any more, and says whom to ask', async () => {
    const change = (deactivated: Date | null) =>
      api.store.inWorkspace(api.workspaceId, (trx) =>
        trx.updateTable('people_members').set({ deactivated_at: deactivated }).execute(),
      );
    await change(new Date());
    const refused = await signIn(ada.password);
    expect([refused.statusCode, refused.json()]).toMatchObject([
      403,
      { code: 'forbidden', detail: expect.stringContaining('in no workspace') as string },
    ]);
    expect(cookieOf(refused)).toBe('devpulse_session=');
    await change(null);
    expect((await signIn(ada.password)).statusCode).toBe(201);
  });

  it('stands in the audit log with where it came from, as does a refused attempt and signing out', async () => {
    await signIn('not the password', { address: '192.0.2.7' });
    await api.send('DELETE', '/api/v1/session', { cookie: cookieOf(await signIn(ada.password)) });
    await vi.waitFor(async () => {
      const entries = await api.store.inWorkspace(api.workspaceId, (trx) =>
        trx
          .selectFrom('audit_entries')
          .select(['action', 'address', 'after'])
          .orderBy('seq', 'desc')
          .limit(3)
          .execute(),
      );
      expect(entries.map(({ action }) => action).toSorted()).toEqual([
        'account.sign_in_refused',
        'account.signed_in',
        'account.signed_out',
      ]);
      const refused = entries.find(({ action }) => action === 'account.sign_in_refused');
      expect(refused?.address).toBe('192.0.2.7');
      expect(JSON.stringify(entries)).not.toContain('not the password');
    });
  });

  it('keeps no password and no secret of a session in the store', async () => {
    const { rows } = await sql<{ password: string; kept: boolean }>`
      select a.password, exists (
        select 1 from auth.session s where s::text like ${`%${cookie.split('=')[1]}%`}
      ) as kept from auth.account a`.execute(api.store.auth);
    expect(rows).toEqual([
      { password: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/) as string, kept: false },
    ]);
  });
});

describe('the limit of attempts', () => {
  it('stops an address after ten, the right password included, and no other address', async () => {
    const answers = await Promise.all(
      Array.from({ length: attemptLimits.perAddress + 3 }, () => signIn('wrong password', { address: '192.0.2.1' })),
    );
    expect(answers.map((answer) => answer.statusCode).toSorted((a, b) => a - b)).toEqual([
      ...Array<number>(attemptLimits.perAddress).fill(401),
      429,
      429,
      429,
    ]);
    const right = await signIn(ada.password, { address: '192.0.2.1' });
    expect([right.statusCode, right.json<{ code: string }>().code]).toEqual([429, 'too_many_requests']);
    const wait = Number(right.headers['retry-after']);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(900);
    expect((await signIn(ada.password, { address: '192.0.2.2' })).statusCode).toBe(201);
    await api.asOwner(`update limit_buckets set full_at_us = full_at_us - 16 * 60 * 1000000::bigint`);
    expect((await signIn(ada.password, { address: '192.0.2.1' })).statusCode).toBe(201);
  });

  it('starts anew for an address that knew the password', async () => {
    for (let round = 0; round < 2; round += 1) {
      for (let tries = 1; tries < attemptLimits.perAddress; tries += 1)
        expect((await signIn('wrong')).statusCode).toBe(401);
      expect((await signIn(ada.password)).statusCode).toBe(201);
    }
  });

  it('has an end for what is wrong, however often a password of their own is right', async () => {
    const guess = async (): Promise<number> =>
      (
        await api.send('POST', '/api/v1/session', {
          payload: { email: 'grace@example.org', password: 'a guess of many' },
          address: '192.0.2.30',
        })
      ).statusCode;
    let wrong = 0;
    for (let tries = 0; tries < 2 * attemptLimits.wrongPerAddress && (await guess()) === 401; tries += 1) {
      wrong += 1;
      if (wrong % 5 === 0) await signIn(ada.password, { address: '192.0.2.30' });
    }
    // One may be given back meanwhile.
    expect(wrong).toBeGreaterThanOrEqual(attemptLimits.wrongPerAddress);
    expect(wrong).toBeLessThanOrEqual(attemptLimits.wrongPerAddress + 2);
    expect((await signIn(ada.password, { address: '192.0.2.31' })).statusCode).toBe(201);
  });

  it('counts guesses within an account that is signed in, from however many addresses they come', async () => {
    const account = await findOwnerAccount(api.store);
    for (let count = 0; count < attemptLimits.perAccount; count += 1)
      expect(await countGuess(api.store, account?.id ?? '')).toBe(0);
    const answer = await api.send('POST', '/api/v1/account/two-factor', {
      payload: { password: ada.password },
      cookie,
      address: '192.0.2.40',
    });
    expect([answer.statusCode, Number(answer.headers['retry-after']) > 0]).toEqual([429, true]);
  });

  it('counts a whole network of the newer addresses as one', async () => {
    for (let host = 1; host <= attemptLimits.perAddress; host += 1)
      expect(await countAttempt(api.store, `2001:db8:0:7::${host}`)).toBe(0);
    expect((await signIn(ada.password, { address: '2001:db8:0:7:aaaa::1' })).statusCode).toBe(429);
    expect((await signIn(ada.password, { address: '2001:db8:0:8::1' })).statusCode).toBe(201);
  });

  it('becomes narrower for every address while many try, and is never used up by others', async () => {
    for (let count = 0; count < 2 * attemptLimits.many; count += 1)
      expect(await countAttempt(api.store, `198.51.100.${count}`)).toBe(0);
    const statuses: number[] = [];
    for (let tries = 0; tries <= attemptLimits.perAddressAmongMany; tries += 1)
      statuses.push((await signIn('wrong', { address: '192.0.2.8' })).statusCode);
    expect(statuses).toEqual([...Array<number>(attemptLimits.perAddressAmongMany).fill(401), 429]);
    // Somebody honest, from an address that was never seen: now, and however often they come.
    for (let times = 0; times <= attemptLimits.perAddressAmongMany; times += 1)
      expect((await signIn(ada.password, { address: '192.0.2.9' })).statusCode).toBe(201);
  });

  it('counts what is tried at one account from everywhere, but not where its holder is at home', async () => {
    expect((await signIn(ada.password, { address: '2001:db8:0:9::1' })).statusCode).toBe(201);
    const attack = async (email: string): Promise<number> => {
      let refused = 0;
      for (let count = 0; count < attemptLimits.perAccount; count += 1)
        if ((await countAttemptAt(api.store, email, `203.0.113.${count}`)) > 0) refused += 1;
      return refused;
    };
    // The one of the holder counted as well.
    expect(await attack(ada.email)).toBe(1);
    const [known, nobody] = [
      await signIn(ada.password, { address: '192.0.2.50' }),
      (await attack('nobody@example.org'),
      await api.send('POST', '/api/v1/session', {
        payload: { email: 'nobody@example.org', password: 'x' },
        address: '192.0.2.51',
      })),
    ];
    expect([known.statusCode, nobody.statusCode]).toEqual([429, 429]);
    expect(known.json<{ detail: string }>().detail).toBe(nobody.json<{ detail: string }>().detail);
    expect((await signIn(ada.password, { address: '2001:db8:0:9:1::2' })).statusCode).toBe(201);
  });
});

describe('a session', () => {
  it('lets the owner do everything, and says so', async () => {
    const answer = (await me(cookie)).json<{ scopes: string[] }>();
    expect(answer).toMatchObject({ id: api.ownerId, workspaceId: api.workspaceId });
    expect(answer.scopes).toEqual(expect.arrayContaining(['read', 'people', 'sources', 'operate']));
    expect((await rename({ cookie, 'sec-fetch-site': 'same-origin' })).json()).toMatchObject({ name: 'Renamed' });
    const receipt = await api.send('GET', '/api/v1/metrics/test_commits/receipt', { cookie });
    expect(receipt.json()).toMatchObject({
      metric: 'test_commits',
      reproduce: expect.stringMatching(/^curl -H "Authorization: Bearer \$DEVPULSE_TOKEN" /) as string,
    });
  });

  it('changes nothing for a page of somebody else', async () => {
    const host = 'localhost:3000';
    const foreign: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: `http://${host}`, host },
      { 'sec-fetch-site': 'none' },
      { origin: 'http://evil.test', host },
      { origin: 'http://localhost:3001', host },
      { origin: 'null', host },
      { origin: `http://${host}.evil.test`, host },
    ];
    for (const headers of foreign) {
      const answer = await rename({ cookie, ...headers });
      expect([answer.statusCode, answer.json<{ code: string }>().code], JSON.stringify(headers)).toEqual([
        403,
        'forbidden',
      ]);
      const out = await api.app.inject({ method: 'DELETE', url: '/api/v1/session', headers: { cookie, ...headers } });
      expect(out.statusCode).toBe(403);
    }
    expect((await me(cookie)).json()).toMatchObject({ name: ada.name });
    for (const headers of [
      { origin: `http://${host}`, host },
      { origin: 'https://pulse.test', host: 'pulse.test:443' },
    ])
      expect((await rename({ cookie, ...headers })).statusCode).toBe(200);
  });

  it('gives way to a token, whatever the page', async () => {
    const token = await api.tokenFor(['read']);
    const answer = await rename({ cookie, authorization: `Bearer ${token}`, 'sec-fetch-site': 'same-origin' });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ detail: expect.stringContaining('"people"') as string });
    const all = await rename({ authorization: `Bearer ${await api.tokenFor()}`, 'sec-fetch-site': 'cross-site' });
    expect(all.statusCode).toBe(200);
  });

  it('has the port in its name where one host has several instances, and is still taken by the plain one', async () => {
    const headers = { host: 'localhost:4010', 'sec-fetch-site': 'same-origin' };
    const given = await signIn(ada.password, { headers });
    expect(cookieOf(given)).toMatch(/^devpulse_session_4010=[\w-]{43}$/);
    const secret = cookieOf(given).split('=')[1] ?? '';
    const status = async (host: string, pair: string) =>
      (await api.send('GET', '/api/v1/me', { cookie: pair, headers: { host } })).statusCode;
    expect(await status('localhost:4010', `devpulse_session_4010=${secret}`)).toBe(200);
    expect(await status('localhost:4011', `devpulse_session_4010=${secret}`)).toBe(401);
    const neighbour = `devpulse_session_4011=${makeSecret()}`;
    expect(await status('localhost:4010', `${neighbour}; devpulse_session_4010=${secret}`)).toBe(200);
    expect(await status('localhost:4010', `${neighbour}; devpulse_session=${secret}`)).toBe(200);
  });

  it('is over with the next request after signing out, for whoever has a copy too', async () => {
    const many = () => Promise.all(Array.from({ length: 20 }, () => me(cookie)));
    expect((await many()).every((answer) => answer.statusCode === 200)).toBe(true);
    const out = await api.send('DELETE', '/api/v1/session', { cookie });
    expect([out.statusCode, out.headers['set-cookie']]).toEqual([
      204,
      'devpulse_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict',
    ]);
    for (const answer of await many()) {
      expect(answer.statusCode).toBe(401);
      expect(answer.json()).toMatchObject({ detail: expect.stringContaining('sign in again') as string });
    }
    expect((await api.send('GET', '/api/v1/session', { cookie })).json()).toMatchObject({ state: 'signed_out' });
    expect((await api.send('DELETE', '/api/v1/session')).statusCode).toBe(204);
  });

  it('is nothing when it is unknown, cut short or expired', async () => {
    for (const other of [`devpulse_session=${makeSecret()}`, cookie.slice(0, -1), `x${cookie}`, 'devpulse_session='])
      expect((await me(other)).statusCode, other).toBe(401);
    expect((await me(`theme=dark; ${cookie}; other=1`)).statusCode).toBe(200);
    await api.asOwner(`update auth.session set expires_at = now() - interval '1 second'`);
    expect((await me(cookie)).statusCode).toBe(401);
    expect((await api.send('GET', '/api/v1/session', { cookie })).json()).toMatchObject({ state: 'signed_out' });
  });

  it('lives on by being used, but not beyond half a year', async () => {
    const days = async (since: number, seen = '2 days'): Promise<number> => {
      const secret = cookie.split('=')[1];
      await api.asOwner(
        `update auth.session set created_at = now() - interval '${since} days', last_seen_at = now() - interval '${seen}',
           expires_at = now() + interval '1 day' where revoked_at is null`,
      );
      const fresh = openAuthenticator(api.deps);
      await fresh.authenticate({
        method: 'GET',
        protocol: 'http',
        host: 'localhost',
        headers: { cookie: `devpulse_session=${secret}` },
      });
      await fresh.close();
      const found = await readDays();
      return Math.round(found);
    };
    expect(await days(10)).toBe(30);
    expect(await days(170)).toBe(10);
    // Seen less than a minute ago: not written down again.
    expect(await days(10, '50 seconds')).toBe(1);
  });
});

/** How many days the open session has left. */
async function readDays(): Promise<number> {
  const client = await openClient(api.store.logins.owner, 'the test', () => undefined);
  const { rows } = await client.query<{ days: number }>(
    `select extract(epoch from max(expires_at) - now())::float8 / 86400 as days from auth.session where revoked_at is null`,
  );
  await client.end();
  return rows[0]?.days ?? Number.NaN;
}

describe('acting in another workspace', () => {
  const move = (workspaceId: string, as = cookie) =>
    api.send('POST', '/api/v1/session/workspace', { payload: { workspaceId }, cookie: as });

  it('moves to workspaces of the account, and to no other', async () => {
    const mine = await joined();
    const strangers = await api.addWorkspace();
    const moved = await move(mine.workspaceId);
    expect(moved.json()).toMatchObject({ workspace: { id: mine.workspaceId }, personId: mine.ownerId });
    expect((await me(cookie)).json()).toMatchObject({ id: mine.ownerId, workspaceId: mine.workspaceId });
    expect((await move(strangers.workspaceId)).statusCode).toBe(404);
    expect((await me(cookie)).json()).toMatchObject({ workspaceId: mine.workspaceId });
    expect((await move('x')).statusCode).toBe(400);
    expect((await api.send('POST', '/api/v1/session/workspace', { payload: {} })).statusCode).toBe(401);
    const byToken = await api.ask({
      method: 'POST',
      url: '/api/v1/session/workspace',
      payload: { workspaceId: mine.workspaceId },
      headers: { cookie },
    });
    expect([byToken.statusCode, byToken.json<{ code: string }>().code]).toEqual([403, 'forbidden']);
  });

  it('goes on in the first one when the workspace it was in is removed', async () => {
    const demo = await joined();
    await move(demo.workspaceId);
    await api.store.inWorkspace(demo.workspaceId, (trx) => trx.deleteFrom('workspaces').execute());
    expect((await me(cookie)).json()).toMatchObject({ workspaceId: api.workspaceId });
    const view = (await api.send('GET', '/api/v1/session', { cookie })).json<{ workspaces: { id: string }[] }>();
    expect(view).toMatchObject({ state: 'signed_in', workspace: { id: api.workspaceId } });
    expect(view.workspaces.map((entry) => entry.id)).not.toContain(demo.workspaceId);
  });

  async function joined(): Promise<{ workspaceId: string; ownerId: string }> {
    const made = await api.addWorkspace();
    const account = await findOwnerAccount(api.store);
    await api.store.inWorkspace(made.workspaceId, (trx) => joinWorkspace(trx, made.workspaceId, account?.id ?? ''));
    return made;
  }
});

describe('the log', () => {
  it('holds no password, no secret of a session and none of a link', async () => {
    const from = api.lines.length;
    const token = await api.link();
    const password = 'planted password of ada';
    const response = await api.send('POST', '/api/v1/setup', { payload: { token, ...ada, password } });
    const given = cookieOf(response).split('=')[1] ?? '';
    await me(cookieOf(response));
    await signIn('planted wrong password');
    await api.send('POST', `/api/v1/setup?token=${token}`, { payload: { token, password: 'short' } });
    await api.send('POST', '/api/v1/session', { payload: { email: ada.email, password, token: 7 } });
    api.deps.log.error(
      { headers: { cookie: `theme=dark; devpulse_session=${given}` }, body: { password, token } },
      `open http://localhost:3000/setup#${token} with __Host-devpulse_session=${given}; Path=/`,
    );
    const logged = api.lines.slice(from).join('');
    expect(logged.split('\n').length).toBeGreaterThan(5);
    for (const secret of [token, given, 'planted']) expect(logged).not.toContain(secret);
  });
});

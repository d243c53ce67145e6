import { generateKeyPairSync } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionView, GithubAppView, InstallationView } from '@devpulse/contract/wire/connections';
import type { Installation } from '../../../../test/github/front/apps.ts';
import { hearDeliveries } from '../hooks-in/hear-deliveries.ts';
import { signAppToken } from './ask-as-app.ts';
import { hearHook } from './hear-hook.ts';
import { readInstallations, refreshInstallations } from './installations.ts';
import { makeManifest } from './make-manifest.ts';
import { comeBack, type ConnectedApp, home, openConnectedApp } from './testing/github-app.ts';

let app: ConnectedApp;
beforeAll(async () => {
  app = await openConnectedApp();
});
afterAll(() => app.close());
beforeEach(() => app.reset());

/** The browser posts the form, GitHub's page asks, and sends it back. */
async function makeApp(wish: object = {}): Promise<URLSearchParams> {
  app.github.signIn.user = app.github.account('mira');
  const answer = await app.owner.send('POST', '/api/v1/github-app/manifest', wish);
  expect(answer.statusCode, answer.body).toBe(200);
  const { action, manifest } = answer.json<{ action: string; manifest: string }>();
  const page = await (await fetch(action, { method: 'POST', body: new URLSearchParams({ manifest }) })).text();
  const fields = [...page.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    unescape(value),
  ]);
  const made = await fetch(`${app.github.url}/settings/apps/create`, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams(Object.fromEntries(fields) as Record<string, string>),
  });
  return comeBack(new URL(made.headers.get('location') ?? ''), app.owner);
}
const unescape = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');

async function install(account: string, repositories?: string[]): Promise<Installation> {
  const view = (await app.owner.send('GET', '/api/v1/github-app')).json<GithubAppView>();
  const number = Number(view.app?.number);
  const found = [...apps.values()].find((one) => one.id === number);
  if (found === undefined) throw new Error('the counterpart knows no such App');
  return app.github.install(found, account, repositories);
}
const apps = new Map<number, Installation['app']>();
const pasteApp = async (
  permissions: Installation['permissions'] = { metadata: 'read', contents: 'read', pull_requests: 'read' },
) => {
  const { app: made } = app.github.registerApp('harbor', {
    name: `Pulse ${apps.size}`,
    url: home,
    default_permissions: permissions,
  });
  apps.set(made.id, made);
  const answer = await app.owner.send('PUT', '/api/v1/github-app', {
    number: String(made.id),
    privateKey: made.pem,
    webhookSecret: 'a secret',
  });
  expect(answer.statusCode, answer.body).toBe(200);
  return made;
};
const claim = (installation: Installation, who = app.owner) =>
  who.send('POST', `/api/v1/github-installations/${installation.id}/claim`);
const claimed = async (installation: Installation) => {
  const answer = await claim(installation);
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json<ConnectionView>();
};
const check = async (id: string) =>
  (await app.owner.send('POST', `/api/v1/connections/${id}/check`)).json<ConnectionView>();

describe('the App of the instance', () => {
  it('is made by a form that the browser posts, with reading rights and no more, and kept sealed', async () => {
    expect((await makeApp({ name: 'Our Pulse' })).get('app')).toBe('our-pulse');
    const { app: made } = (await app.owner.send('GET', '/api/v1/github-app')).json<GithubAppView>();
    expect(made).toMatchObject({ name: 'Our Pulse', slug: 'our-pulse', owner: 'mira', hasClient: true, missing: [] });
    const { rows } = await sql<Record<string, string>>`select * from read_github_app('127.0.0.1')`.execute(
      app.api.store.app,
    );
    expect(rows[0]?.['private_key']).toMatch(/^v1\./);
    expect(rows[0]?.['client_secret']).toMatch(/^v1\./);
    const levels = new Set(Object.values((rows[0]?.['permissions'] ?? {}) as Record<string, string>));
    expect([...levels]).toEqual(['read']);
    expect((await app.list()).ways.app?.installUrl).toContain('/our-pulse/installations/new');
  });

  it('has no hook where GitHub cannot reach this address, and one where it can', async () => {
    const wish = { name: 'Pulse', isPublic: false, returnPath: '/back' };
    expect(makeManifest(app.parts, { ...wish, origin: 'http://localhost:3000' })).not.toHaveProperty('hook_attributes');
    const at = { github: { host: 'github.com', url: 'https://github.com', apiUrl: 'https://api.github.com' } };
    expect(makeManifest(at, { ...wish, origin: 'http://192.168.1.20:3000' })).not.toHaveProperty('hook_attributes');
    const reached = makeManifest(at, { ...wish, origin: 'https://pulse.example.org' });
    expect(reached).toMatchObject({
      hook_attributes: { url: 'https://pulse.example.org/webhooks/github', active: true },
    });
    const events = reached['default_events'] as string[];
    for (const event of ['push', 'pull_request', 'pull_request_review', 'repository', 'workflow_run'])
      expect(events).toContain(event);
    for (const event of ['ping', 'installation', 'installation_repositories']) expect(events).not.toContain(event);
  });

  it('is made only by whoever began it, and a code counts once', async () => {
    const { code } = app.github.registerApp('mira', { name: 'Foreign', url: home });
    const forged = new URL(
      `${home}/api/v1/github-app/return?code=${code}&state=${app.api.workspaceId}.${'z'.repeat(43)}`,
    );
    expect((await comeBack(forged, app.owner)).get('error')).toBe('state');
    expect((await app.owner.send('GET', '/api/v1/github-app')).json<GithubAppView>().app).toBeNull();
  });

  it('is pasted with its number and key, which GitHub has to accept', async () => {
    const made = await pasteApp();
    expect((await app.owner.send('GET', '/api/v1/github-app')).json()).toMatchObject({
      app: {
        number: String(made.id),
        hasWebhookSecret: true,
        missing: expect.arrayContaining(['Issues', 'Deployments']) as string[],
      },
    });
    const foreign = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    for (const privateKey of [foreign.privateKey, 'x'.repeat(200)]) {
      const answer = await app.owner.send('PUT', '/api/v1/github-app', { number: String(made.id), privateKey });
      expect([answer.statusCode, answer.json<{ problems: { path: string }[] }>().problems[0]?.path]).toEqual([
        400,
        'body.privateKey',
      ]);
      expect(answer.body).not.toContain(privateKey.slice(40, 80));
    }
  });

  it('signs for ten minutes at most, back-dated, and by GitHub’s clock where ours is wrong', async () => {
    const made = await pasteApp();
    const now = new Date('2026-03-01T12:00:00Z');
    const [, body = ''] = (await signAppToken({ number: String(made.id), privateKey: made.pem }, now)).split('.');
    const { iat, exp } = JSON.parse(Buffer.from(body, 'base64url').toString()) as { iat: number; exp: number };
    expect(iat).toBe(now.getTime() / 1000 - 60);
    expect(exp - iat).toBeLessThanOrEqual(600);
    const connection = await claimed(await install('harbor'));
    app.github.clock.shift(20 * 60_000);
    try {
      expect(await check(connection.id)).toMatchObject({ state: 'ok' });
    } finally {
      app.github.clock.shift(-20 * 60_000);
    }
  });

  it('is forgotten when it is wished, and its connections say so; the App stays at GitHub', async () => {
    await pasteApp();
    const { id } = await claimed(await install('harbor'));
    expect((await app.owner.send('DELETE', '/api/v1/github-app')).statusCode).toBe(204);
    expect((await app.owner.send('DELETE', '/api/v1/github-app')).statusCode).toBe(404);
    expect(await check(id)).toMatchObject({ state: 'removed' });
    expect((await app.owner.send('POST', '/api/v1/github-installations/mine')).statusCode).toBe(409);
  });

  it('leads whoever has installed it on to where it is claimed, whatever the address says', async () => {
    const back = (query: string) => comeBack(new URL(`${home}/api/v1/github-app/installed?${query}`), app.owner);
    expect((await back('installation_id=12&setup_action=install')).get('installation')).toBe('12');
    expect((await back('setup_action=request')).get('installation')).toBe('requested');
  });

  it('is for those who look after the instance alone', async () => {
    const other = await otherWorkspace();
    for (const [method, url] of [
      ['GET', '/api/v1/github-app'],
      ['POST', '/api/v1/github-installations/refresh'],
    ] as const) {
      const answer = await app.api.app.inject({ method, url, headers: { authorization: `Bearer ${other.token}` } });
      expect(answer.statusCode, url).toBe(403);
    }
  });
});

async function otherWorkspace(): Promise<{ workspaceId: string; ownerId: string; token: string }> {
  const made = await app.api.addWorkspace();
  return { ...made, token: await app.api.tokenFor(undefined, made) };
}

describe('an installation', () => {
  it('is claimed by one workspace, read with tokens of any length, and nobody else is given it', async () => {
    await pasteApp();
    const installation = await install('harbor');
    const connection = await claimed(installation);
    expect(connection).toMatchObject({
      kind: 'app',
      state: 'ok',
      account: { login: 'harbor', type: 'Organization' },
      personId: null,
    });
    const refreshed = await app.owner.send('POST', `/api/v1/connections/${connection.id}/repositories/refresh`);
    expect(refreshed.json(), refreshed.body).toMatchObject({ reached: 2, added: 2 });
    const other = await otherWorkspace();
    const answer = await app.api.app.inject({
      method: 'POST',
      url: `/api/v1/github-installations/${installation.id}/claim`,
      headers: { authorization: `Bearer ${other.token}` },
    });
    expect(answer.statusCode, answer.body).toBe(403);
    const { rows } = await sql<{ outcome: string }>`
      select claim_installation('127.0.0.1', ${String(installation.id)}, ${other.workspaceId}) as outcome`.execute(
      app.api.store.app,
    );
    expect(rows[0]?.outcome).toBe('taken');
  });

  it('is for an owner of the organisation, shown by a connection of theirs; a member is refused', async () => {
    await pasteApp();
    const installation = await install('harbor');
    const other = await otherWorkspace();
    const as = (method: 'GET' | 'POST', url: string, payload?: object) =>
      app.api.app.inject({
        method,
        url,
        headers: { authorization: `Bearer ${other.token}` },
        ...(payload === undefined ? {} : { payload }),
      });
    const paste = (login: string) =>
      as('POST', '/api/v1/connections/token', {
        token: app.github.issueToken({ kind: 'classic', account: login, scopes: ['repo', 'read:org'] }).value,
      });
    expect((await as('POST', `/api/v1/github-installations/${installation.id}/claim`)).statusCode).toBe(403);
    expect((await paste('otto')).statusCode).toBe(201);
    expect((await as('POST', `/api/v1/github-installations/${installation.id}/claim`)).statusCode).toBe(403);
    expect(
      (await as('POST', '/api/v1/github-installations/mine')).json<{ installations: InstallationView[] }>()
        .installations,
    ).toEqual([]);
    expect((await paste('mira')).statusCode).toBe(201);
    const mine = (await as('POST', '/api/v1/github-installations/mine')).json<{ installations: InstallationView[] }>();
    expect(mine.installations).toMatchObject([{ number: String(installation.id), claim: 'free' }]);
    expect((await as('POST', `/api/v1/github-installations/${installation.id}/claim`)).statusCode).toBe(201);
    // The first workspace, which looks after the instance, sees that it is taken, and not by whom.
    const all = (await app.owner.send('POST', '/api/v1/github-installations/refresh')).json<{
      installations: InstallationView[];
    }>();
    expect(all.installations).toMatchObject([{ claim: 'elsewhere', connectionId: null }]);
    expect(JSON.stringify(all)).not.toContain(other.workspaceId);
    const taken = await claim(installation);
    expect([taken.statusCode, taken.json<{ detail: string }>().detail]).toMatchObject([
      409,
      expect.stringContaining('Another workspace'),
    ]);
  });

  it('that is suspended, given less or removed says so, stops its sources, and is back when it is back', async () => {
    const made = await pasteApp();
    const installation = await install('harbor');
    const { id } = await claimed(installation);
    await app.owner.send('POST', `/api/v1/connections/${id}/repositories/refresh`);
    const [first] = (await app.reach(id)).repositories;
    await app.owner.send('POST', `/api/v1/connections/${id}/repositories/watch`, { numbers: [first?.number] });
    const source = async () =>
      (await app.owner.send('GET', '/api/v1/sources')).json<{
        sources: { state: string; lastError: { code: string } | null }[];
      }>().sources[0];

    app.github.suspend(installation, 'mira');
    const suspended = await check(id);
    expect(suspended).toMatchObject({ state: 'suspended', isReading: false });
    expect(suspended.help).toContain(`/organizations/harbor/settings/installations/${installation.id}`);
    expect(await source()).toMatchObject({ state: 'failed', lastError: { code: 'reconnect' } });
    app.github.suspend(installation, 'mira', true);
    app.soon.length = 0;
    expect(await check(id)).toMatchObject({ state: 'ok' });
    expect(app.soon).toHaveLength(1);

    installation.permissions = { metadata: 'read', contents: 'read' };
    expect(await check(id)).toMatchObject({
      state: 'narrowed',
      isReading: true,
      message: expect.stringContaining('pull_requests') as string,
    });
    installation.permissions = { ...made.permissions };
    expect(await check(id)).toMatchObject({ state: 'ok' });

    app.github.uninstall(installation, 'mira');
    expect(await check(id)).toMatchObject({ state: 'removed', isReading: false });
    const again = await install('harbor');
    // Another installation of the same account is another number, and the same connection.
    app.soon.length = 0;
    expect(await claimed(again)).toMatchObject({ id, state: 'ok', installation: { number: String(again.id) } });
    expect(app.soon).toHaveLength(1);
    expect(await source()).toMatchObject({ state: 'failed', lastError: { code: 'catching up' } });
  });

  it('follows what deliveries say', async () => {
    await pasteApp();
    const installation = await install('harbor');
    const { id } = await claimed(installation);
    const payload = (action: string, more: object = {}) => ({
      action,
      installation: {
        id: installation.id,
        account: { id: installation.account.id, login: 'harbor', type: 'Organization' },
        repository_selection: 'selected',
        permissions: installation.permissions,
        html_url: `${app.github.url}/organizations/harbor/settings/installations/${installation.id}`,
        suspended_at: null,
        ...more,
      },
    });
    const hear = (event: string, body: unknown) => hearHook(app.parts, { event, payload: body }, [app.api.workspaceId]);
    await hear('installation', payload('suspend', { suspended_at: '2026-01-01T00:00:00Z' }));
    expect(await app.one(id)).toMatchObject({ state: 'suspended', installation: { repositories: 'selected' } });
    await hear('installation', payload('unsuspend'));
    expect(await app.one(id)).toMatchObject({ state: 'ok' });
    const api = app.github.repository('harbor/harbor-api');
    await hear('installation_repositories', {
      ...payload('added'),
      repositories_added: [{ id: api.id, full_name: 'harbor/harbor-api', private: true }],
      repositories_removed: [],
    });
    expect((await app.reach(id)).repositories).toMatchObject([{ fullName: 'harbor/harbor-api', state: 'there' }]);
    await hear('installation_repositories', {
      ...payload('removed'),
      repositories_added: [],
      repositories_removed: [{ id: api.id }],
    });
    expect((await app.reach(id)).repositories).toMatchObject([{ state: 'unreachable' }]);
    await hear('installation', payload('deleted'));
    expect(await app.one(id)).toMatchObject({ state: 'removed' });
    expect(await hear('installation', { nonsense: true })).toEqual([]);
  });

  it('that is taken off a repository ends what was read by it, and not what another connection reads', async () => {
    await pasteApp();
    const installation = await install('harbor');
    const { id } = await claimed(installation);
    await app.owner.send('POST', `/api/v1/connections/${id}/repositories/refresh`);
    const { value } = app.github.issueToken({ kind: 'classic', account: 'mira', scopes: ['repo', 'read:org'] });
    const token = (await app.owner.send('POST', '/api/v1/connections/token', { token: value })).json<ConnectionView>();
    await app.owner.send('POST', `/api/v1/connections/${token.id}/repositories/refresh`);
    const [api, web] = ['harbor/harbor-api', 'harbor/harbor-web'].map((name) => app.github.repository(name).id);
    for (const [connection, number] of [
      [id, web],
      [token.id, api],
    ])
      await app.owner.send('POST', `/api/v1/connections/${connection}/repositories/watch`, { numbers: [`${number}`] });
    const payload = {
      action: 'removed',
      installation: { id: installation.id },
      repositories_removed: [{ id: api }, { id: web }],
    };
    await hearHook(app.parts, { event: 'installation_repositories', payload }, [app.api.workspaceId]);
    const { sources } = (await app.owner.send('GET', '/api/v1/sources')).json<{ sources: object[] }>();
    expect(sources).toHaveLength(2);
    expect(sources).toContainEqual(expect.objectContaining({ name: 'harbor/harbor-api', state: 'new' }));
    expect(sources).toContainEqual(
      expect.objectContaining({
        name: 'harbor/harbor-web',
        state: 'failed',
        lastError: expect.objectContaining({ code: 'gone' }),
      }),
    );
  });

  it('is not taken for removed when another one was, while the list of them was read', async () => {
    await pasteApp();
    const all: Installation[] = [];
    for (let count = 0; count < 101; count += 1) all.push(await install('harbor'));
    await refreshInstallations(app.parts);
    let takes = 0;
    const take: typeof app.parts.governor.take = (ask, signal) => {
      takes += 1;
      const [first] = all;
      if (takes === 2 && first !== undefined) app.github.uninstall(first, 'mira');
      return app.parts.governor.take(ask, signal);
    };
    await refreshInstallations({ ...app.parts, governor: { ...app.parts.governor, take } });
    const known = await readInstallations(app.parts, null);
    expect(known).toHaveLength(101);
    expect(known.filter((row) => row.removed_at !== null)).toEqual([]);
    await refreshInstallations(app.parts);
    const removed = (await readInstallations(app.parts, null)).filter((row) => row.removed_at !== null);
    expect(removed.map((row) => row.number)).toEqual([String(all[0]?.id)]);
  });

  it('is what GitHub says, whatever another workspace has taken in as a delivery', async () => {
    await pasteApp();
    const [free, held] = [await install('harbor'), await install('mira')];
    const { id } = await claimed(held);
    await app.owner.send('POST', '/api/v1/github-installations/refresh');
    const other = await otherWorkspace();
    const otto = app.github.account('otto');
    const as = (method: 'POST', url: string, payload: object = {}) =>
      app.api.app.inject({ method, url, headers: { authorization: `Bearer ${other.token}` }, payload });
    const { value } = app.github.issueToken({ kind: 'classic', account: 'otto', scopes: ['repo', 'read:org'] });
    expect((await as('POST', '/api/v1/connections/token', { token: value })).statusCode).toBe(201);
    // An import takes in whatever its file calls a delivery.
    const forged = [free, held].map((installation) => ({
      workspaceId: other.workspaceId,
      source: 'github',
      key: `hook:app:${installation.id}`,
      kind: 'hook.installation',
      arrival: 'webhook' as const,
      body: Buffer.from(
        JSON.stringify({
          action: installation === held ? 'deleted' : 'created',
          installation: { id: installation.id, account: { id: otto.id, login: 'otto', type: 'User' } },
        }),
      ),
    }));
    expect(await app.api.deps.capture.add(forged)).toEqual(['accepted', 'accepted']);
    await hearDeliveries(app.parts, other.workspaceId, new AbortController().signal);
    expect(await app.one(id)).toMatchObject({ state: 'ok', account: { login: 'mira' } });
    expect((await as('POST', `/api/v1/github-installations/${free.id}/claim`)).statusCode).toBe(403);
  });

  it('is given up by disconnecting, and can be claimed again with all that hung on it', async () => {
    await pasteApp();
    const installation = await install('harbor');
    const { id } = await claimed(installation);
    await app.owner.send('POST', `/api/v1/connections/${id}/repositories/refresh`);
    const [first] = (await app.reach(id)).repositories;
    await app.owner.send('POST', `/api/v1/connections/${id}/repositories/watch`, { numbers: [first?.number] });
    const ended = await app.owner.send('DELETE', `/api/v1/connections/${id}`);
    expect(ended.json()).toMatchObject({ revoked: false, left: expect.stringContaining('still installed') as string });
    expect(await app.one(id)).toMatchObject({ state: 'disconnected' });
    app.soon.length = 0;
    expect((await claimed(installation)).id).toBe(id);
    expect(app.soon).toHaveLength(1);
  });
});

import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SourceRefused } from '@devpulse/contract/source-client';
import type { ConnectionView } from '@devpulse/contract/wire/connections';
import { exchangeRefresh } from './exchange-grant.ts';
import type { GithubParts } from './github-parts.ts';
import { findOauthClient } from './oauth-client.ts';
import { credentialsOf } from './read-credential.ts';
import { type ConnectedApp, home, openConnectedApp } from './testing/github-app.ts';

let app: ConnectedApp;
let aheadMs = 0;
/** Another process: it shares the store and GitHub, and nothing else. Its clock is the test's. */
const process = (): GithubParts => ({ ...app.parts, now: () => new Date(Date.now() + aheadMs) });
beforeAll(async () => {
  app = await openConnectedApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  aheadMs = 0;
  await app.reset();
});

/** A grant whose tokens end after eight hours, as those of Apps do, and of OAuth apps since they can. */
async function connectExpiring(): Promise<string> {
  app.github.signIn.lasts = 8 * 3600;
  return (await app.connectAs('mira')).get('connected') ?? '';
}
const credentials = (id: string, parts = process()) => credentialsOf(parts, app.api.workspaceId, id);
const exchanges = () => app.github.requests.filter(({ path }) => path === '/login/oauth/access_token').length;
const inWorkspace = (text: string) =>
  app.api.store.inWorkspace(app.api.workspaceId, (trx) => sql.raw(text).execute(trx));
const refusal = new SourceRefused('unauthenticated', 'Bad credentials', { status: 401 });
const hours = (count: number) => count * 3_600_000;

describe('a token that ends', () => {
  it('is used as it is while it counts, and renewed five minutes early, with both of its tokens replaced', async () => {
    const id = await connectExpiring();
    const source = credentials(id);
    const first = await source.read();
    expect(first).toMatchObject({ version: 1, budget: '127.0.0.1|user|4294967311' });
    const before = exchanges();
    aheadMs = hours(8) - 6 * 60_000;
    expect((await source.read()).version).toBe(1);
    expect(exchanges()).toBe(before);
    aheadMs = hours(8) - 4 * 60_000;
    const second = await source.read();
    expect(second.version).toBe(2);
    expect(second.authorization).not.toBe(first.authorization);
    expect(exchanges()).toBe(before + 1);
    // The refresh token is another one too: the next renewal goes through.
    aheadMs = hours(16);
    expect((await source.read()).version).toBe(3);
  });

  it('is renewed once, however many processes want it at the same moment', async () => {
    const id = await connectExpiring();
    aheadMs = hours(9);
    const before = exchanges();
    const read = await Promise.all(Array.from({ length: 12 }, () => credentials(id).read()));
    expect(new Set(read.map((one) => one.authorization)).size).toBe(1);
    expect(exchanges()).toBe(before + 1);
  });

  it('whose renewal was lost between GitHub’s answer and our commit asks for a person, and never loops', async () => {
    const id = await connectExpiring();
    aheadMs = hours(9);
    // A process takes the lease, spends the refresh token, and dies before it can write what it got.
    const client = await findOauthClient(process());
    const { rows } = await sql<{ refresh_token: string }>`select refresh_token from connection_secrets`.execute(
      app.api.store.app,
    );
    expect(rows).toEqual([]);
    const kept = await app.api.store.inWorkspace(app.api.workspaceId, async (trx) => {
      const found = await sql<{ refresh_token: string }>`select refresh_token from connection_secrets`.execute(trx);
      return app.parts.keyring.open(found.rows[0]?.refresh_token ?? '', {
        workspaceId: app.api.workspaceId,
        table: 'connection_secrets',
        column: 'refresh_token',
        row: id,
      });
    });
    if (client === null) throw new Error('there is no client');
    expect(await exchangeRefresh(process(), client, kept)).toHaveProperty('tokens');
    await inWorkspace(
      `update connection_secrets set lease_owner = 'the dead one', lease_until = now() - interval '1 second'`,
    );
    const before = exchanges();
    await expect(credentials(id).read()).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(exchanges()).toBe(before + 1);
    expect(await app.one(id)).toMatchObject({
      state: 'dead',
      isReading: false,
      message: expect.stringContaining('Connect it again') as string,
    });
    for (let tries = 0; tries < 5; tries += 1)
      await expect(credentials(id).read()).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(exchanges()).toBe(before + 1);
    expect((await app.connectAs('mira')).get('connected')).toBe(id);
    expect(await app.one(id)).toMatchObject({ state: 'ok' });
  });

  it('is waited for while somebody else renews it', async () => {
    const id = await connectExpiring();
    aheadMs = hours(9);
    await inWorkspace(
      `update connection_secrets set lease_owner = 'another', lease_until = now() + interval '700 milliseconds'`,
    );
    expect((await credentials(id).read()).version).toBe(2);
  });

  it('is not lost because GitHub could not be asked', async () => {
    const id = await connectExpiring();
    aheadMs = hours(9);
    app.github.faults.add({ path: /access_token/, kind: 502, times: 1 });
    await expect(credentials(id).read()).rejects.toMatchObject({ kind: 'failed' });
    expect(await app.one(id)).toMatchObject({ state: 'ok' });
    expect((await credentials(id).read()).version).toBe(2);
    app.github.faults.clear();
  });
});

describe('a refused token', () => {
  it('is not renewed where somebody else has done so meanwhile', async () => {
    const id = await connectExpiring();
    const slow = credentials(id);
    const { version } = await slow.read();
    aheadMs = hours(9);
    await credentials(id).read();
    const before = exchanges();
    expect(await slow.refused(version, refusal)).toBe('retry');
    expect(exchanges()).toBe(before);
  });

  it('is renewed once; where the new one is refused as well the connection is dead, and GitHub is left alone', async () => {
    const id = await connectExpiring();
    aheadMs = hours(2);
    const source = credentials(id);
    const first = await source.read();
    expect(await source.refused(first.version, refusal)).toBe('retry');
    const second = await source.read();
    expect(second.version).toBe(first.version + 1);
    expect(await source.refused(second.version, refusal)).toBe('give up');
    expect((await app.one(id)).state).toBe('dead');
    const before = app.github.requests.length;
    await expect(source.read()).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(app.github.requests.length).toBe(before);
  });

  it('that was pasted is dead at once, with one entry in the audit log however many found it', async () => {
    const { value } = app.github.issueToken({ kind: 'classic', account: 'mira', scopes: ['repo'] });
    const answer = await app.owner.send('POST', '/api/v1/connections/token', { token: value });
    const { id } = answer.json<ConnectionView>();
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => credentials(id).refused(1, refusal)));
    expect(new Set(outcomes)).toEqual(new Set(['give up']));
    const { rows } = (await inWorkspace(
      `select 1 from audit_entries where action = 'connection.changed' and after like '%dead%' and target_id = '${id}'`,
    )) as { rows: unknown[] };
    expect(rows).toHaveLength(1);
  });

  it('for want of single sign-on keeps the connection and names the page', async () => {
    const id = await connectExpiring();
    const help = `${app.github.url}/orgs/harbor/sso?authorization_request=x`;
    expect(await credentials(id).refused(1, new SourceRefused('denied', 'SSO', { status: 403, help }))).toBe('give up');
    expect(await app.one(id)).toMatchObject({ state: 'sso', isReading: true, help });
  });

  it('for want of a permission, or of quota, changes nothing', async () => {
    const id = await connectExpiring();
    for (const kind of ['denied', 'throttled', 'missing', 'failed'] as const)
      expect(await credentials(id).refused(1, new SourceRefused(kind, 'no'))).toBe('give up');
    expect(await app.one(id)).toMatchObject({ state: 'ok' });
  });
});

describe('a pasted token', () => {
  it('that has run out says so without GitHub being asked', async () => {
    const { value } = app.github.issueToken({ kind: 'classic', account: 'mira', scopes: ['repo'], lasts: 3600 });
    const answer = await app.owner.send('POST', '/api/v1/connections/token', { token: value });
    const { id } = answer.json<ConnectionView>();
    aheadMs = hours(2);
    const before = app.github.requests.length;
    await expect(credentials(id).read()).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(await app.one(id)).toMatchObject({ state: 'expired' });
    expect(app.github.requests.length).toBe(before);
  });
});

describe('an installation’s token', () => {
  it('is made by one process at a time, renewed each hour, and long ones are kept whole', async () => {
    const { app: made } = app.github.registerApp('harbor', {
      name: 'Credential Pulse',
      url: home,
      default_permissions: { contents: 'read' },
    });
    await app.owner.send('PUT', '/api/v1/github-app', { number: String(made.id), privateKey: made.pem });
    const installation = app.github.install(made, 'harbor');
    const claimed = await app.owner.send('POST', `/api/v1/github-installations/${installation.id}/claim`);
    const { id } = claimed.json<ConnectionView>();
    const minted = () =>
      app.github.requests.filter(({ path, status }) => path.endsWith('/access_tokens') && status === 201).length;
    const read = await Promise.all(Array.from({ length: 8 }, () => credentials(id).read()));
    expect(minted()).toBe(1);
    expect(read[0]?.authorization.length).toBeGreaterThan(400);
    expect(read[0]?.authorization).toMatch(/^Bearer ghs_[\w.-]+$/);
    expect(read[0]?.budget).toBe(`127.0.0.1|installation|${installation.id}`);
    aheadMs = 56 * 60_000;
    // Its clock and ours differ by an hour: what was made a moment ago is used all the same.
    await credentials(id).read();
    expect(minted()).toBe(2);
    aheadMs = 0;
    app.github.uninstall(installation, 'mira');
    expect(await credentials(id).refused(read[0]?.version ?? 0, refusal)).toBe('retry');
    expect(await credentials(id).refused((read[0]?.version ?? 0) + 1, refusal)).toBe('give up');
    expect(await app.one(id)).toMatchObject({ state: 'removed' });
  });
});

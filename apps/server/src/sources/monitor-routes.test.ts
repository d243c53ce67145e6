import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionView } from '@devpulse/contract/wire/connections';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { type ConnectedApp, openConnectedApp } from '../connections/testing/github-app.ts';

let app: ConnectedApp;
let source: string;
beforeAll(async () => {
  app = await openConnectedApp();
  const author = { name: 'Mira', email: 'mira@example.org' };
  app.github.seedRepository({
    name: 'mira/work',
    commits: Array.from({ length: 30 }, (_, at) => ({ message: `Step ${at}`, author })),
    issues: [{ by: 'mira', title: 'It leaks', at: new Date(Date.now() - 86_400_000) }],
  });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.reset();
  const { value } = app.github.issueToken({ kind: 'classic', account: 'mira', scopes: ['repo', 'read:org'] });
  const { id } = (await app.owner.send('POST', '/api/v1/connections/token', { token: value })).json<ConnectionView>();
  await app.owner.send('POST', `/api/v1/connections/${id}/repositories/refresh`);
  const numbers = [String(app.github.repository('mira/work').id)];
  const watched = await app.owner.send('POST', `/api/v1/connections/${id}/repositories/watch`, { numbers });
  source = watched.json<{ sourceIds: string[] }>().sourceIds[0] ?? '';
  app.soon.length = 0;
});

const send = (method: 'POST' | 'PATCH', what: string, payload: object = {}) =>
  app.owner.send(method, `/api/v1/sources/${source}/${what}`, payload);

describe('a plan', () => {
  it('says what reading the past takes, for two questions, and is shown with the source', async () => {
    const before = app.github.requests.length;
    const answer = await send('POST', 'plan', { history: 'all' });
    expect(answer.statusCode, answer.body).toBe(200);
    expect(app.github.requests.length - before).toBe(2);
    const { plan } = answer.json<SourceView>();
    expect(plan).toMatchObject({ history: 'all', limit: 5000, hours: 0, app: { limit: 5000 } });
    const items = Object.fromEntries((plan?.kinds ?? []).map(({ kind, items: count }) => [kind, count]));
    expect(items).toMatchObject({ commits: 30, issues: 1, pulls: 0, comments: null, 'commit-files': 30 });
    expect(plan?.kinds.find(({ kind }) => kind === 'commit-files')).toMatchObject({ cost: 31, resource: 'core' });
    const listed = (await app.owner.send('GET', '/api/v1/sources')).json<{ sources: SourceView[] }>().sources;
    expect(listed.find(({ id }) => id === source)?.plan).toEqual(plan);
    await send('POST', 'plan', { history: 'all' });
    expect(app.github.requests.length - before).toBe(2);
  });

  it('that cannot be made says why', async () => {
    app.github.refuseAllTokens(true);
    const answer = await send('POST', 'plan');
    app.github.refuseAllTokens(false);
    expect(answer.statusCode).toBe(409);
    expect(answer.body).not.toContain('ghp_');
  });
});

describe('how often', () => {
  it('is chosen, and left to itself again', async () => {
    const chosen = (await send('PATCH', 'monitor', { everySeconds: 900 })).json<SourceView>();
    expect(chosen.monitor).toMatchObject({ everySeconds: 900, wishedSeconds: 900 });
    expect((await send('PATCH', 'monitor', { everySeconds: null })).json<SourceView>().monitor).toMatchObject({
      everySeconds: 60,
      wishedSeconds: null,
    });
    for (const everySeconds of [0, 59, 86_401, 'often'])
      expect((await send('PATCH', 'monitor', { everySeconds })).statusCode).toBe(400);
    expect(app.soon).toEqual([]);
  });

  it('and how far back; then it is read soon', async () => {
    const changed = (await send('PATCH', 'monitor', { history: 'quarter', branches: 'all' })).json<SourceView>();
    expect(changed.choices).toEqual({ history: 'quarter', branches: 'all' });
    expect(app.soon).toEqual([source]);
  });

  it('is at most once a minute for whoever cannot wait', async () => {
    for (let times = 0; times < 3; times += 1) expect((await send('POST', 'check')).statusCode).toBe(202);
    expect(app.soon).toEqual([source]);
  });
});

describe('whatever is shown', () => {
  it('is read from here: no address asks GitHub', async () => {
    const before = app.github.requests.length;
    const document = (await app.owner.send('GET', '/openapi.json')).json<{
      paths: Record<string, Record<string, unknown>>;
    }>();
    const paths = Object.entries(document.paths).flatMap(([path, methods]) => ('get' in methods ? [path] : []));
    expect(paths.length).toBeGreaterThan(40);
    for (const path of paths) {
      // Streams do not end, and leaving for GitHub's own pages is what that address is for.
      if (/live|stream|callback/.test(path)) continue;
      await app.owner.send('GET', path.replaceAll(/\{[^}]+\}/g, source));
    }
    for (const page of ['/', '/settings/connections', '/sources']) await app.owner.send('GET', page);
    expect(app.github.requests.slice(before).map(({ path }) => path)).toEqual([]);
  });
});

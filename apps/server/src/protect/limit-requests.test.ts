import { afterEach, describe, expect, it } from 'vitest';
import { makeToken } from '../tokens/token-format.ts';
import type { App } from '../deps.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { type LimitSettings, usualLimits } from './limit-classes.ts';
import { type LimitStore, openStoreLimits } from './limit-store.ts';
import { openLimiter } from './open-limiter.ts';

function registerTrials(app: App): void {
  const handler = async () => ({ done: true });
  app.get('/api/v1/read', { config: { permission: 'numbers.read' }, handler });
  app.post('/api/v1/work', { config: { permission: 'numbers.read', limit: 'costly' }, handler });
  app.post('/api/v1/ingest', { config: { permission: 'events.send', limit: 'ingest' }, handler });
  app.get('/api/v1/visit', { config: { permission: 'public' }, handler });
  app.post('/api/v1/door', { config: { permission: 'public' }, handler });
  app.post('/api/v1/large', { config: { permission: 'public' }, bodyLimit: 64 * 1024, handler });
  app.get('/page', { config: { permission: 'public' }, handler });
}

let api: TestApi;
afterEach(() => api.close());

// Three at once, one more every 6.7 seconds.
const tight = 9;
const allTight: LimitSettings = {
  reads: tight,
  writes: tight,
  costly: tight,
  ingest: tight,
  visits: tight,
  doors: tight,
  keys: tight,
};

async function open(limits: LimitSettings, store?: LimitStore): Promise<void> {
  api = await openTestApi({
    areas: [registerTrials],
    deps: (usual) => ({
      protection: {
        limits,
        limiter: openLimiter(store ?? openStoreLimits(usual.store)),
        trustedProxies: [],
        tls: null,
      },
    }),
  });
}

interface Wish {
  method?: 'GET' | 'POST';
  token?: string;
  from?: string;
  headers?: Record<string, string>;
}

async function ask(url: string, { method = 'GET', token, from, headers }: Wish = {}) {
  const response = await api.app.inject({
    method,
    url,
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(from === undefined ? {} : { remoteAddress: from }),
  });
  return { status: response.statusCode, headers: response.headers, code: response.json<{ code?: string }>().code };
}

async function statuses(count: number, url: string, wish: Wish = {}): Promise<number[]> {
  const answers: number[] = [];
  for (let each = 0; each < count; each += 1) answers.push((await ask(url, wish)).status);
  return answers;
}

describe('limits of bodies', () => {
  it('are narrow where nobody is known yet, unless a route takes more', async () => {
    await open(usualLimits);
    const post = async (url: string, bytes: number) => {
      const answer = await api.app.inject({ method: 'POST', url, payload: { text: 'x'.repeat(bytes) } });
      return answer.statusCode;
    };
    expect(await post('/api/v1/door', 32 * 1024 - 20)).toBe(200);
    expect(await post('/api/v1/door', 32 * 1024)).toBe(413);
    expect(await post('/api/v1/large', 63 * 1024)).toBe(200);
    expect(await post('/api/v1/large', 65 * 1024)).toBe(413);
  });
});

describe('limits of requests', () => {
  it('say what is left, and when to come again', async () => {
    await open(allTight);
    const token = await api.tokenFor(['read']);
    const first = await ask('/api/v1/read', { token });
    expect(first.headers).toMatchObject({ 'ratelimit-policy': '"reads";q=3;w=20', ratelimit: '"reads";r=2;t=7' });
    expect(await statuses(2, '/api/v1/read', { token })).toEqual([200, 200]);
    const refused = await ask('/api/v1/read', { token });
    expect([refused.status, refused.code]).toEqual([429, 'too_many_requests']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(7);
    expect(refused.headers['ratelimit']).toMatch(/^"reads";r=0;t=[1-7]$/);
  });

  it('count each token and each class for itself, and all tokens of a person together', async () => {
    await open(allTight);
    const [one, two, three] = await Promise.all([api.tokenFor(), api.tokenFor(), api.tokenFor()]);
    expect(await statuses(4, '/api/v1/read', { token: one })).toEqual([200, 200, 200, 429]);
    expect(await statuses(2, '/api/v1/work', { token: one, method: 'POST' })).toEqual([200, 200]);
    expect(await statuses(4, '/api/v1/read', { token: two })).toEqual([200, 200, 200, 429]);
    // Six is what a person has; a third token of theirs brings nothing, one of somebody else does.
    expect(await statuses(1, '/api/v1/read', { token: three })).toEqual([429]);
    const other = await api.addWorkspace();
    expect(await statuses(1, '/api/v1/read', { token: await api.tokenFor(['read'], other) })).toEqual([200]);
  });

  it('count whoever need not sign in by address, and by no header that anybody can write', async () => {
    await open(allTight);
    const spoofed = { 'x-forwarded-for': '203.0.113.1', forwarded: 'for=203.0.113.1', 'x-real-ip': '203.0.113.1' };
    expect(await statuses(3, '/api/v1/visit', { from: '192.0.2.1' })).toEqual([200, 200, 200]);
    expect(await statuses(1, '/api/v1/visit', { from: '192.0.2.1', headers: spoofed })).toEqual([429]);
    expect(await statuses(1, '/api/v1/visit', { from: '203.0.113.1' })).toEqual([200]);
    expect(await statuses(4, '/api/v1/door', { from: '2001:db8::1', method: 'POST' })).toEqual([200, 200, 200, 429]);
    expect(await statuses(1, '/api/v1/door', { from: '2001:db8::ffff:1', method: 'POST' })).toEqual([429]);
    expect(await statuses(1, '/api/v1/door', { from: '2001:db8:0:1::1', method: 'POST' })).toEqual([200]);
    expect(await statuses(9, '/page', { from: '192.0.2.1' })).toEqual(Array(9).fill(200));
  });

  it('stop an address that tries keys, before they are looked up, and nobody who was let in before', async () => {
    await open({ ...usualLimits, keys: tight });
    const [known, unknown] = await Promise.all([api.tokenFor(['read']), api.tokenFor(['read'])]);
    const guess = async () => ask('/api/v1/read', { token: makeToken() });
    expect((await guess()).status).toBe(401);
    expect((await ask('/api/v1/read', { token: known })).status).toBe(200);
    for (let count = 0; count < 3; count += 1) await guess();
    const stopped = await guess();
    expect([stopped.status, stopped.code]).toEqual([429, 'too_many_requests']);
    expect(stopped.headers['retry-after']).toBeDefined();
    expect((await ask('/api/v1/read', { token: known })).status).toBe(200);
    expect((await ask('/api/v1/read', { token: unknown, from: '192.0.2.2' })).status).toBe(200);
    expect((await ask('/api/v1/visit')).status).toBe(200);
  });

  it('let events in and nobody through a door while budgets cannot be read', async () => {
    await open(usualLimits, { take: () => Promise.reject(Object.assign(new Error('away'), { code: '57P03' })) });
    expect(await statuses(3, '/api/v1/ingest', { method: 'POST', token: await api.tokenFor() })).toEqual([
      200, 200, 200,
    ]);
    expect(await statuses(1, '/api/v1/visit')).toEqual([200]);
    const closed = await ask('/api/v1/door', { method: 'POST' });
    expect([closed.status, closed.code]).toEqual([503, 'store_unavailable']);
  });

  it('count nothing where that is asked for', async () => {
    await open(null);
    const { headers } = await ask('/api/v1/read', { token: await api.tokenFor() });
    expect([headers['ratelimit'], headers['ratelimit-policy']]).toEqual([undefined, undefined]);
  });

  it('are shared by processes', async () => {
    await open(allTight);
    const token = await api.tokenFor(['read']);
    const second = openLimiter(openStoreLimits(api.store));
    expect(await statuses(2, '/api/v1/read', { token })).toEqual([200, 200]);
    const other = await openTestApi({
      areas: [registerTrials],
      deps: () => ({
        store: api.store,
        keyring: api.deps.keyring,
        protection: { limits: allTight, limiter: second, trustedProxies: [], tls: null },
      }),
    });
    const there = async () => other.app.inject({ url: '/api/v1/read', headers: { authorization: `Bearer ${token}` } });
    expect([(await there()).statusCode, (await there()).statusCode]).toEqual([200, 429]);
    await other.close();
  });
});

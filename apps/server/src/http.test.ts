import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { problemSchema } from '@devpulse/contract/wire/problems';
import { makeToken } from './tokens/token-format.ts';
import type { App, ServerDeps } from './deps.ts';
import { closeHttp } from './http.ts';
import { openTestApi, type TestApi } from './testing/open-test-api.ts';
import { talkRaw } from './testing/talk-raw.ts';

const planted = `planted-${randomBytes(6).toString('hex')}`;
const noRelease = (): void => undefined;
let release = noRelease;

/** Routes that misbehave in every way a route can. */
function registerTrialRoutes(app: App, deps: ServerDeps): void {
  const config = { permission: 'public' } as const;
  const querystring = z.object({ n: z.coerce.number().int().max(9).optional(), token: z.string().max(3).optional() });
  app.get('/trial/:name', {
    config,
    schema: { params: z.object({ name: z.string() }), querystring, response: { 200: z.object({ n: z.number() }) } },
    handler: async (request) => ({ n: request.query.n ?? 0 }),
  });
  app.post('/trial', {
    config,
    schema: { body: z.strictObject({ n: z.number(), password: z.string().max(3).optional() }) },
    handler: async (request) => request.body,
  });
  app.get('/lies', {
    config,
    schema: { response: { 200: z.object({ n: z.number() }) } },
    handler: async () => ({ n: planted }) as unknown as { n: number },
  });
  app.get('/throws', {
    config,
    handler: async () => {
      throw new Error(`could not use postgres://ada:${planted}@db/x`, {
        cause: { password: planted, headers: { authorization: planted } },
      });
    },
  });
  app.get('/refuses', {
    config,
    handler: async () => {
      throw new AppError('conflict', 'It was changed meanwhile.', {
        problems: [{ path: 'name', message: 'is taken' }],
      });
    },
  });
  app.get('/asks', {
    config: { permission: 'numbers.read' },
    handler: async (request) => ({ person: request.viewer.personId }),
  });
  app.get('/cuts', {
    config,
    handler: async () => sql`select pg_terminate_backend(pg_backend_pid())`.execute(deps.store.app),
  });
  app.get('/full', {
    config,
    handler: async () => {
      throw Object.assign(new Error('could not extend file: No space left on device'), { code: '53100' });
    },
  });
  app.get('/huge', { config, handler: async () => 'x'.repeat(30_000_000) });
  app.get('/waits', {
    config,
    handler: async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return { done: true };
    },
  });
}

let api: TestApi;
let port: number;
beforeAll(async () => {
  api = await openTestApi({
    areas: [registerTrialRoutes],
    limits: { requestMs: 3_000, headersMs: 2_000, checkMs: 200 },
  });
  ({ port } = await api.listen());
});
afterAll(() => api.close());

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await api.app.inject({ method: 'GET', url, headers });
  return { status: response.statusCode, headers: response.headers, body: response.json<Record<string, unknown>>() };
}

describe('request ids', () => {
  it('are given to every request, and taken over when they are harmless', async () => {
    expect((await get('/trial/x')).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect((await get('/trial/x', { 'x-request-id': 'client-1234' })).headers['x-request-id']).toBe('client-1234');
    for (const id of ['short', 'x'.repeat(65), 'with blank', 'a\tb-long-enough', '<script>alert</script>']) {
      expect((await get('/trial/x', { 'x-request-id': id })).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('tie an error to its line in the log', async () => {
    const { body, headers } = await get('/throws', { 'x-request-id': 'tie-them-together' });
    expect(body['requestId']).toBe('tie-them-together');
    expect(headers['x-request-id']).toBe('tie-them-together');
    expect(api.lines.filter((line) => line.includes('tie-them-together')).join('')).toMatch(
      /request failed.*request served/s,
    );
  });
});

describe('errors', () => {
  it('are problems with a stable code, and nothing of the inside', async () => {
    const { status, headers, body } = await get('/throws');
    expect(status).toBe(500);
    expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(problemSchema.parse(body)).toMatchObject({
      code: 'internal',
      status: 500,
      retry: true,
      type: '/docs#error-internal',
    });
    expect(JSON.stringify(body)).not.toMatch(new RegExp(`${planted}|at .*ts|could not use`));
    expect(await get('/refuses')).toMatchObject({
      status: 409,
      body: {
        code: 'conflict',
        detail: 'It was changed meanwhile.',
        problems: [{ path: 'name', message: 'is taken' }],
      },
    });
  });

  it('name what is wrong with a request', async () => {
    expect(await get('/trial/x?n=10')).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', problems: [{ path: 'query.n' }] },
    });
    expect(await get(`/trial/${'x'.repeat(101)}`)).toMatchObject({ status: 414, body: { code: 'address_too_long' } });
    expect(await get('/trial/%zz')).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('name what is wrong with a body', async () => {
    const post = async (payload: string, type = 'application/json') => {
      const response = await api.app.inject({
        method: 'POST',
        url: '/trial',
        payload,
        headers: { 'content-type': type },
      });
      return response.json<{ code: string; problems: { path: string }[] }>();
    };
    expect(await post('{"n":"x"}')).toMatchObject({ code: 'invalid_request', problems: [{ path: 'body.n' }] });
    expect(await post('{"n":1')).toMatchObject({ code: 'malformed_body' });
    expect(await post('')).toMatchObject({ code: 'malformed_body' });
    expect(await post('{"n":1,"__proto__":{"x":1}}')).toMatchObject({ code: 'malformed_body' });
    expect(await post(`{"n":${'['.repeat(100_000)}1${']'.repeat(100_000)}}`)).toMatchObject({
      code: 'invalid_request',
    });
    expect(await post('n=1', 'text/plain')).toMatchObject({ code: 'unsupported_media_type' });
    expect(await post(`{"n":1,"x":"${'x'.repeat(1024 * 1024)}"}`)).toMatchObject({ code: 'body_too_large' });
    expect(await post('{"n":1}')).toEqual({ n: 1 });
  });

  it('tell a wrong address from a wrong method', async () => {
    expect(await get('/nowhere')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await get('/trial')).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
      body: { code: 'method_not_allowed' },
    });
    const wrong = await api.app.inject({ method: 'DELETE', url: '/trial/anything?x=1' });
    expect([wrong.statusCode, wrong.headers['allow']]).toEqual([405, 'GET, HEAD']);
    expect((await api.app.inject({ method: 'HEAD', url: '/trial/anything' })).statusCode).toBe(200);
    expect(await get('/trial/a/b')).toMatchObject({ status: 404 });
  });

  it('say that an answer was not what it should be, without giving it away', async () => {
    const { status, body } = await get('/lies');
    expect([status, body['code']]).toEqual([500, 'internal']);
    expect(JSON.stringify(body)).not.toContain(planted);
    expect(api.lines.join('')).toMatch(/FST_ERR_RESPONSE_SERIALIZATION/);
  });

  it('tell a store that is away or full from a fault of ours, and when to come again', async () => {
    expect(await get('/cuts')).toMatchObject({
      status: 503,
      headers: { 'retry-after': '2' },
      body: { code: 'store_unavailable', retry: true },
    });
    expect(await get('/full')).toMatchObject({ status: 507, body: { code: 'store_full', retry: true } });
    await expect.poll(async () => (await api.ask({ method: 'GET', url: '/asks' })).statusCode).toBe(200);
  });
});

describe('the guard', () => {
  it('lets nobody in without a token that may', async () => {
    expect(await get('/asks')).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="devpulse"' },
    });
    expect(await get('/asks', { authorization: `Bearer ${makeToken()}` })).toMatchObject({ status: 401 });
    expect(await get('/asks', { authorization: `Bearer ${await api.tokenFor(['events'])}` })).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('"read"') as string },
    });
    expect(await get('/asks', { authorization: `Bearer ${await api.tokenFor(['read'])}` })).toMatchObject({
      status: 200,
      body: { person: api.ownerId },
    });
  });

  it('stays shut while the store does not answer', async () => {
    const dead = await openTestApi({ areas: [registerTrialRoutes] });
    const token = await dead.tokenFor();
    await dead.store.close();
    const response = await dead.app.inject({
      method: 'GET',
      url: '/asks',
      headers: { authorization: `Bearer ${token}` },
    });
    expect([response.statusCode, response.json<{ code: string }>().code]).toEqual([503, 'store_unavailable']);
    expect((await dead.app.inject('/trial/x')).statusCode).toBe(200);
    await dead.app.close();
  });

  it('refuses to start with a route that does not say whom it lets in', async () => {
    const forgetful = (app: App): void => void app.get('/forgotten', async () => 'open to all');
    await expect(openTestApi({ areas: [forgetful] })).rejects.toThrow(/GET \/forgotten does not say/);
  });
});

describe('answers', () => {
  it('carry headers that keep a browser from doing anything with them', async () => {
    for (const url of ['/trial/x', '/nowhere', '/asks', '/throws']) {
      expect((await get(url)).headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'none'") as string,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
      });
    }
  });
});

describe('the log', () => {
  it('never holds a secret, whatever way it came in', async () => {
    const token = await api.tokenFor(['events']);
    const from = api.lines.length;
    const headers = { authorization: `Bearer ${token}`, cookie: `session=${planted}`, 'x-api-key': planted };
    await get(`/trial/x?token=${planted}`, headers);
    await get(`/nowhere?password=${planted}&x=${token}`, headers);
    await get(`/trial/${token}`, headers);
    await get('/asks', headers);
    await get('/throws', headers);
    await get('/lies', headers);
    await get('/asks', { authorization: `Basic ${Buffer.from(planted).toString('base64')}` });
    await api.app.inject({ method: 'POST', url: '/trial', payload: { n: 1, password: planted }, headers });
    api.deps.log.error(
      {
        err: Object.assign(new Error(`token ${token}`), { config: { password: planted } }),
        env: { DATABASE_URL: `postgres://a:${planted}@h/d` },
      },
      `url=redis://:${planted}@h`,
    );
    const logged = api.lines.slice(from).join('');
    expect(logged.split('\n').length).toBeGreaterThan(8);
    expect(logged).not.toContain(planted);
    expect(logged).not.toContain(token.slice(3));
    for (const line of api.lines) expect(JSON.parse(line)).toHaveProperty('time');
  });

  it('has one line a request, which cannot be forged', async () => {
    const from = api.lines.length;
    await get(`/trial/${encodeURIComponent('x"}\n{"level":"error"')}?n=1`);
    const lines = api.lines.slice(from);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      method: 'GET',
      status: 200,
      msg: 'request served',
    });
  });
});

describe('the socket', () => {
  it('answers what is not HTTP with a problem, and closes', async () => {
    const garbage = await talkRaw(port, ['HELO there\r\n\r\n']);
    expect(garbage.statuses).toEqual([400]);
    expect(garbage.text).toContain('"code":"invalid_request"');
    const flood = await talkRaw(port, [
      'GET /trial/x HTTP/1.1\r\nhost: x\r\n',
      `x-flood: ${'y'.repeat(17 * 1024)}\r\n\r\n`,
    ]);
    expect(flood.statuses).toEqual([431]);
    const many = await talkRaw(port, [
      'GET /trial/x HTTP/1.1\r\nhost: x\r\n',
      ...Array.from({ length: 5000 }, (_, index) => `h${index}: 1\r\n`),
      '\r\n',
    ]);
    expect(many.statuses).toEqual([431]);
    expect((await talkRaw(port, ['GET /trial/x HTTP/1.1\r\n\r\n'])).statuses).toEqual([400]);
  });

  it('closes connections that never say anything whole', async () => {
    expect((await talkRaw(port, [])).statuses).toEqual([408]);
    expect((await talkRaw(port, ['GET /trial/x HT'])).statuses).toEqual([408]);
  });

  it('closes connections whose receiver never reads', async () => {
    const impatient = await openTestApi({ areas: [registerTrialRoutes], limits: { idleMs: 300 } });
    const { port: own } = await impatient.listen();
    const connections = () =>
      new Promise<number>((resolve) => impatient.app.server.getConnections((_error, count) => resolve(count)));
    const socket = connect({ port: own, host: '127.0.0.1' }).pause();
    socket.on('error', () => undefined);
    socket.write('GET /huge HTTP/1.1\r\nhost: x\r\n\r\n');
    await expect.poll(connections).toBe(1);
    await expect.poll(connections, { timeout: 10_000 }).toBe(0);
    socket.destroy();
    await impatient.close();
  });

  it('answers pipelined requests in order', async () => {
    const requests = ['/trial/a?n=1', '/nowhere', '/trial/b?n=2', '/throws'].map(
      (url) => `GET ${url} HTTP/1.1\r\nhost: x\r\n\r\n`,
    );
    const answer = await talkRaw(port, [requests.join('')], { answers: 4 });
    expect(answer.statuses).toEqual([200, 404, 200, 500]);
    expect(answer.text.indexOf('{"n":1}')).toBeLessThan(answer.text.indexOf('{"n":2}'));
  });

  it('does not take one request for two, nor a fault behind a request for an answer to it', async () => {
    const smuggle = ['POST /trial HTTP/1.1', 'host: x', 'content-type: application/json', 'content-length: 7'];
    for (const extra of [
      'transfer-encoding: chunked',
      'transfer-encoding: xchunked',
      'transfer-encoding : chunked',
      'content-length: 8',
    ]) {
      expect(
        (await talkRaw(port, [[...smuggle, extra, '', '{"n":1}GET /trial/x HTTP/1.1\r\n\r\n'].join('\r\n')]))
          .statuses[0],
      ).toBe(400);
    }
    const behind = await talkRaw(port, [[...smuggle, '', '{"n":1}GARBAGE\r\n\r\n'].join('\r\n')]);
    expect(behind.statuses).toEqual([200, 400]);
    expect((await talkRaw(port, ['GET /trial/x HTTP/1.1\r\nhost: x\r\nx: a\nb\r\n\r\n'])).statuses[0]).toBe(400);
  });
});

describe('closeHttp', () => {
  it('finishes what is in hand and refuses what is new', async () => {
    const closing = await openTestApi({ areas: [registerTrialRoutes] });
    const { port: own, url } = await closing.listen();
    release = noRelease;
    const inHand = fetch(`${url}/waits`);
    const idle = connect(own, '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    while (release === noRelease) await new Promise((resolve) => setTimeout(resolve, 5));
    const closed = closeHttp(closing.app, 60_000);
    release();
    expect((await inHand).status).toBe(200);
    await closed;
    await expect(fetch(`${url}/trial/x`)).rejects.toThrow('fetch failed');
    idle.destroy();
  });

  it('cuts off what does not end', async () => {
    const closing = await openTestApi({ areas: [registerTrialRoutes] });
    const { url } = await closing.listen();
    release = noRelease;
    const inHand = fetch(`${url}/waits`).catch((error: Error) => error.message);
    while (release === noRelease) await new Promise((resolve) => setTimeout(resolve, 5));
    await closeHttp(closing.app, 50);
    expect(await inHand).toBe('fetch failed');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestClient, refusalOf } from './testing/open-test-client.ts';
import { type Reply, type SourceServer, startSourceServer } from './testing/source-server.ts';

let server: SourceServer;

beforeAll(async () => {
  server = await startSourceServer();
});
afterAll(() => server.close());

const ok = { json: [{ id: 1 }] };
const page: Reply = { body: '<!DOCTYPE html><h1>Unicorn', headers: { 'content-type': 'text/html' } };

const breakdowns: [string, Reply][] = [
  ['500', { status: 500, json: { message: 'Server Error' } }],
  ['502 with a page', { ...page, status: 502 }],
  ['503', { status: 503, json: {} }],
  ['504', { status: 504, body: '' }],
  ['a page that says 200', page],
  ['nothing at all', { body: '', headers: { 'content-type': 'application/json' } }],
  ['JSON that is cut off', { body: '[{"id":1},{"i', headers: { 'content-type': 'application/json' } }],
  [
    'bytes that are no text',
    { body: Buffer.from([0x22, 0xff, 0xfe, 0x22]), headers: { 'content-type': 'application/json' } },
  ],
  ['a connection that breaks off', { ...ok, cutAfter: 5 }],
  ['no answer in time', { hang: true }],
];

describe('what breaks down', () => {
  it.each(breakdowns)('%s is tried three times, further apart, and then refused', async (_title, reply) => {
    server.answer(reply);
    const { client, slept, heard } = openTestClient(server.url, { timeoutMs: 200 });
    expect(await refusalOf(client.get('/items'))).toMatchObject({ kind: 'failed' });
    expect(server.arrived).toHaveLength(3);
    expect(slept).toHaveLength(2);
    expect(slept[0]).toBeGreaterThanOrEqual(1000);
    expect(slept[0]).toBeLessThanOrEqual(1250);
    expect(slept[1]).toBeGreaterThanOrEqual(4000);
    expect(slept[1]).toBeLessThanOrEqual(5000);
    // Every turn is given back.
    expect(heard).toHaveLength(3);
  });

  it.each(breakdowns)('%s once is no more than a delay', async (_title, reply) => {
    server.answer([reply, ok]);
    const { client, slept } = openTestClient(server.url, { timeoutMs: 200 });
    expect((await client.get('/items')).json).toEqual([{ id: 1 }]);
    expect(slept).toHaveLength(1);
  });

  it('is no end of the pages that came before', async () => {
    server.answer(({ path }) =>
      path === '/items'
        ? { json: [1], headers: { link: `<${server.url}/two>; rel="next"` } }
        : { status: 502, json: {} },
    );
    const pages = openTestClient(server.url).client.pages('/items')[Symbol.asyncIterator]();
    expect((await pages.next()).value).toMatchObject({ json: [1] });
    expect(await refusalOf(pages.next())).toMatchObject({ kind: 'failed' });
  });

  it('and is too large is not asked for again', async () => {
    server.answer({ body: 'x'.repeat(5000), headers: { 'content-type': 'application/json' } });
    const { client } = openTestClient(server.url, { bytesMax: 4000 });
    const refusal = await refusalOf(client.get('/items'));
    expect(refusal).toMatchObject({ kind: 'failed' });
    expect(refusal.message).toContain('larger than');
    expect(server.arrived).toHaveLength(1);
  });

  it('is nobody who listens', async () => {
    const gone = await startSourceServer();
    await gone.close();
    const refusal = await refusalOf(openTestClient(gone.url).client.get('/items'));
    expect([refusal.kind, refusal.status]).toEqual(['failed', null]);
    expect(refusal.message).toContain('ECONNREFUSED');
  });

  it('ends with whoever waited', async () => {
    server.answer({ hang: true });
    const stop = new AbortController();
    const { client, heard } = openTestClient(server.url, { signal: stop.signal });
    const asking = client.get('/items');
    await expect.poll(() => server.arrived.length).toBe(1);
    stop.abort(new Error('stopped'));
    await expect(asking).rejects.toThrow('stopped');
    expect(heard).toEqual([null]);
  });
});

describe('what was refused', () => {
  it.each([
    [400, 'failed'],
    [401, 'unauthenticated'],
    [403, 'denied'],
    [404, 'missing'],
    [410, 'missing'],
    [422, 'failed'],
    [451, 'denied'],
  ])('with %i is not asked again: %s', async (status, kind) => {
    server.answer({ status, json: { message: 'Because.' } });
    const refusal = await refusalOf(openTestClient(server.url).client.get('/items'));
    expect([refusal.kind, refusal.status]).toEqual([kind, status]);
    expect(refusal.message).toContain('Because.');
    expect(server.arrived).toHaveLength(1);
  });

  it.each([401, 403, 404, 410])(
    'with %i by a page of somebody in between says nothing of the source',
    async (status) => {
      server.answer({ ...page, status });
      const { client, refused } = openTestClient(server.url);
      expect(await refusalOf(client.get('/items'))).toMatchObject({ kind: 'failed', status });
      expect(refused).toEqual([]);
    },
  );
});

describe('credentials', () => {
  it('that were renewed meanwhile are tried once', async () => {
    server.answer(({ headers }) =>
      headers.authorization === 'Bearer token-2' ? ok : { status: 401, json: { message: 'Bad credentials' } },
    );
    const { client, refused } = openTestClient(server.url, { verdicts: ['retry'] });
    expect((await client.get('/items')).json).toEqual([{ id: 1 }]);
    expect(refused.map(({ version, refusal }) => [version, refusal.kind])).toEqual([[1, 'unauthenticated']]);
  });

  it('that are dead end everything within one request', async () => {
    server.answer(({ path }) =>
      path === '/items'
        ? { ...ok, headers: { link: `<${server.url}/two>; rel="next"` } }
        : { status: 401, json: { message: 'Bad credentials' } },
    );
    const { client } = openTestClient(server.url);
    const pages = client.pages('/items')[Symbol.asyncIterator]();
    await pages.next();
    expect(await refusalOf(pages.next())).toMatchObject({ kind: 'unauthenticated', status: 401 });
    const later = await Promise.all(Array.from({ length: 20 }, (_, index) => refusalOf(client.get(`/later/${index}`))));
    expect(new Set(later.map(({ kind }) => kind))).toEqual(new Set(['unauthenticated']));
    expect(server.arrived).toHaveLength(2);
  });

  it('that are refused again after they were renewed are given up', async () => {
    server.answer({ status: 401, json: { message: 'Bad credentials' } });
    const { client, refused } = openTestClient(server.url, { verdicts: ['retry', 'retry', 'retry'] });
    expect(await refusalOf(client.get('/items'))).toMatchObject({ kind: 'unauthenticated' });
    expect(refused.map(({ version }) => version)).toEqual([1, 2]);
    expect(server.arrived).toHaveLength(2);
  });

  it('that want single sign-on come with the page for it', async () => {
    const help = 'https://github.com/orgs/acme/sso?authorization_request=ABC';
    server.answer({
      status: 403,
      headers: { 'x-github-sso': `required; url=${help}` },
      json: { message: 'Resource protected by organization SAML enforcement.' },
    });
    const { client, refused } = openTestClient(server.url);
    expect(await refusalOf(client.get('/items'))).toMatchObject({ kind: 'denied', status: 403, help });
    expect(refused).toMatchObject([{ version: 1, refusal: { kind: 'denied', help } }]);
  });

  it('that do not reach far enough are told what is wanted', async () => {
    server.answer({
      status: 403,
      headers: {
        'x-accepted-oauth-scopes': 'repo, public_repo',
        'x-accepted-github-permissions': 'contents=read; metadata=read',
      },
      json: { message: 'Resource not accessible by personal access token' },
    });
    const { message } = await refusalOf(openTestClient(server.url).client.get('/items'));
    expect(message).toContain('scopes repo, public_repo');
    expect(message).toContain('permissions contents=read; metadata=read');
  });

  it('that see only part of a list do not get it for all of it', async () => {
    server.answer({ ...ok, headers: { 'x-github-sso': 'partial-results; organizations=21955855,20582480' } });
    const { client } = openTestClient(server.url);
    expect(await refusalOf(client.get('/user/repos'))).toMatchObject({ kind: 'partial', status: 200 });
    expect((await client.get('/user/repos', { partial: true })).leftOut).toEqual(['21955855', '20582480']);
  });

  it('stay out of messages', async () => {
    for (const status of [400, 401, 403, 404, 500]) {
      server.answer({ status, json: { message: 'No.' } });
      expect(String(await refusalOf(openTestClient(server.url).client.get('/items')))).not.toContain('token-');
    }
  });
});

describe('conditional questions', () => {
  it('cost nothing while nothing changed, and survive another token', async () => {
    // As GitHub does it: what an answer is known by depends on who asks.
    server.answer(({ headers }) => {
      const etag = `"${headers.authorization ?? ''}-1"`;
      return headers['if-none-match'] === etag ? { status: 304, headers: { etag } } : { ...ok, headers: { etag } };
    });
    const { client } = openTestClient(server.url, { verdicts: ['retry'] });
    const { etag } = await client.get('/items');
    expect(await client.get('/items', { unless: { etag: etag ?? '' } })).toMatchObject({
      isUnchanged: true,
      json: undefined,
      etag,
    });
    const renewed = openTestClient(server.url, {
      credentials: {
        read: async () => ({ authorization: 'Bearer new', budget: 'b', version: 9, expiresAt: null }),
        refused: async () => 'give up',
      },
    });
    expect(await renewed.client.get('/items', { unless: { etag: etag ?? '' } })).toMatchObject({
      isUnchanged: false,
      json: [{ id: 1 }],
    });
  });

  it('go by the time of a change, too', async () => {
    server.answer({ status: 304 });
    const modifiedSince = 'Mon, 02 Feb 2026 10:00:00 GMT';
    expect((await openTestClient(server.url).client.get('/items', { unless: { modifiedSince } })).isUnchanged).toBe(
      true,
    );
    expect(server.arrived[0]?.headers['if-modified-since']).toBe(modifiedSince);
  });

  it('that were none are asked again past whoever answered from memory', async () => {
    server.answer(({ headers }) => (headers['cache-control'] === 'no-cache' ? ok : { status: 304 }));
    expect((await openTestClient(server.url).client.get('/items')).json).toEqual([{ id: 1 }]);
    server.answer({ status: 304 });
    expect(await refusalOf(openTestClient(server.url).client.get('/items'))).toMatchObject({
      kind: 'failed',
      status: 304,
    });
    expect(server.arrived).toHaveLength(2);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestClient, refusalOf } from './testing/open-test-client.ts';
import { type SourceServer, startSourceServer } from './testing/source-server.ts';

let server: SourceServer;
let other: SourceServer;

beforeAll(async () => {
  [server, other] = await Promise.all([startSourceServer(), startSourceServer()]);
  other.answer({ json: { stolen: true } });
});
afterAll(async () => {
  await Promise.all([server.close(), other.close()]);
});

const ok = { json: { fine: true } };

describe('a question', () => {
  it('is signed, says who asks, and goes by its lane', async () => {
    server.answer(ok);
    const { client, asked } = openTestClient(server.url, { workspaceId: 'w' });
    expect((await client.get('/repos/a/b', { query: { page: 2, state: 'all', left: undefined } })).json).toEqual({
      fine: true,
    });
    expect(server.arrived[0]).toMatchObject({
      method: 'GET',
      path: '/repos/a/b?page=2&state=all',
      headers: {
        authorization: 'Bearer token-1',
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        'user-agent': 'DevPulse',
      },
    });
    expect(asked).toEqual([
      { budget: 'host|user|1', resource: 'core', lane: 'history', cost: 1, points: 1, workspaceId: 'w' },
    ]);
  });

  it.each([
    ['/search/issues', 'search'],
    ['/search/code', 'code_search'],
    ['/repos/search/issues', 'core'],
  ])('%s counts as %s', async (path, resource) => {
    server.answer(ok);
    const { client, asked } = openTestClient(server.url);
    await client.get(path);
    expect(asked[0]?.resource).toBe(resource);
  });

  it('is answered with what is needed to ask again, and with the source’s own time', async () => {
    server.answer({
      ...ok,
      headers: {
        etag: '"abc"',
        'last-modified': 'Mon, 02 Feb 2026 10:00:00 GMT',
        date: 'Tue, 03 Feb 2026 10:00:00 GMT',
        link: `<${server.url}/x?page=3>; rel="next", <${server.url}/x?page=9>; rel="last"`,
      },
    });
    expect(await openTestClient(server.url).client.get('/x')).toMatchObject({
      etag: '"abc"',
      lastModified: 'Mon, 02 Feb 2026 10:00:00 GMT',
      at: new Date('2026-02-03T10:00:00Z'),
      next: `${server.url}/x?page=3`,
      isUnchanged: false,
    });
  });

  it('may be for something else than JSON, and may have statuses for answers', async () => {
    server.answer([
      { body: 'diff --git', headers: { 'content-type': 'text/plain' } },
      { status: 404, json: { message: 'off' } },
    ]);
    const { client } = openTestClient(server.url);
    const diff = await client.get('/x', { accept: 'application/vnd.github.diff' });
    expect([Buffer.from(diff.body).toString(), diff.json]).toEqual(['diff --git', undefined]);
    expect(await client.get('/y', { allow: [404] })).toMatchObject({ status: 404, json: { message: 'off' } });
  });

  it.each(['https://api.github.com.example.org/x', 'http://127.0.0.1:1/x', 'HTTP://user@127.0.0.1/'])(
    'never leaves the API: %s',
    async (path) => {
      server.answer(ok);
      expect(await refusalOf(openTestClient(server.url).client.get(path))).toMatchObject({ kind: 'failed' });
      expect(server.arrived).toEqual([]);
    },
  );

  it('finds GraphQL beside the REST of an Enterprise server', async () => {
    server.answer({ json: { data: { viewer: { login: 'a' } } } });
    const { client } = openTestClient(`${server.url}/api/v3/`);
    await client.graphql('query { viewer { login } }');
    await client.get('/user');
    expect(server.arrived.map((request) => request.path)).toEqual(['/api/graphql', '/api/v3/user']);
  });
});

describe('pages', () => {
  it('are turned by the links of the source only', async () => {
    server.answer(({ path }) => {
      const page = Number(new URL(path, server.url).searchParams.get('page') ?? 1);
      const link = page < 3 ? `<${server.url}/odd/place?page=${page + 1}&after=x>; rel="next"` : undefined;
      return { json: [page], headers: { link } };
    });
    const pages: unknown[] = [];
    for await (const page of openTestClient(server.url).client.pages('/items', {
      query: { per_page: 100 },
      unless: { etag: '"e"' },
    })) {
      pages.push(page.json);
    }
    expect(pages).toEqual([[1], [2], [3]]);
    expect(server.arrived.map(({ path }) => path)).toEqual([
      '/items?per_page=100',
      '/odd/place?page=2&after=x',
      '/odd/place?page=3&after=x',
    ]);
    expect(server.arrived.map(({ headers }) => headers['if-none-match'])).toEqual(['"e"', undefined, undefined]);
  });

  it.each<[string, () => string]>([
    ['another host', () => `${other.url}/items`],
    ['a name in front of the host', () => server.url.replace('//', '//user:secret@')],
    ['another protocol', () => server.url.replace('http:', 'ftp:')],
  ])('are not followed to %s', async (_title, link) => {
    server.answer({ json: [1], headers: { link: `<${link()}>; rel="next"` } });
    const { client } = openTestClient(server.url);
    const pages = client.pages('/items')[Symbol.asyncIterator]();
    await pages.next();
    expect(await refusalOf(pages.next())).toMatchObject({ kind: 'failed' });
    expect([server.arrived.length, other.arrived.length]).toEqual([1, 0]);
  });

  it('that lead in circles end', async () => {
    server.answer({ json: [1], headers: { link: `<${server.url}/items>; rel="next"` } });
    const all = async (): Promise<void> => {
      for await (const _page of openTestClient(server.url).client.pages('/items'));
    };
    expect(await refusalOf(all())).toMatchObject({ kind: 'failed' });
    expect(server.arrived.length).toBeLessThan(5);
  });
});

describe('redirects', () => {
  it('that are for good are remembered for the whole repository, and told', async () => {
    server.answer(({ path }) =>
      path.startsWith('/repos/old/name')
        ? { status: 301, headers: { location: path.replace('/repos/old/name', `${server.url}/repositories/7`) } }
        : { json: { path } },
    );
    const { client, moved } = openTestClient(server.url);
    expect((await client.get('/repos/old/name/pulls', { query: { page: 1 } })).json).toEqual({
      path: '/repositories/7/pulls?page=1',
    });
    expect((await client.get('/repos/old/name/issues')).json).toEqual({ path: '/repositories/7/issues' });
    expect((await client.get('/repos/old/name')).json).toEqual({ path: '/repositories/7' });
    expect(server.arrived.map(({ path }) => path)).toEqual([
      '/repos/old/name/pulls?page=1',
      '/repositories/7/pulls?page=1',
      '/repositories/7/issues',
      '/repositories/7',
    ]);
    expect(moved).toEqual([{ from: '/repos/old/name', to: '/repositories/7' }]);
  });

  it('that are not for good are followed each time', async () => {
    server.answer(({ path }) => (path === '/a' ? { status: 302, headers: { location: '/b' } } : ok));
    const { client, moved } = openTestClient(server.url);
    await client.get('/a');
    await client.get('/a');
    expect(server.arrived.map(({ path }) => path)).toEqual(['/a', '/b', '/a', '/b']);
    expect(moved).toEqual([]);
  });

  it.each([301, 302, 307, 308])('%i to elsewhere are refused, and the credential stays here', async (status) => {
    server.answer({ status, headers: { location: `${other.url}/steal` } });
    expect(await refusalOf(openTestClient(server.url).client.get('/a'))).toMatchObject({ kind: 'failed', status });
    expect(other.arrived).toEqual([]);
  });

  it('in circles and to nowhere end', async () => {
    server.answer({ status: 302, headers: { location: '/a' } });
    expect(await refusalOf(openTestClient(server.url).client.get('/a'))).toMatchObject({ kind: 'failed' });
    expect(server.arrived.length).toBeLessThan(10);
    server.answer({ status: 301 });
    expect(await refusalOf(openTestClient(server.url).client.get('/a'))).toMatchObject({ kind: 'failed' });
  });
});

describe('concurrent questions', () => {
  it('that are the same are asked once, and nobody changes another’s answer', async () => {
    server.answer({ json: { list: [1] } });
    const { client } = openTestClient(server.url);
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.get('/x', { query: { days: 7 } })));
    expect(server.arrived).toHaveLength(1);
    const [first, ...others] = answers;
    Object.assign(first?.json ?? {}, { list: [1, 2] });
    for (const answer of others) expect(answer.json).toEqual({ list: [1] });
    await client.get('/x', { query: { days: 7 } });
    expect(server.arrived).toHaveLength(2);
  });

  it('that differ in anything are asked each', async () => {
    server.answer(ok);
    const { client } = openTestClient(server.url);
    const ways = [
      {},
      { query: { days: 7 } },
      { query: { days: 30 } },
      { accept: 'application/json' },
      { unless: { etag: '"e"' } },
    ];
    await Promise.all(ways.map((options) => client.get('/x', options)));
    // Somebody else’s client has another credential.
    await Promise.all([openTestClient(server.url).client.get('/x'), openTestClient(server.url).client.get('/x')]);
    expect(server.arrived).toHaveLength(ways.length + 2);
  });

  it('share a failure, which is not kept', async () => {
    server.answer([{ status: 404, json: { message: 'Not Found' } }, ok]);
    const { client } = openTestClient(server.url);
    const both = await Promise.all([refusalOf(client.get('/x')), refusalOf(client.get('/x'))]);
    expect(both.map(({ kind }) => kind)).toEqual(['missing', 'missing']);
    expect((await client.get('/x')).json).toEqual({ fine: true });
    expect(server.arrived).toHaveLength(2);
  });
});

describe('changes', () => {
  it('count more, and are not done twice when they break down on the way', async () => {
    server.answer([
      { status: 502, json: {} },
      { status: 201, json: { id: 1 } },
    ]);
    const { client, asked } = openTestClient(server.url);
    expect(await refusalOf(client.send('POST', '/repos/a/b/hooks', { body: { name: 'web' } }))).toMatchObject({
      kind: 'failed',
      status: 502,
    });
    expect(server.arrived).toHaveLength(1);
    expect(await client.send('POST', '/repos/a/b/hooks', { body: { name: 'web' } })).toMatchObject({
      status: 201,
      json: { id: 1 },
    });
    expect(server.arrived[1]).toMatchObject({ method: 'POST', body: '{"name":"web"}' });
    expect(asked.map(({ points }) => points)).toEqual([5, 5]);
  });

  it('follow a repository that has moved, as what they are', async () => {
    server.answer(({ path }) =>
      path === '/repos/a/b/hooks'
        ? { status: 307, headers: { location: '/repositories/7/hooks' } }
        : { status: 201, json: { id: 1 } },
    );
    const { client } = openTestClient(server.url);
    expect((await client.send('POST', '/repos/a/b/hooks', { body: { name: 'web' } })).status).toBe(201);
    expect(server.arrived[1]).toMatchObject({ method: 'POST', path: '/repositories/7/hooks', body: '{"name":"web"}' });
    server.answer({ status: 302, headers: { location: '/elsewhere' } });
    expect(await refusalOf(client.send('POST', '/x'))).toMatchObject({ kind: 'failed', status: 302 });
    expect(server.arrived).toHaveLength(1);
  });

  it('that may be done twice are', async () => {
    server.answer([{ status: 502, json: {} }, { status: 204 }]);
    expect(await openTestClient(server.url).client.send('DELETE', '/repos/a/b/hooks/1')).toMatchObject({ status: 204 });
  });
});

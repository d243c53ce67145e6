import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConnectors } from '../runtime/load-extensions.ts';
import { openLog, storeLog } from '../log.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { readSource } from './read-source.ts';
import { registerSourceRoutes } from './routes.ts';

const run = promisify(execFile);
let top = '';
let api: TestApi;
const asked: { workspaceId: string; sourceId: string }[] = [];
const at = (...names: string[]): string => path.join(top, ...names);
const someId = '01a1fd18-8ed3-7725-a49d-e45f54ab7895';

beforeAll(async () => {
  top = await realpath(await mkdtemp(path.join(tmpdir(), 'devpulse-sources-')));
  await mkdir(at('roots', 'empty', '.hidden'), { recursive: true });
  await mkdir(at('roots', 'file.git'), { recursive: true });
  await writeFile(at('roots', 'letter.txt'), 'dear');
  for (const name of ['roots/group/one', 'roots/group/two', 'outside/other']) await makeRepository(at(name));
  await run('git', ['clone', '-q', '--bare', at('roots/group/one'), at('roots/mirror.git')]);
  await symlink(at('outside'), at('roots', 'way-out'));
  await mkdir(at('roots', 'pointer'));
  await writeFile(at('roots', 'pointer', '.git'), `gitdir: ${at('outside/other/.git')}\n`);
  api = await openTestApi({
    areas: [registerSourceRoutes],
    deps: () => ({ connectors: loadConnectors(), gitRoots: [at('roots')], readSoon: (source) => asked.push(source) }),
  });
});
afterAll(async () => {
  await api.close();
  await rm(top, { recursive: true });
});

async function makeRepository(folder: string): Promise<void> {
  await run('git', ['init', '-q', folder]);
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
  await run('git', ['-C', folder, ...who, 'commit', '-q', '--allow-empty', '-m', folder]);
}

interface Told {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  body: any;
}

async function ask(method: 'GET' | 'POST' | 'DELETE', url: string, body?: object, token?: string): Promise<Told> {
  const response = await api.ask({
    method,
    url,
    ...(body === undefined ? {} : { payload: body }),
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
  });
  return { status: response.statusCode, body: response.json() };
}

const add = (place: string): Promise<Told> => ask('POST', '/api/v1/sources', { connector: 'git', place });

async function read(sourceId: string): Promise<string> {
  const { store, capture } = api.deps;
  const result = await readSource({
    store,
    capture,
    connectors: loadConnectors(),
    log: storeLog(openLog({ level: 'silent' })),
    workspaceId: api.workspaceId,
    sourceId,
    signal: new AbortController().signal,
    now: () => new Date(),
  });
  return result.outcome;
}

describe('GET /api/v1/folders', () => {
  it('begins at the first root and shows folders by name, with what is a repository', async () => {
    const { status, body } = await ask('GET', '/api/v1/folders');
    expect(status).toBe(200);
    expect(body).toEqual({
      path: at('roots'),
      parent: null,
      roots: [at('roots')],
      folders: [
        { name: 'empty', path: at('roots/empty'), repository: false },
        { name: 'file.git', path: at('roots/file.git'), repository: false },
        { name: 'group', path: at('roots/group'), repository: false },
        { name: 'mirror.git', path: at('roots/mirror.git'), repository: true },
        { name: 'pointer', path: at('roots/pointer'), repository: true },
      ],
      truncated: false,
    });
    const below = await ask('GET', `/api/v1/folders?path=${encodeURIComponent(at('roots/group'))}`);
    expect(below.body).toMatchObject({ parent: at('roots'), folders: [{ repository: true }, { repository: true }] });
    expect((await ask('GET', `/api/v1/folders?path=${encodeURIComponent(at('roots/empty'))}`)).body.folders).toEqual(
      [],
    );
  });

  it('lists at most 500 and says that there are more', async () => {
    await Promise.all(
      Array.from({ length: 501 }, (_, index) => mkdir(at('roots/empty/many', `f${index}`), { recursive: true })),
    );
    const { body } = await ask('GET', `/api/v1/folders?path=${encodeURIComponent(at('roots/empty/many'))}`);
    expect([body.folders.length, body.truncated, body.folders[10].name]).toEqual([500, true, 'f10']);
  });

  it('says what is wrong with a place, and nothing about what lies outside', async () => {
    const at400 = await ask('GET', `/api/v1/folders?path=${encodeURIComponent(at('roots/letter.txt'))}`);
    expect([at400.status, at400.body.detail]).toEqual([400, expect.stringContaining('is a file')]);
    for (const place of [at('outside'), at('outside/nothing'), at('roots/way-out'), '/etc/passwd']) {
      const { status, body } = await ask('GET', `/api/v1/folders?path=${encodeURIComponent(place)}`);
      expect([status, body.code, body.detail]).toEqual([403, 'forbidden', expect.stringContaining(at('roots'))]);
    }
  });
});

describe('POST /api/v1/sources', () => {
  it('adds all that a folder holds, has each read at once, and finds them again', async () => {
    const first = await add(at('roots/group'));
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      known: 0,
      sources: [
        { name: 'one', place: at('roots/group/one'), state: 'new', progress: null },
        { name: 'two', place: at('roots/group/two'), state: 'new' },
      ],
    });
    const ids = first.body.sources.map((source: { id: string }) => source.id);
    expect(asked.map((each) => each.sourceId)).toEqual(ids);
    expect(await read(ids[0])).toBe('ok');
    const again = await add(at('roots/group/one'));
    expect(again.body).toMatchObject({ known: 1, sources: [{ id: ids[0], state: 'ok' }] });
    const listed = await ask('GET', '/api/v1/sources');
    expect(listed.body.sources).toHaveLength(2);
    expect(listed.body.work).toEqual({ pendingEvents: 4, pendingDays: 0, commits: 0 });
  });

  it.each([
    ['roots/nothing', 400, /There is no folder/],
    ['roots/letter.txt', 400, /is a file: name the folder/],
    ['roots/empty', 400, /is no git repository and holds none.*Name the folder/],
    ['outside/other', 403, /lies outside of what may be read/],
    ['outside/nothing', 403, /lies outside of what may be read/],
    ['roots/way-out/other', 403, /lies outside of what may be read/],
  ])('says of %s what to do', async (place, status, words) => {
    const answer = await add(at(place));
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringMatching(words)]);
    expect(answer.body.detail).toContain(place);
  });

  it('takes nothing in whose history lies outside of the roots, however it is pointed at', async () => {
    expect((await add(at('roots/pointer'))).status).toBe(400);
    const all = await add(at('roots'));
    expect(all.body.sources.map((source: { name: string }) => source.name)).toEqual(['mirror', 'one', 'two']);
  });

  it('refuses what no schema knows', async () => {
    expect((await ask('POST', '/api/v1/sources', { connector: 'svn', place: '/x' })).status).toBe(400);
    expect((await add('')).status).toBe(400);
    expect((await add('code')).body.detail).toContain('not an absolute path');
  });
});

describe('a source', () => {
  it('is paused, resumed by being added, checked, resumed and removed; what was read stays', async () => {
    const { body } = await add(at('roots/group/one'));
    const url = `/api/v1/sources/${body.sources[0].id}`;
    expect((await ask('POST', `${url}/pause`)).body).toMatchObject({ state: 'paused' });
    expect((await ask('POST', `${url}/check`)).status).toBe(409);
    expect(await read(body.sources[0].id)).toBe('stopped');
    expect((await add(at('roots/group/one'))).body.sources[0].state).toBe('new');
    expect((await ask('POST', `${url}/resume`)).status).toBe(409);
    asked.length = 0;
    await ask('POST', `${url}/pause`);
    expect((await ask('POST', `${url}/resume`)).body).toMatchObject({ state: 'new' });
    expect((await ask('POST', `${url}/check`)).status).toBe(202);
    expect(asked.map((each) => each.sourceId)).toEqual([body.sources[0].id, body.sources[0].id]);
    const before = (await ask('GET', '/api/v1/sources')).body.work;
    const removed = await ask('DELETE', url);
    expect(removed.body).toEqual({ name: 'one', kept: expect.stringContaining('stays') });
    expect((await ask('GET', '/api/v1/sources')).body.work).toEqual(before);
    expect((await ask('DELETE', url)).status).toBe(404);
  });

  it('of another workspace does not exist', async () => {
    const { body } = await add(at('roots/group/two'));
    const stranger = await api.tokenFor(undefined, await api.addWorkspace());
    for (const id of [body.sources[0].id, someId]) {
      for (const verb of ['pause', 'resume', 'check'])
        expect((await ask('POST', `/api/v1/sources/${id}/${verb}`, undefined, stranger)).status).toBe(404);
      expect((await ask('DELETE', `/api/v1/sources/${id}`, undefined, stranger)).status).toBe(404);
    }
    expect((await ask('GET', '/api/v1/sources', undefined, stranger)).body).toMatchObject({ sources: [] });
    expect((await ask('GET', '/api/v1/sources')).body.sources.map((each: { id: string }) => each.id)).toContain(
      body.sources[0].id,
    );
  });

  it('is no business of a token without the scope', async () => {
    const reader = await api.tokenFor(['read']);
    expect((await ask('GET', '/api/v1/folders', undefined, reader)).status).toBe(403);
    expect((await ask('POST', '/api/v1/sources', { connector: 'git', place: at('roots') }, reader)).status).toBe(403);
    expect((await ask('DELETE', `/api/v1/sources/${someId}`, undefined, reader)).status).toBe(403);
    expect((await ask('POST', `/api/v1/sources/${someId}/pause`, undefined, 'dp_wrong')).status).toBe(401);
    expect((await ask('GET', '/api/v1/sources', undefined, reader)).status).toBe(200);
  });
});

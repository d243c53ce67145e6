import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RawState } from '@devpulse/contract/raw-event';
import { newId } from '@devpulse/db/ids';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { registerIngestRoutes } from './routes.ts';

let api: TestApi;
let mine: { workspaceId: string; token: string };

beforeAll(async () => {
  api = await openTestApi({ areas: [registerIngestRoutes] });
});
afterAll(() => api.close());

interface Told {
  key: string;
  state?: RawState;
  reason?: string;
  kind?: string;
  source?: string;
  body?: Buffer | null;
}

/** A workspace of its own with these raw events, as the pipeline would have left them. */
async function openWorkspace(events: Told[]): Promise<Record<string, string>> {
  const workspace = await api.addWorkspace();
  mine = { workspaceId: workspace.workspaceId, token: await api.tokenFor(['operate'], workspace) };
  const ids: Record<string, string> = {};
  for (const event of events) {
    const [outcome] = await api.deps.capture.add([
      {
        workspaceId: mine.workspaceId,
        source: event.source ?? 'plain',
        key: event.key,
        kind: event.kind ?? 'facts',
        arrival: 'push',
        body: event.body ?? Buffer.from('{}'),
      },
    ]);
    expect(outcome).toBe('accepted');
    await api.store.inWorkspace(mine.workspaceId, async (trx) => {
      const { rows } = await sql<{ id: string }>`
        update raw_events set state = ${event.state ?? 'done'}, reason = ${event.reason ?? null},
               body = case when ${event.body === null} then null else body end
        where item_key = ${event.key} returning id`.execute(trx);
      ids[event.key] = rows[0]?.id ?? '';
    });
  }
  return ids;
}

async function ask(url: string, method: 'GET' | 'POST' = 'GET', payload?: object) {
  const response = await api.ask({
    method,
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${mine.token}` },
    ...(payload === undefined ? {} : { payload }),
  });
  return {
    status: response.statusCode,
    body: response.json<{ events: { key: string }[]; nextCursor: string | null; code: string; replayed: number }>(),
  };
}

const keysOf = (answer: { body: { events: { key: string }[] } }): string[] =>
  answer.body.events.map((event) => event.key);

describe('GET /api/v1/raw-events', () => {
  it('lists the newest first and narrows by state, source, kind, reason and key', async () => {
    await openWorkspace([
      { key: 'Alpha 1' },
      { key: 'alpha 2', state: 'dead', reason: 'malformed' },
      { key: 'beta 100%', state: 'ignored', reason: 'no_facts', kind: 'other' },
      { key: 'gamma', source: 'git' },
    ]);
    expect(keysOf(await ask('/raw-events'))).toEqual(['gamma', 'beta 100%', 'alpha 2', 'Alpha 1']);
    expect(keysOf(await ask('/raw-events?state=dead'))).toEqual(['alpha 2']);
    expect(keysOf(await ask('/raw-events?source=git'))).toEqual(['gamma']);
    expect(keysOf(await ask('/raw-events?kind=other'))).toEqual(['beta 100%']);
    expect(keysOf(await ask('/raw-events?reason=malformed'))).toEqual(['alpha 2']);
    expect(keysOf(await ask('/raw-events?search=ALPHA'))).toEqual(['alpha 2', 'Alpha 1']);
    expect(keysOf(await ask('/raw-events?search=0%25'))).toEqual(['beta 100%']);
    expect(keysOf(await ask('/raw-events?search=_'))).toEqual([]);
    expect((await ask('/raw-events?state=dead')).body.events[0]).toMatchObject({
      reason: 'malformed',
      reasonText: expect.stringContaining('body') as string,
      arrival: 'push',
    });
  });

  it('pages through everything once', async () => {
    await openWorkspace(Array.from({ length: 7 }, (_, index) => ({ key: `k${index}` })));
    const seen: string[] = [];
    for (let url: string | null = '/raw-events?limit=3'; url !== null;) {
      const answer = await ask(url);
      expect(answer.body.events.length).toBeLessThanOrEqual(3);
      seen.push(...keysOf(answer));
      url = answer.body.nextCursor === null ? null : `/raw-events?limit=3&cursor=${answer.body.nextCursor}`;
    }
    expect(seen).toEqual(['k6', 'k5', 'k4', 'k3', 'k2', 'k1', 'k0']);
  });

  it('refuses questions it does not understand', async () => {
    await openWorkspace([]);
    for (const query of [
      'state=gone',
      'limit=0',
      'limit=201',
      'limit=x',
      'cursor=1',
      'source=A',
      'reason=nonsense',
      'search=',
      'sate=dead',
      'state=dead&state=done',
    ]) {
      expect(await ask(`/raw-events?${query}`)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    }
  });
});

describe('GET /api/v1/raw-events/{id}', () => {
  it('shows the body as text where it is text, and hands out the very bytes', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0x80]);
    const large = Buffer.alloc(1024 * 1024 + 1, 'x');
    const ids = await openWorkspace([
      { key: 'text', body: Buffer.from('{"é":1}') },
      { key: 'bytes', body: bytes },
      { key: 'large', body: large },
      { key: 'gone', body: null },
    ]);
    expect((await ask(`/raw-events/${ids['text']}`)).body).toMatchObject({
      key: 'text',
      body: { bytes: 8, encoding: 'utf8', content: '{"é":1}' },
    });
    expect((await ask(`/raw-events/${ids['bytes']}`)).body).toMatchObject({
      body: { bytes: 3, encoding: 'base64', content: bytes.toString('base64') },
    });
    expect((await ask(`/raw-events/${ids['large']}`)).body).toMatchObject({
      body: { bytes: large.length, content: null },
    });
    expect((await ask(`/raw-events/${ids['gone']}`)).body).toMatchObject({ body: null, storedBytes: null });
    const download = await api.ask({
      method: 'GET',
      url: `/api/v1/raw-events/${ids['large']}/body`,
      headers: { authorization: `Bearer ${mine.token}` },
    });
    expect(download.rawPayload.equals(large)).toBe(true);
    expect(download.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'content-disposition': expect.stringMatching(/^attachment/) as string,
    });
    expect(await ask(`/raw-events/${ids['gone']}/body`)).toMatchObject({ status: 404 });
  });

  it('knows nothing of other workspaces', async () => {
    const theirs = await openWorkspace([{ key: 'theirs', state: 'dead' }]);
    await openWorkspace([{ key: 'mine' }]);
    expect(keysOf(await ask('/raw-events'))).toEqual(['mine']);
    for (const url of [
      `/raw-events/${theirs['theirs']}`,
      `/raw-events/${theirs['theirs']}/body`,
      `/raw-events/${newId()}`,
    ])
      expect(await ask(url)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await ask(`/dead-letters/${theirs['theirs']}/replay`, 'POST')).toMatchObject({ status: 404 });
    expect(await ask('/raw-events/not-an-id')).toMatchObject({ status: 400 });
  });
});

describe('dead letters', () => {
  it('are listed apart, and each can be tried again once', async () => {
    const ids = await openWorkspace([
      { key: 'dead', state: 'dead', reason: 'malformed' },
      { key: 'done' },
      { key: 'stripped', state: 'dead', reason: 'payload_stripped', body: null },
    ]);
    expect(keysOf(await ask('/dead-letters'))).toEqual(['stripped', 'dead']);
    expect(keysOf(await ask('/dead-letters?reason=malformed'))).toEqual(['dead']);
    const before = api.nudges();
    expect(await ask(`/dead-letters/${ids['dead']}/replay`, 'POST')).toMatchObject({
      status: 200,
      body: { replayed: 1 },
    });
    expect(api.nudges()).toBe(before + 1);
    expect(keysOf(await ask('/raw-events?state=pending'))).toEqual(['dead']);
    for (const key of ['dead', 'done', 'stripped'])
      expect(await ask(`/dead-letters/${ids[key]}/replay`, 'POST')).toMatchObject({
        status: 409,
        body: { code: 'conflict' },
      });
  });

  it('are tried again by source and reason, or all together, and nothing else is', async () => {
    const dead = (key: string, source: string, reason: string): Told => ({ key, source, reason, state: 'dead' });
    await openWorkspace([
      dead('a', 'plain', 'malformed'),
      dead('b', 'plain', 'parse_crashed'),
      dead('c', 'git', 'malformed'),
      { key: 'd', state: 'ignored' },
      { key: 'e' },
    ]);
    const replay = async (chosen: object) => (await ask('/dead-letters/replay', 'POST', chosen)).body.replayed;
    expect(await replay({ source: 'plain', reason: 'malformed' })).toBe(1);
    expect(await replay({ reason: 'malformed' })).toBe(1);
    expect(await replay({ source: 'git' })).toBe(0);
    expect(await replay({ all: true })).toBe(1);
    expect(keysOf(await ask('/raw-events?state=pending'))).toEqual(['c', 'b', 'a']);
    expect(keysOf(await ask('/raw-events?state=ignored'))).toEqual(['d']);
  });

  it('are not tried again by accident', async () => {
    await openWorkspace([{ key: 'dead', state: 'dead' }]);
    for (const body of [{}, { all: false }, { source: 'Plain' }, { reason: 'bad luck' }, { all: true, sauce: 'x' }]) {
      expect(await ask('/dead-letters/replay', 'POST', body)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      });
    }
  });
});

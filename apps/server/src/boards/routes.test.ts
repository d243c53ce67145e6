import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineWidget } from '@devpulse/contract/widget';
import { newId } from '@devpulse/db/ids';
import type { WidgetQueryOf } from '@devpulse/pipeline/serve/ask';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { registerBoardRoutes } from './routes.ts';

const widget = defineWidget({
  id: 'test_tile',
  title: 'A tile',
  summary: 'Says how many commits there are.',
  params: z.object({ weeks: z.number().int().min(1).max(53).default(12) }),
  result: z.object({ weeks: z.number(), commits: z.number().nullable() }),
  metrics: ['test_commits'],
  subjects: ['person', 'workspace'],
  span: { wide: 3, middle: 3, rows: 2 },
});
const query: WidgetQueryOf<typeof widget> = async (ask, { weeks }) => {
  const { values } = await ask.metric('test_commits');
  return { weeks, commits: values[0]?.value ?? null };
};

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({
    areas: [registerBoardRoutes],
    deps: () => ({ now: () => new Date('2026-03-10T12:00:00Z'), widgets: new Map([['test_tile', { widget, query }]]) }),
  });
});
afterAll(() => api.close());

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await api.ask({ method: 'GET', url: `/api/v1/widgets${url}`, headers });
  return {
    status: response.statusCode,
    body: response.json<Record<string, unknown> & { code: string; problems: { path: string }[] }>(),
  };
}

/** A source that was read and had nothing in it: from then on there is something to say. */
async function lookAround(): Promise<void> {
  await api.store.inWorkspace(api.workspaceId, (trx) =>
    trx
      .insertInto('sources')
      .values({
        workspace_id: api.workspaceId,
        id: newId(),
        connector: 'plain',
        natural_key: 'a',
        name: 'a',
        settings: '{}',
        state: 'ok',
        last_checked_at: new Date('2026-03-10T10:00:00Z'),
      })
      .execute(),
  );
}

describe('GET /api/v1/widgets', () => {
  it('lists every tile with its settings and the shape of its result', async () => {
    const { status, body } = await get('');
    expect(status).toBe(200);
    expect(body['widgets']).toEqual([
      expect.objectContaining({
        id: 'test_tile',
        metrics: ['test_commits'],
        span: { wide: 3, middle: 3, rows: 2 },
        params: expect.objectContaining({
          properties: { weeks: { type: 'integer', minimum: 1, maximum: 53, default: 12 } },
        }) as unknown,
        result: expect.objectContaining({ required: ['weeks', 'commits'] }) as unknown,
      }),
    ]);
  });
});

describe('GET /api/v1/widgets/{id}', () => {
  it('says that nobody has looked, and gives no result', async () => {
    expect(await get('/test_tile?subject=workspace')).toMatchObject({
      status: 200,
      body: { widget: 'test_tile', state: 'unknown', stateReason: 'no source has been read yet', result: null },
    });
  });

  it('answers over the year up to today with the defaults of its settings, when nothing is said', async () => {
    await lookAround();
    const { status, body } = await get('/test_tile?subject=workspace');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      title: 'A tile',
      subject: { kind: 'workspace', zone: 'UTC' },
      from: '2025-03-11',
      to: '2026-03-10',
      today: '2026-03-10',
      state: 'empty',
      asOf: '2026-03-10T10:00:00.000Z',
      result: { weeks: 12, commits: 0 },
    });
    const settings = encodeURIComponent('{"weeks":4}');
    expect((await get(`/test_tile?subject=workspace&from=2026-03-02&params=${settings}`)).body).toMatchObject({
      from: '2026-03-02',
      result: { weeks: 4 },
    });
  });

  const wrong: [string, string][] = [
    ['subject=you', 'query.subject'],
    ['from=2026-02-30', 'query.from'],
    ['by=day', 'query'],
    ['resource=mine', 'query.resource'],
    ['params=nonsense', 'params'],
    [`params=${encodeURIComponent('{"weeks":0}')}`, 'params.weeks'],
    [`params=${encodeURIComponent('{"months":1}')}`, 'params'],
    ['from=2026-03-10&to=2026-03-09', 'from'],
  ];
  it.each(wrong)('refuses %s, and says where', async (text, path) => {
    expect(await get(`/test_tile?${text}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', problems: expect.arrayContaining([expect.objectContaining({ path })]) as [] },
    });
  });

  it('knows neither widgets, people nor repositories that are not there', async () => {
    expect(await get('/nonsense')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await get('/No-Widget')).toMatchObject({ status: 400 });
    const other = await api.addWorkspace();
    expect(await get(`/test_tile?subject=person:${other.ownerId}`)).toMatchObject({ status: 404 });
    expect(await get(`/test_tile?resource=${newId()}`)).toMatchObject({ status: 404 });
  });

  it('is for those alone who may read', async () => {
    for (const url of ['', '/test_tile']) {
      expect((await get(url, { authorization: 'Bearer nonsense' })).status).toBe(401);
      const blind = await api.tokenFor(['events', 'people', 'operate']);
      expect((await get(url, { authorization: `Bearer ${blind}` })).status).toBe(403);
    }
  });
});

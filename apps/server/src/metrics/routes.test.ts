import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Receipt } from '@devpulse/contract/wire/metrics';
import { newId } from '@devpulse/db/ids';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { registerMetricRoutes } from './routes.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({
    areas: [registerMetricRoutes],
    deps: () => ({ now: () => new Date('2026-03-10T12:00:00Z') }),
  });
});
afterAll(() => api.close());

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await api.ask({ method: 'GET', url: `/api/v1/metrics${url}`, headers });
  return {
    status: response.statusCode,
    body: response.json<Record<string, unknown> & { code: string; problems: { path: string }[] }>(),
  };
}

describe('GET /api/v1/metrics', () => {
  it('lists every metric with its definition', async () => {
    const { status, body } = await get('');
    expect(status).toBe(200);
    expect(body['metrics']).toContainEqual({
      id: 'test_commits',
      title: 'Commits',
      unit: 'commits',
      kind: 'count',
      better: 'neither',
      definition: 'Every commit once.',
      version: 1,
      subjects: ['person', 'workspace'],
      madeFrom: [],
    });
  });
});

describe('GET /api/v1/metrics/{id}', () => {
  it('answers for the person of the token, over the year up to today, when nothing is said', async () => {
    const { status, body } = await get('/test_commits');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      metric: 'test_commits',
      subject: { kind: 'person', id: api.ownerId, zone: 'UTC' },
      from: '2025-03-11',
      to: '2026-03-10',
      by: 'total',
    });
  });

  it('cuts the window as asked', async () => {
    const { body } = await get('/test_commits?subject=workspace&from=2026-03-02&to=2026-03-08&by=day');
    expect((body['values'] as { from: string }[]).map((value) => value.from)).toEqual([
      '2026-03-02',
      '2026-03-03',
      '2026-03-04',
      '2026-03-05',
      '2026-03-06',
      '2026-03-07',
      '2026-03-08',
    ]);
  });

  const wrong: [string, string][] = [
    ['subject=you', 'query.subject'],
    ['from=2026-02-30', 'query.from'],
    ['from=yesterday', 'query.from'],
    ['by=fortnight', 'query.by'],
    ['resource=mine', 'query.resource'],
    ['form=2026-03-01', 'query'],
  ];
  it.each(wrong)('refuses %s, and says where', async (query, path) => {
    expect(await get(`/test_commits?${query}`)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', problems: expect.arrayContaining([expect.objectContaining({ path })]) as [] },
    });
  });

  it('knows neither metrics nor people that are not there', async () => {
    expect(await get('/nonsense')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await get('/No-Metric')).toMatchObject({ status: 400 });
    expect(await get(`/test_commits?subject=person:${newId()}`)).toMatchObject({ status: 404 });
    const other = await api.addWorkspace();
    expect(await get(`/test_commits?subject=person:${other.ownerId}`)).toMatchObject({ status: 404 });
  });
});

describe('GET /api/v1/metrics/{id}/receipt', () => {
  it('proves the number and gives a command that reproduces it', async () => {
    const { status, body } = await get('/test_commits/receipt?subject=workspace', {
      host: 'devpulse.example.org:8443',
    });
    expect(status).toBe(200);
    expect(body as unknown as Receipt).toMatchObject({
      metric: 'test_commits',
      definition: 'Every commit once.',
      found: 0,
      records: [],
      nextCursor: null,
    });
    expect(body['reproduce']).toContain(
      "'http://devpulse.example.org:8443/api/v1/metrics/test_commits?subject=workspace&",
    );
  });

  it('does not put a made-up host into a command to paste', async () => {
    const { body } = await get('/test_commits/receipt', { host: "x'; rm -rf ~ #" });
    expect(body['reproduce']).toContain("'http://localhost/api/v1/metrics/test_commits?");
  });

  it('refuses pages of no size and cursors it did not give out', async () => {
    for (const query of ['limit=0', 'limit=501', `cursor=${'x'.repeat(501)}`, 'cursor=nonsense']) {
      expect(await get(`/test_commits/receipt?${query}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      });
    }
  });
});

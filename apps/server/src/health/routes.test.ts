import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '@devpulse/db/connection';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { registerHealthRoutes } from './routes.ts';

let api: TestApi;
let failing: Error | null = null;
let hanging = false;

beforeAll(async () => {
  api = await openTestApi({
    areas: [registerHealthRoutes],
    deps: ({ store }) => ({
      readiness: [
        {
          part: 'store',
          check: async () => {
            if (!(await store.ping())) throw new Error('no answer');
          },
        },
        {
          part: 'queue',
          check: () =>
            hanging ? new Promise(() => undefined) : failing === null ? Promise.resolve() : Promise.reject(failing),
        },
      ],
    }),
  });
});
afterAll(() => api.close());

async function get(url: string) {
  const response = await api.app.inject(url);
  return { status: response.statusCode, type: response.headers['content-type'], text: response.body };
}

/** The values of a metric by its labels. */
function valuesOf(text: string, name: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(name.length, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

describe('GET /healthz', () => {
  it('says that the process lives, whatever else does not', async () => {
    failing = new Error('queue is down');
    expect(await get('/healthz')).toMatchObject({ status: 200, text: '{"alive":true}' });
    failing = null;
  });
});

describe('GET /readyz', () => {
  it('is ready when every part is', async () => {
    expect(await get('/readyz')).toMatchObject({
      status: 200,
      text: JSON.stringify({
        ready: true,
        parts: [
          { part: 'store', ready: true },
          { part: 'queue', ready: true },
        ],
      }),
    });
  });

  it('names the part that is not, keeps the reason for the log, and heals', async () => {
    failing = new Error('cannot reach redis://:hunter2@cache');
    const { status, text } = await get('/readyz');
    expect(status).toBe(503);
    expect(JSON.parse(text)).toEqual({
      ready: false,
      parts: [
        { part: 'store', ready: true },
        { part: 'queue', ready: false },
      ],
    });
    const line = api.lines.find((each) => each.includes('not ready')) ?? '';
    expect(JSON.parse(line)).toMatchObject({
      level: 'warn',
      part: 'queue',
      err: { message: expect.stringContaining('cannot reach') as string },
    });
    expect(line).not.toContain('hunter2');
    failing = null;
    expect((await get('/readyz')).status).toBe(200);
  });

  it('does not wait for a part that never answers', async () => {
    hanging = true;
    expect((await get('/readyz')).status).toBe(503);
    hanging = false;
  });
});

describe('GET /metrics', () => {
  it('counts requests by route, never by address', async () => {
    await get('/healthz');
    await get('/somebody/elses/secret');
    const { type, text } = await get('/metrics');
    expect(type).toMatch(/^text\/plain; version=0\.0\.4/);
    const counts = valuesOf(text, 'devpulse_http_request_seconds_count');
    expect(counts['{method="GET",route="/healthz",status="200"}']).toBeGreaterThan(0);
    expect(counts['{method="GET",route="none",status="404"}']).toBe(1);
    expect(text).not.toContain('somebody');
    expect(valuesOf(text, 'devpulse_process_resident_memory_bytes')['']).toBeGreaterThan(1e6);
  });

  it('counts what the stages report', async () => {
    const { telemetry } = api.deps;
    telemetry.eventsCaptured('plain', 'accepted', 3);
    telemetry.derived({ outcome: 'done', events: 5, seconds: 0.2 });
    telemetry.rolledUp({ cells: 7, seconds: 0.1 });
    telemetry.jobRan({ name: 'drain-inbox', outcome: 'failed', seconds: 1 });
    telemetry.delivered(0.7);
    const { text } = await get('/metrics');
    expect(valuesOf(text, 'devpulse_events_captured_total')).toEqual({ '{source="plain",outcome="accepted"}': 3 });
    expect(valuesOf(text, 'devpulse_events_derived_total')).toEqual({ '{outcome="done"}': 5 });
    expect(valuesOf(text, 'devpulse_cells_recomputed_total')).toEqual({ '': 7 });
    expect(valuesOf(text, 'devpulse_job_seconds_count')).toEqual({ '{name="drain-inbox",outcome="failed"}': 1 });
    expect(valuesOf(text, 'devpulse_derive_batch_seconds_sum')['']).toBe(0.2);
    expect(valuesOf(text, 'devpulse_webhook_seconds_sum')['']).toBe(0.7);
  });

  it('tells what is left of the limits elsewhere, and of nobody’s', async () => {
    expect(valuesOf((await get('/metrics')).text, 'devpulse_governor_least_left_ratio')).toEqual({});
    const key = (digit: number): Buffer => Buffer.alloc(16, digit);
    const owner = await openClient(api.store.logins.owner, 'the test', () => undefined);
    await owner.query(`insert into governor_accounts (key) values ($1), ($2)`, [key(1), key(2)]);
    await owner.query(
      `insert into governor_quotas (key, resource, quota, left_over, resets_at) values
       ($1, 'core', 5000, 1250, now() + interval '1 hour'), ($2, 'core', 5000, 0, now() - interval '1 minute'),
       ($1, 'graphql', 5000, 0, now() + interval '1 hour')`,
      [key(1), key(2)],
    );
    await owner.end();
    const { text } = await get('/metrics');
    // What was used up in an hour that is over is whole again.
    expect(valuesOf(text, 'devpulse_governor_least_left_ratio')).toEqual({
      '{resource="core"}': 0.25,
      '{resource="graphql"}': 0,
    });
    expect(valuesOf(text, 'devpulse_governor_accounts')).toEqual({
      '{resource="core",state="all"}': 2,
      '{resource="core",state="waiting"}': 0,
      '{resource="graphql",state="all"}': 1,
      '{resource="graphql",state="waiting"}': 1,
    });
    expect(text).not.toContain('0101010101');
  });

  it('tells how full the inbox is over all workspaces, without naming one', async () => {
    const other = await api.addWorkspace();
    const row = { source: 'plain', kind: 'facts', arrival: 'push' as const, body: Buffer.from('{}') };
    await api.deps.capture.add([
      { ...row, workspaceId: api.workspaceId, key: 'a' },
      { ...row, workspaceId: other.workspaceId, key: 'canary' },
    ]);
    const { text } = await get('/metrics');
    expect(valuesOf(text, 'devpulse_inbox_events')).toEqual({
      '{state="pending"}': 2,
      '{state="leased"}': 0,
      '{state="dead"}': 0,
    });
    expect(valuesOf(text, 'devpulse_store_up')).toEqual({ '': 1 });
    for (const secret of [api.workspaceId, other.workspaceId, 'canary', 'Test workspace'])
      expect(text).not.toContain(secret);
  });

  it('goes on telling of the process while the store is away, and does not make zeros up', async () => {
    const dead = await openTestApi({ areas: [registerHealthRoutes] });
    await dead.store.close();
    const { statusCode, body } = await dead.app.inject('/metrics');
    expect(statusCode).toBe(200);
    expect(valuesOf(body, 'devpulse_store_up')).toEqual({ '': 0 });
    expect(valuesOf(body, 'devpulse_inbox_events')).toEqual({});
    expect(valuesOf(body, 'devpulse_stale_day_marks')).toEqual({ '': Number.NaN });
    await dead.app.close();
  });
});

import { sql } from 'kysely';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { faultDetailSchema, faultPageSchema, faultSchema } from '@devpulse/contract/wire/faults';
import { openClient } from '@devpulse/db/connection';
import { newId } from '@devpulse/db/ids';
import { findTestServer } from '@devpulse/db/testing/test-server';
import type { RegisterRoutes } from '../deps.ts';
import { defineJob } from '../jobs/job.ts';
import { runJob } from '../jobs/run-job.ts';
import type { Workers } from '../jobs/workers.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { passesPerMinute } from './flood-gate.ts';
import { registerFaultRoutes } from './routes.ts';
import { trimFaults } from './trim-faults.ts';

const secret = 'hunter2hunter2';

/** Routes that go wrong in every way. */
const registerBrokenRoutes: RegisterRoutes = (app, { store }) => {
  const config = { permission: 'public' } as const;
  const breaking: Record<string, () => unknown> = {
    '/broken/:id': () => {
      throw new TypeError(`x is not a function, password=${secret}`);
    },
    '/refused': () => {
      throw new AppError('conflict', 'this is no fault');
    },
    '/crowded': () => {
      throw new AppError('busy', 'come back later');
    },
    '/fought-over': () =>
      sql`do $$ begin raise exception 'deadlock' using errcode = '40P01'; end $$`.execute(store.app),
    '/misread': () => sql`select ${'Ada’s plan'}::text::uuid`.execute(store.app),
  };
  for (const [url, handler] of Object.entries(breaking))
    app.get(url, { config, schema: { hide: true, response: { 200: z.unknown() } } }, async () => handler());
};

let api: TestApi;
let admin: pg.Client;

beforeAll(async () => {
  admin = await openClient(findTestServer().admin, 'the test', () => undefined);
});
afterAll(() => admin.end());
beforeEach(async () => {
  api = await openTestApi({ areas: [registerFaultRoutes, registerBrokenRoutes] });
});
afterEach(() => api.close());

async function visit(url: string): Promise<string> {
  const answer = await api.app.inject({ url });
  await api.faults.flush();
  return String(answer.headers['x-request-id']);
}

async function list(query = ''): Promise<z.infer<typeof faultPageSchema>> {
  const answer = await api.ask({ url: `/api/v1/faults${query}` });
  expect(answer.statusCode, answer.body).toBe(200);
  return faultPageSchema.parse(answer.json());
}

async function read(id: string, query = ''): Promise<z.infer<typeof faultDetailSchema>> {
  return faultDetailSchema.parse((await api.ask({ url: `/api/v1/faults/${id}${query}` })).json());
}

const resolve = (id: string) => api.ask({ method: 'POST', url: `/api/v1/faults/${id}/resolve` });

describe('the record of faults', () => {
  it('keeps what a request failed of, with its id, route and version, and without its address and secrets', async () => {
    const requestId = await visit('/broken/ada@example.org?token=dp_0123456789abcdefghijkl');
    const { faults } = await list();
    expect(faults).toMatchObject([
      {
        errorClass: 'TypeError',
        code: null,
        place: expect.stringMatching(/ apps\/server\/src\/faults\/faults\.test\.ts$/) as string,
        state: 'open',
        times: 1,
        message: 'x is not a function, password=[redacted]',
        origin: 'GET /broken/:id',
        version: '0.0.0-test',
      },
    ]);
    const { occurrences } = await read(faults[0]?.id ?? '');
    expect(occurrences).toMatchObject([{ requestId, origin: 'GET /broken/:id', unwritten: 0 }]);
    const { rows } = await sql`select * from faults, fault_occurrences`.execute(api.store.app);
    expect(rows).toHaveLength(1);
    for (const text of [secret, 'ada@', 'dp_0']) expect(JSON.stringify(rows)).not.toContain(text);
  });

  it('keeps what nobody expects: faults of ours and of the store, not refusals and not that there is too much to do', async () => {
    for (const url of ['/refused', '/crowded', '/nowhere', '/api/v1/faults/!', '/fought-over', '/misread'])
      await visit(url);
    const { faults } = await list();
    expect(faults.map(({ origin, code }) => [origin, code])).toEqual([
      ['GET /misread', '22P02'],
      ['GET /fought-over', '40P01'],
    ]);
    expect(faults[0]?.message).toBe('invalid input syntax for type uuid: "…"');
  });

  it('counts the times from what is kept, and a flood in a few rows', async () => {
    await Promise.all(Array.from({ length: 200 }, () => api.app.inject({ url: '/broken/1' })));
    await api.faults.flush();
    const [fault] = (await list()).faults;
    expect(fault?.times).toBe(200);
    const { occurrences } = await read(fault?.id ?? '');
    expect(occurrences).toHaveLength(passesPerMinute);
    expect(occurrences[0]?.unwritten).toBe(200 - passesPerMinute);
    expect(fault?.lastSeenAt).toBe(occurrences[0]?.seenAt);
    expect(fault?.firstSeenAt).toBe(occurrences.at(-1)?.seenAt);
  });

  it('takes a fault for mended when somebody says so, until it is seen again', async () => {
    await visit('/broken/1');
    const { id = '' } = (await list()).faults[0] ?? {};
    const mended = faultSchema.parse((await resolve(id)).json());
    expect(mended.state).toBe('resolved');
    expect((await list('?state=open')).faults).toEqual([]);
    expect(faultSchema.parse((await resolve(id)).json()).resolvedAt).toBe(mended.resolvedAt);
    await new Promise((done) => setTimeout(done, 2));
    await visit('/broken/2');
    expect((await list('?state=returned')).faults).toMatchObject([{ id, times: 2, resolvedAt: mended.resolvedAt }]);
    expect(faultSchema.parse((await resolve(id)).json()).state).toBe('resolved');
    expect((await resolve(newId())).statusCode).toBe(404);
    expect((await api.ask({ url: `/api/v1/faults/${newId()}` })).statusCode).toBe(404);
  });

  it('is paged, faults as well as their times', async () => {
    for (const code of ['A', 'B', 'C']) {
      for (let time = 0; time < 3; time += 1)
        api.faults.record({ error: Object.assign(new Error('x'), { code }), origin: 'a test' });
    }
    await api.faults.flush();
    const seen: (string | null)[] = [];
    let query = '?limit=1';
    for (let pages = 0; query !== ''; pages += 1) {
      expect(pages).toBeLessThan(4);
      const { faults, nextCursor } = await list(query);
      seen.push(...faults.map((fault) => fault.code));
      query = nextCursor === null ? '' : `?limit=1&cursor=${nextCursor}`;
    }
    expect(new Set(seen)).toEqual(new Set(['A', 'B', 'C']));
    expect(seen).toHaveLength(3);
    const { id = '' } = (await list()).faults[0] ?? {};
    const first = await read(id, '?limit=2');
    const second = await read(id, `?limit=2&cursor=${first.nextCursor}`);
    expect(second.nextCursor).toBeNull();
    expect(new Set([...first.occurrences, ...second.occurrences].map((each) => each.id)).size).toBe(3);
    expect((await api.ask({ url: '/api/v1/faults?cursor=nonsense' })).statusCode).toBe(400);
  });

  it('keeps why a job failed', async () => {
    const job = defineJob({
      name: 'breaks',
      title: 'Breaks',
      payload: z.object({}),
      run: () => Promise.reject(new RangeError('too far')),
    });
    const { store, log: logger, telemetry, faults, now } = api.deps;
    // This job asks for nothing else.
    const workers = { store, logger, telemetry, faults, now } as Partial<Workers> as Workers;
    await expect(runJob(workers, job, {}, new AbortController().signal)).rejects.toThrow('too far');
    await api.faults.flush();
    expect((await list()).faults).toMatchObject([
      { errorClass: 'RangeError', origin: 'job breaks', message: 'too far' },
    ]);
  });

  it('forgets what is older than its time, what is too much, and faults of which nothing is left', async () => {
    for (const code of ['OLD', 'MANY']) {
      for (let time = 0; time < 4; time += 1)
        api.faults.record({ error: Object.assign(new Error('x'), { code }), origin: 'a test' });
    }
    await api.faults.flush();
    await sql`update fault_occurrences set seen_at = now() - interval '31 days'
              where fault_id = (select id from faults where code = 'OLD')`.execute(api.store.app);
    expect(await trimFaults(api.store, { days: 32, rows: 8 })).toBe(0);
    expect((await list()).faults).toHaveLength(2);
    expect(await trimFaults(api.store, { days: 30, rows: 3 })).toBe(5);
    expect((await list()).faults).toMatchObject([{ code: 'MANY', times: 3 }]);
  });

  describe('while the store is away', () => {
    const setOpen = async (isOpen: boolean): Promise<void> => {
      const { database } = api.store.logins.app;
      await admin.query(`alter database ${database} allow_connections ${isOpen}`);
      if (!isOpen)
        await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [database]);
    };

    it('answers as ever, says in the log what it could not keep, and keeps it when the store is back', async () => {
      await setOpen(false);
      const answers = await Promise.all(['/broken/1', '/broken/2'].map((url) => api.app.inject({ url })));
      expect(answers.map((answer) => answer.statusCode)).toEqual([500, 500]);
      await expect.poll(() => api.lines.join('')).toContain('faults cannot be recorded now');
      await setOpen(true);
      await api.faults.flush();
      expect((await list()).faults).toMatchObject([{ origin: 'GET /broken/:id', times: 2 }]);
      expect(api.lines.join('')).toContain('faults are recorded again');
    });

    it('gives up when the program ends, and leaves them in the log', async () => {
      await setOpen(false);
      const { headers } = await api.app.inject({ url: '/broken/1' });
      await api.faults.flush();
      const told = api.lines.find((line) => line.includes('faults are in the log only')) ?? '';
      expect(told).toContain(String(headers['x-request-id']));
      expect(told).toContain('GET /broken/:id');
      expect(api.lines.join('')).not.toContain(secret);
      await setOpen(true);
    });
  });
});

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerFlagRoutes } from '../flags/routes.ts';
import { registerSourceRoutes } from '../sources/routes.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { registerAuditRoutes } from './routes.ts';

let api: TestApi;
let clock = Date.parse('2026-11-26T06:00:00Z');

beforeAll(async () => {
  api = await openTestApi({
    areas: [registerAuditRoutes, registerSourceRoutes, registerFlagRoutes],
    deps: () => ({ now: () => new Date(clock) }),
  });
});
afterAll(() => api.close());

async function readRefusals(): Promise<{ permission: string; person: string; route: string }[]> {
  const { rows } = await api.store.inWorkspace(api.workspaceId, (trx) =>
    sql<{ target_id: string; actor_person_id: string; after: string; via: string }>`
      select target_id, actor_person_id, after, via from audit_entries where action = 'access.refused' order by seq`.execute(
      trx,
    ),
  );
  return rows.map((row) => ({
    permission: row.target_id,
    person: row.actor_person_id,
    route: (JSON.parse(row.after) as { route: string }).route,
  }));
}

describe('an attempt at what one may not do', () => {
  it('is written down once an hour, whether by role or by token, but not for what pages ask for by themselves', async () => {
    const token = await api.tokenFor(['read']);
    const ask = async (method: 'GET' | 'POST', url: string): Promise<void> => {
      const answer = await api.app.inject({ method, url, headers: { authorization: `Bearer ${token}` } });
      expect(answer.statusCode).toBe(403);
    };
    await ask('GET', '/api/v1/folders');
    expect(await readRefusals()).toEqual([]);
    for (let times = 0; times < 5; times += 1) {
      await ask('GET', '/api/v1/audit');
      await ask('POST', '/api/v1/sources');
    }
    const person = api.ownerId;
    const twice = [
      { permission: 'audit.read', person, route: 'GET /api/v1/audit' },
      { permission: 'sources.manage', person, route: 'POST /api/v1/sources' },
    ];
    expect(await readRefusals()).toEqual(twice);
    clock += 3_599_000;
    await ask('GET', '/api/v1/audit/chain');
    expect(await readRefusals()).toEqual(twice);
    clock += 2_000;
    await ask('GET', '/api/v1/audit/chain');
    expect(await readRefusals()).toEqual([
      ...twice,
      { permission: 'audit.read', person, route: 'GET /api/v1/audit/chain' },
    ]);
  });

  it('leaves what is allowed and what is unknown unwritten', async () => {
    const before = await readRefusals();
    expect((await api.ask({ url: '/api/v1/flags' })).statusCode).toBe(200);
    expect((await api.app.inject({ url: '/api/v1/audit' })).statusCode).toBe(401);
    expect(await readRefusals()).toEqual(before);
  });
});

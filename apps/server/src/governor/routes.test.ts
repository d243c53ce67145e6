import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@devpulse/db/ids';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { registerGovernorRoutes } from './routes.ts';

let api: TestApi;

beforeAll(async () => {
  api = await openTestApi({ areas: [registerGovernorRoutes] });
});
afterAll(() => api.close());

async function connect(workspaceId: string, account: string): Promise<string> {
  const id = newId();
  await api.store.inWorkspace(workspaceId, (trx) =>
    sql`
      insert into connections (workspace_id, id, kind, form, host, account_number, login)
      values (${workspaceId}, ${id}, 'token', 'classic', 'github.com', ${account}, 'somebody')`.execute(trx),
  );
  return id;
}

describe('GET /api/v1/budgets', () => {
  it('says of each connection of the workspace what is left, and until when it waits', async () => {
    const { governor } = api.deps;
    const id = await connect(api.workspaceId, '1');
    const other = await api.addWorkspace();
    await connect(other.workspaceId, '2');
    expect((await api.ask({ url: '/api/v1/budgets' })).json()).toEqual({ budgets: [] });
    for (const account of ['1', '2']) {
      const ask = { budget: `github.com|user|${account}`, resource: 'core', lane: 'live', cost: 1, points: 1 } as const;
      const quota = { resource: 'core', limit: 5000, left: 0, resetAt: 1_900_000_000, resetInMs: 600_000 };
      await (await governor.take(ask)).end({ quota, limited: { kind: 'quota', retryAfterMs: null } });
    }
    const { budgets } = (await api.ask({ url: '/api/v1/budgets' })).json<{ budgets: Record<string, unknown>[] }>();
    expect(budgets).toEqual([
      {
        connectionId: id,
        resource: 'core',
        limit: 5000,
        remaining: 0,
        resetAt: expect.any(String),
        blockedUntil: budgets[0]?.['resetAt'],
        reason: 'quota',
        historyUntil: budgets[0]?.['resetAt'],
        heardAt: expect.any(String),
      },
    ]);
    expect(Date.parse(String(budgets[0]?.['blockedUntil']))).toBeGreaterThan(Date.now() + 590_000);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoSchema } from '@devpulse/contract/wire/demo';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { readDemoState } from './demo-state.ts';
import { registerDemoRoutes } from './routes.ts';

let api: TestApi;
let asked = 0;

beforeAll(async () => {
  api = await openTestApi({
    areas: [registerDemoRoutes],
    deps: () => ({ demo: { folder: '/nonexistent/demo', makeSoon: () => void (asked += 1) } }),
  });
});
afterAll(() => api.close());

const url = '/api/v1/demo';

describe('the routes of the demo', () => {
  it('asks for the scope of sources but to look, and for nothing it does not know', async () => {
    const reader = await api.tokenFor(['read', 'people', 'operate', 'events']);
    const changer = await api.tokenFor(['sources', 'people', 'operate', 'events']);
    for (const method of ['GET', 'POST', 'DELETE'] as const) {
      expect((await api.app.inject({ method, url })).statusCode).toBe(401);
      const token = method === 'GET' ? changer : reader;
      const refused = await api.ask({ method, url, headers: { authorization: `Bearer ${token}` } });
      expect(refused.statusCode).toBe(403);
      expect((await api.ask({ method, url: `${url}?size=large` })).statusCode).toBe(400);
    }
    expect(asked).toBe(0);
  });

  it('says that there is none, orders one once, and takes it back', async () => {
    const none = { state: 'absent', workspaceId: null, progress: null, error: null };
    expect((await api.ask({ method: 'GET', url })).json()).toEqual(none);
    const first = await api.ask({ method: 'POST', url });
    expect(first.statusCode).toBe(202);
    const { workspaceId } = demoSchema.parse(first.json());
    expect(first.json()).toMatchObject({ state: 'making', progress: null });
    const second = await api.ask({ method: 'POST', url });
    expect([second.statusCode, second.json().workspaceId]).toEqual([202, workspaceId]);
    expect(asked).toBe(2);
    expect((await api.ask({ method: 'GET', url })).json()).toMatchObject({ state: 'making', workspaceId });
    const removed = await api.ask({ method: 'DELETE', url });
    expect([removed.statusCode, removed.json()]).toEqual([200, none]);
    expect((await api.ask({ method: 'DELETE', url })).json()).toEqual(none);
  });

  it('remembers which account asked', async () => {
    const cookie = await api.cookieFor();
    const sent = await api.app.inject({ method: 'POST', url, headers: { cookie, 'sec-fetch-site': 'same-origin' } });
    expect(sent.statusCode).toBe(202);
    expect((await readDemoState(api.store)).plan?.accountId).toMatch(/^[0-9a-f-]{36}$/);
    await api.ask({ method: 'DELETE', url });
  });
});

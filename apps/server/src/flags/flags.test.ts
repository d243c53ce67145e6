import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlagList } from '@devpulse/contract/wire/flags';
import { registerDemoRoutes } from '../demo/routes.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { switchFlag } from './read-flags.ts';
import { registerFlagRoutes } from './routes.ts';

let api: TestApi;

beforeAll(async () => {
  api = await openTestApi({ areas: [registerFlagRoutes, registerDemoRoutes] });
});
afterAll(() => api.close());

const read = async (): Promise<unknown> => (await api.ask({ url: '/api/v1/flags' })).json<FlagList>().flags[0];

describe('flags', () => {
  it('stand at their default until they are switched, and go back to it', async () => {
    expect(await read()).toMatchObject({ name: 'demo', isOn: true, isDefault: true });
    await switchFlag(api.store, 'demo', false);
    expect(await read()).toMatchObject({ isOn: false, isDefault: false });
    await switchFlag(api.store, 'demo', null);
    expect(await read()).toMatchObject({ isOn: true, isDefault: true });
  });

  it('are asked by the server: without the demo none is made', async () => {
    await switchFlag(api.store, 'demo', false);
    const refused = await api.ask({ method: 'POST', url: '/api/v1/demo' });
    expect(refused.statusCode).toBe(403);
    expect(refused.json()).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('"demo"') as string });
    expect((await api.ask({ url: '/api/v1/demo' })).json()).toMatchObject({ state: 'absent' });
    await switchFlag(api.store, 'demo', true);
    expect((await api.ask({ method: 'POST', url: '/api/v1/demo' })).statusCode).toBe(202);
  });
});

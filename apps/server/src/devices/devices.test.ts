import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceList, DeviceView } from '@devpulse/contract/wire/devices';
import { type DeviceWorld, openDeviceWorld } from './testing/paired-device.ts';

let world: DeviceWorld;
beforeAll(async () => {
  world = await openDeviceWorld();
});
afterAll(() => world.close());

async function find(id: string, cookie = world.cookie): Promise<DeviceView | undefined> {
  const { body } = await world.asPage('GET', '/api/v1/me/devices', undefined, cookie);
  return (body as DeviceList).devices.find((device) => device.id === id);
}

describe('the devices of an account', () => {
  it('are called what their person calls them', async () => {
    const { deviceId } = await world.pair();
    const before = (await world.audit()).length;
    const { status } = await world.asPage('PATCH', `/api/v1/me/devices/${deviceId}`, { name: 'Desk' });
    expect([status, (await find(deviceId))?.name]).toEqual([200, 'Desk']);
    await world.asPage('PATCH', `/api/v1/me/devices/${deviceId}`, { name: 'Desk' });
    expect((await world.audit()).slice(before)).toEqual(['device.renamed']);
    expect(await world.rows(`select before, after from audit_entries order by seq desc limit 1`)).toEqual([
      { before: '{"name":"laptop"}', after: '{"name":"Desk"}' },
    ]);
  });

  it('are refused from the next request on when they are revoked', async () => {
    const { deviceId, accessToken, refreshToken } = await world.pair();
    expect((await world.client.get('/api/v1/me', accessToken)).status).toBe(200);
    const before = (await world.audit()).length;
    expect((await world.asPage('DELETE', `/api/v1/me/devices/${deviceId}`)).status).toBe(204);
    expect((await world.client.get('/api/v1/me', accessToken)).body.detail).toMatch(/revoked/);
    expect((await world.client.refresh(refreshToken)).status).toBe(401);
    expect(await find(deviceId)).toBeUndefined();
    expect((await world.asPage('DELETE', `/api/v1/me/devices/${deviceId}`)).status).toBe(404);
    expect((await world.audit()).slice(before)).toEqual(['device.revoked']);
  });

  it('are nobody else’s to see, name or end', async () => {
    const { deviceId, accessToken } = await world.pair();
    const stranger = await world.cookieOfStranger();
    expect(await find(deviceId, stranger)).toBeUndefined();
    for (const [method, payload] of [
      ['PATCH', { name: 'x' }],
      ['DELETE', undefined],
    ] as const)
      expect((await world.asPage(method, `/api/v1/me/devices/${deviceId}`, payload, stranger)).status).toBe(404);
    expect((await world.client.get('/api/v1/me', accessToken)).status).toBe(200);
  });

  it('act with the role that their person has at this moment', async () => {
    const { accessToken } = await world.pair();
    const role = (name: string): Promise<void> =>
      world.inWorkspace(`update people_members set role = '${name}' where person_id = '${world.ownerId}'`);
    const change = async (): Promise<number> => {
      const response = await fetch(`${world.address}/api/v1/workspace`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Renamed by a device' }),
      });
      return response.status;
    };
    expect(await change()).toBe(200);
    await role('member');
    expect(await change()).toBe(403);
    await role('owner');
    expect(await change()).toBe(200);
  });

  it('may not make what would outlive them: tokens, other devices, sessions', async () => {
    const { accessToken } = await world.pair();
    for (const path of ['/api/v1/me/tokens', '/api/v1/me/devices', '/api/v1/me/sessions']) {
      const { status, body } = await world.client.get(path, accessToken);
      expect([status, body.detail]).toEqual([403, 'No device may do this; only a person who signed in.']);
    }
  });

  it('have access tokens that die when their version is raised, while the refresh goes on', async () => {
    const { accessToken, refreshToken } = await world.pair();
    await world.asOwner(`update account_devices set version = version + 1`);
    expect((await world.client.get('/api/v1/me', accessToken)).status).toBe(401);
    const { body, status } = await world.client.refresh(refreshToken);
    expect(status).toBe(200);
    expect((await world.client.get('/api/v1/me', body.accessToken)).status).toBe(200);
  });

  it('are checked by keys that anybody may read', async () => {
    const response = await fetch(`${world.address}/.well-known/jwks.json`);
    const { keys } = (await response.json()) as { keys: { kid: string; kty: string }[] };
    const { accessToken } = await world.pair();
    const header = JSON.parse(Buffer.from(accessToken.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
    expect(keys.map(({ kid }) => kid)).toContain(header.kid);
  });

  it('end when the password of their account becomes another one, and not when it is merely kept anew', async () => {
    const save = (hash: string | null): Promise<void> =>
      world.asOwner(
        `select save_owner_account(gen_random_uuid(), null, null, ${hash === null ? 'null' : `'${hash}'`})`,
      );
    await save('one');
    const cookie = await world.cookieFor();
    const { userCode, deviceCode } = await world.client.start();
    await world.asPage('POST', '/api/v1/devices/pairings/approve', { userCode }, cookie);
    const { accessToken } = (await world.client.claim(deviceCode)).body;
    await save('one');
    await save(null);
    expect((await world.client.get('/api/v1/me', accessToken)).status).toBe(200);
    await save('two');
    expect((await world.client.get('/api/v1/me', accessToken)).status).toBe(401);
  });
});

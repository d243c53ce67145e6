import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionList } from '@devpulse/contract/wire/devices';
import { openSession } from '../accounts/open-session.ts';
import { hashSecret } from '../accounts/secret-format.ts';
import { listen } from '../live/testing/listen.ts';
import { startLiveServer } from '../live/testing/live-server.ts';
import { type DeviceWorld, openDeviceWorld } from './testing/paired-device.ts';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

let world: DeviceWorld;
let accountId: string;
beforeAll(async () => {
  world = await openDeviceWorld();
  const [row] = await world.rows(`select id from auth."user"`);
  accountId = String(row?.['id']);
});
afterAll(() => world.close());

async function signInElsewhere(agent = firefox): Promise<string> {
  const { store, workspaceId } = world;
  return `devpulse_session=${await openSession({ db: store.app, accountId, workspaceId, agent })}`;
}

const list = async (cookie = world.cookie): Promise<SessionList['sessions']> =>
  ((await world.asPage('GET', '/api/v1/me/sessions', undefined, cookie)).body as SessionList).sessions;

const idOf = async (cookie: string): Promise<string> =>
  (await list(cookie)).find(({ current }) => current)?.id ?? 'none';

const statusOf = async (cookie: string): Promise<number> =>
  (await world.asPage('GET', '/api/v1/me', undefined, cookie)).status;

describe('the sessions of an account', () => {
  it('are listed with what browser they are in, the one that asks first and marked', async () => {
    const elsewhere = await signInElsewhere();
    const secret = elsewhere.slice(elsewhere.indexOf('=') + 1);
    for (const address of ['203.0.113.9', '198.51.100.1'])
      await sql`select place_session(${hashSecret('session', secret)}, ${address})`.execute(world.store.app);
    const sessions = await list();
    expect(sessions.map(({ current }) => current)).toEqual([true, ...sessions.slice(1).map(() => false)]);
    const other = sessions.find(({ browser }) => browser !== null);
    expect(other).toMatchObject({
      browser: 'Firefox 140',
      system: 'Linux',
      name: null,
      address: '203.0.113.9',
      current: false,
    });
    expect((await list(elsewhere))[0]).toMatchObject({ browser: 'Firefox 140', current: true });
    const days = (new Date(other?.endsAt ?? 0).getTime() - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(30);
  });

  it('are called what their person calls them', async () => {
    const id = await idOf(await signInElsewhere());
    const { status, body } = await world.asPage('PATCH', `/api/v1/me/sessions/${id}`, { name: '  Kitchen ' });
    expect(status).toBe(200);
    expect((body as SessionList).sessions.find((session) => session.id === id)?.name).toBe('Kitchen');
    expect((await world.asPage('PATCH', `/api/v1/me/sessions/${id}`, { name: ' ' })).status).toBe(400);
  });

  it('are refused from the next request on when they are ended elsewhere', async () => {
    const elsewhere = await signInElsewhere();
    expect(await statusOf(elsewhere)).toBe(200);
    const id = await idOf(elsewhere);
    const before = (await world.audit()).length;
    expect((await world.asPage('DELETE', `/api/v1/me/sessions/${id}`)).status).toBe(204);
    expect(await statusOf(elsewhere)).toBe(401);
    expect((await list()).map((session) => session.id)).not.toContain(id);
    expect((await world.asPage('DELETE', `/api/v1/me/sessions/${id}`)).status).toBe(404);
    expect((await world.audit()).slice(before)).toEqual(['session.ended']);
  });

  it('are nobody else’s to see, name or end', async () => {
    const stranger = await world.cookieOfStranger();
    const mine = await idOf(world.cookie);
    expect((await list(stranger)).map(({ id }) => id)).not.toContain(mine);
    const act = (method: 'PATCH' | 'DELETE', payload?: object) =>
      world.asPage(method, `/api/v1/me/sessions/${mine}`, payload, stranger);
    expect((await act('PATCH', { name: 'x' })).status).toBe(404);
    expect((await act('DELETE')).status).toBe(404);
    await world.asPage('POST', '/api/v1/me/sessions/end-others', undefined, stranger);
    expect(await statusOf(world.cookie)).toBe(200);
  });

  it('all end at once but this one, and so do devices; tokens stay', async () => {
    const [one, two] = [await signInElsewhere(), await signInElsewhere()];
    const stranger = await world.cookieOfStranger();
    const device = await world.pair();
    const token = await world.tokenFor();
    const { status, body } = await world.asPage('POST', '/api/v1/me/sessions/end-others');
    expect([status, body['devices']]).toEqual([200, 1]);
    expect(Number(body['sessions'])).toBeGreaterThanOrEqual(2);
    expect(await list()).toHaveLength(1);
    for (const cookie of [one, two]) expect(await statusOf(cookie)).toBe(401);
    for (const cookie of [world.cookie, stranger]) expect(await statusOf(cookie)).toBe(200);
    expect((await world.client.get('/api/v1/me', device.accessToken)).status).toBe(401);
    expect((await world.client.refresh(device.refreshToken)).status).toBe(401);
    expect((await world.client.get('/api/v1/me', token)).status).toBe(200);
  });

  it('end thirty days after their last use, and 180 days after they began however much they are used', async () => {
    const cookie = await signInElsewhere();
    const id = await idOf(cookie);
    const use = `select touch_session(decode((select token from auth.session where id = '${id}'), 'hex'))`;
    const daysLeft = async (): Promise<number> => {
      const [row] = await world.rows(
        `select extract(epoch from expires_at - now()) / 86400 as days from auth.session where id = '${id}'`,
      );
      return Math.round(Number(row?.['days']));
    };
    const age = (days: number): Promise<void> =>
      world.asOwner(
        `update auth.session set created_at = now() - interval '${days} days', last_seen_at = now() - interval '1 hour'
         where id = '${id}'`,
      );
    for (const [days, left] of [
      [100, 30],
      [160, 20],
      [179, 1],
    ] as const) {
      await age(days);
      await world.asOwner(use);
      expect(await daysLeft()).toBe(left);
    }
    await world.asOwner(`update auth.session set expires_at = now() - interval '1 second' where id = '${id}'`);
    expect(await statusOf(cookie)).toBe(401);
  });
});

describe('the live channel', () => {
  it('closes by itself for a session and a device that were ended', async () => {
    const server = await startLiveServer(world.deps, world.store, { gapMs: 0, recheckMs: 50 });
    const elsewhere = await signInElsewhere();
    const device = await world.pair();
    const ears = await Promise.all([
      listen(server.url, { headers: { cookie: elsewhere } }),
      listen(server.url, { token: device.accessToken }),
    ]);
    expect(ears.map(({ status }) => status)).toEqual([200, 200]);
    await world.asPage('POST', '/api/v1/me/sessions/end-others');
    for (const ear of ears)
      expect(await ear.next()).toMatchObject({ event: 'closing', data: { reason: 'signed_out' } });
    await server.close();
  });

  it('asks again at least every five seconds', async () => {
    const { liveLimits } = await import('../live/live-hub.ts');
    expect(liveLimits.recheckMs).toBeLessThan(5_000);
  });

  it('can be opened by a ticket of a device, for as long as the device counts', async () => {
    const server = await startLiveServer(world.deps, world.store, { gapMs: 0, recheckMs: 50 });
    const device = await world.pair();
    const response = await fetch(`${server.url}/api/v1/live/tickets`, {
      method: 'POST',
      headers: { authorization: `Bearer ${device.accessToken}` },
    });
    const { ticket } = (await response.json()) as { ticket: string };
    const ear = await listen(server.url, { query: `?ticket=${ticket}` });
    expect(ear.status).toBe(200);
    await world.asPage('DELETE', `/api/v1/me/devices/${device.deviceId}`);
    expect(await ear.next()).toMatchObject({ event: 'closing', data: { reason: 'signed_out' } });
    await server.close();
  });
});

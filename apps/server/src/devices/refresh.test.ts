import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceTokens } from '@devpulse/contract/wire/devices';
import { openClient } from '@devpulse/db/connection';
import { findTestServer } from '@devpulse/db/testing/test-server';
import { openDeviceSecrets } from './device-secrets.ts';
import { type DeviceWorld, openDeviceWorld } from './testing/paired-device.ts';

let world: DeviceWorld;
beforeAll(async () => {
  world = await openDeviceWorld();
});
afterAll(() => world.close());

/** As if so many seconds had gone by since the tokens of this device were used. */
const letPass = (device: string, seconds: number): Promise<void> =>
  world.asOwner(
    `update account_refresh_tokens set used_at = used_at - interval '${seconds} seconds' where device_id = '${device}'`,
  );

async function statusOf(accessToken: string): Promise<number> {
  return (await world.client.get('/api/v1/me', accessToken)).status;
}

async function refresh(token: string): Promise<DeviceTokens> {
  const { status, body } = await world.client.refresh(token);
  expect([status, body.detail]).toEqual([200, undefined]);
  return body;
}

async function expectStopped(tokens: readonly DeviceTokens[]): Promise<void> {
  for (const { accessToken, refreshToken } of tokens) {
    expect(await statusOf(accessToken)).toBe(401);
    expect((await world.client.refresh(refreshToken)).status).toBe(401);
  }
  const { devices } = (await world.asPage('GET', '/api/v1/me/devices')).body as { devices: { id: string }[] };
  expect(devices.find(({ id }) => id === tokens[0]?.deviceId)).toMatchObject({ state: 'stopped' });
}

describe('a refresh token', () => {
  it('counts once, and its successor goes on', async () => {
    const first = await world.pair();
    const second = await refresh(first.refreshToken);
    const third = await refresh(second.refreshToken);
    expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size).toBe(3);
    for (const { accessToken } of [first, second, third]) expect(await statusOf(accessToken)).toBe(200);
  });

  it('gives twenty who come at once one and the same successor', async () => {
    const first = await world.pair();
    const answers = await Promise.all(Array.from({ length: 20 }, () => world.client.refresh(first.refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(20).fill(200));
    const successors = new Set(answers.map(({ body }) => body.refreshToken));
    expect(successors.size).toBe(1);
    const generations = await world.rows(
      `select generation from account_refresh_tokens where device_id = '${first.deviceId}' order by 1`,
    );
    expect(generations).toEqual([{ generation: 1 }, { generation: 2 }]);
    await refresh([...successors][0] ?? '');
  });

  it('may be shown again for ten seconds from the first time, should the answer be lost', async () => {
    const first = await world.pair();
    const lost = await refresh(first.refreshToken);
    await letPass(first.deviceId, 5);
    const again = await refresh(first.refreshToken);
    expect(again.refreshToken).toBe(lost.refreshToken);
    // The ten seconds began with the first time, not with this one.
    await letPass(first.deviceId, 6);
    const late = await world.client.refresh(first.refreshToken);
    expect([late.status, late.body.code]).toEqual([401, 'unauthenticated']);
    await expectStopped([first, lost, again]);
  });

  it('stops the device when it comes back after eleven seconds', async () => {
    const before = (await world.audit()).length;
    const first = await world.pair();
    const thief = await refresh(first.refreshToken);
    await letPass(first.deviceId, 11);
    expect((await world.client.refresh(first.refreshToken)).body.detail).toMatch(/used before/);
    await expectStopped([first, thief]);
    expect((await world.audit()).slice(before)).toEqual(['device.approved', 'device.stopped']);
  });

  it('stops the device when it is two generations old, however fresh', async () => {
    const first = await world.pair();
    const second = await refresh(first.refreshToken);
    const third = await refresh(second.refreshToken);
    expect((await world.client.refresh(first.refreshToken)).status).toBe(401);
    await expectStopped([third, second, first]);
  });

  it('stops no other device of the same person', async () => {
    const [one, other] = [await world.pair(), await world.pair()];
    await refresh(one.refreshToken);
    await letPass(one.deviceId, 11);
    await world.client.refresh(one.refreshToken);
    expect(await statusOf(one.accessToken)).toBe(401);
    expect(await statusOf(other.accessToken)).toBe(200);
    await refresh(other.refreshToken);
  });

  it('is as it was when the server dies before its answer is written, and gives the same successor when it dies after', async () => {
    const first = await world.pair();
    const secrets = openDeviceSecrets(world.deps.keyring);
    const hash = secrets.hashRefresh(first.refreshToken).toString('hex');
    const rotation = `select * from rotate_refresh('\\x${hash}', '\\x00', '\\x01')`;
    await world.asOwner(`begin; ${rotation}; rollback`);
    const second = await refresh(first.refreshToken);
    // It rotated, and nobody heard of it.
    const third = await refresh(second.refreshToken);
    expect((await refresh(second.refreshToken)).refreshToken).toBe(third.refreshToken);
  });

  it('is as it was when the connection to the store is cut in the middle of it', async () => {
    const first = await world.pair();
    const { database } = world.store.logins.app;
    const login = { ...findTestServer().admin, database };
    // Two of them: within a transaction the list of connections stays as it was when it was first read.
    const admin = await openClient(login, 'the test', () => undefined);
    const holder = await openClient(login, 'the test', () => undefined);
    await holder.query('begin');
    await holder.query('select 1 from account_devices where id = $1 for update', [first.deviceId]);
    const cut = world.client.refresh(first.refreshToken).catch(() => ({ status: 599 }));
    const blocked = `select pid from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%rotate_refresh%'`;
    const pids = await waitFor(async () => (await admin.query<{ pid: number }>(blocked)).rows);
    for (const { pid } of pids) await admin.query('select pg_terminate_backend($1)', [pid]);
    await holder.query('rollback');
    await Promise.all([holder.end(), admin.end()]);
    expect(pids).toHaveLength(1);
    expect((await cut).status).toBeGreaterThanOrEqual(500);
    const next = await refresh(first.refreshToken);
    await refresh(next.refreshToken);
    const generations = await world.rows(
      `select generation from account_refresh_tokens where device_id = '${first.deviceId}' order by 1`,
    );
    expect(generations).toEqual([{ generation: 1 }, { generation: 2 }, { generation: 3 }]);
  });

  it('ends thirty days after it was given, and with the device after 180 days', async () => {
    const idle = await world.pair();
    await world.asOwner(
      `update account_refresh_tokens set expires_at = now() - interval '1 second' where device_id = '${idle.deviceId}'`,
    );
    expect((await world.client.refresh(idle.refreshToken)).status).toBe(401);
    const old = await world.pair();
    expect(daysUntil(old.endsAt)).toBe(180);
    await world.asOwner(
      `update account_devices set expires_at = now() + interval '9 days' where id = '${old.deviceId}'`,
    );
    const next = await refresh(old.refreshToken);
    const [row] = await world.rows(
      `select expires_at from account_refresh_tokens where device_id = '${old.deviceId}' and generation = 2`,
    );
    expect(daysUntil(row?.['expires_at'] as Date)).toBe(9);
    await world.asOwner(
      `update account_devices set expires_at = now() - interval '1 second' where id = '${old.deviceId}'`,
    );
    expect(await statusOf(next.accessToken)).toBe(401);
    expect((await world.client.refresh(next.refreshToken)).status).toBe(401);
  });

  it('opens nothing by itself, and is refused when it is cut short or unknown', async () => {
    const { refreshToken } = await world.pair();
    expect((await world.client.get('/api/v1/me', refreshToken)).body.detail).toMatch(/opens nothing by itself/);
    for (const wrong of [refreshToken.slice(0, -1), 'x', `${refreshToken.slice(0, -1)}!`])
      expect((await world.client.refresh(wrong)).status).toBe(401);
    await refresh(refreshToken);
  });

  it('ends with the device that leaves, and tells a stranger nothing', async () => {
    const { refreshToken, accessToken } = await world.pair();
    expect((await world.client.leave('dpr_unknown')).status).toBe(204);
    expect((await world.client.leave(refreshToken)).status).toBe(204);
    expect((await world.client.leave(refreshToken)).status).toBe(204);
    expect(await statusOf(accessToken)).toBe(401);
  });

  it('waits while its person is deactivated, and goes on afterwards', async () => {
    const { refreshToken, accessToken } = await world.pair();
    const deactivate = (since: string): Promise<void> =>
      world.inWorkspace(`update people_members set deactivated_at = ${since} where person_id = '${world.ownerId}'`);
    await deactivate('now()');
    expect(await statusOf(accessToken)).toBe(401);
    expect((await world.client.refresh(refreshToken)).status).toBe(401);
    await deactivate('null');
    expect(await statusOf(accessToken)).toBe(200);
    await refresh(refreshToken);
  });
});

/** Asks until there is something. */
async function waitFor<Row>(look: () => Promise<Row[]>): Promise<Row[]> {
  for (let round = 0; round < 1_500; round += 1) {
    const rows = await look();
    if (rows.length > 0) return rows;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return [];
}

function daysUntil(instant: string | Date): number {
  return Math.round((new Date(instant).getTime() - Date.now()) / 86_400_000);
}

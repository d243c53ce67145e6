import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DeviceWorld, openDeviceWorld } from './testing/paired-device.ts';
import { openPairClient } from './testing/pair-client.ts';

let world: DeviceWorld;
beforeAll(async () => {
  world = await openDeviceWorld();
});
afterAll(() => world.close());

const answer = (act: 'look' | 'approve' | 'deny', userCode: string, more: object = {}, cookie?: string) =>
  world.asPage('POST', `/api/v1/devices/pairings/${act}`, { userCode, ...more }, cookie);

describe('pairing a device', () => {
  it('leads from a short code to tokens that act as the person who approved', async () => {
    const before = (await world.audit()).length;
    const { client } = world;
    const started = await client.start({ name: 'Ada’s laptop', system: 'macOS 26', program: 'desktop 1.2' });
    expect(started.userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(started).toMatchObject({
      verificationUri: `${world.address}/pair`,
      verificationUriComplete: `${world.address}/pair#${started.userCode}`,
      intervalSeconds: 5,
    });
    const early = await client.claim(started.deviceCode);
    expect([early.status, early.body.code, early.retryAfterSeconds]).toEqual([409, 'pairing_pending', 5]);

    const typed = started.userCode.toLowerCase().replace('-', ' ');
    expect((await answer('look', typed)).body).toMatchObject({
      name: 'Ada’s laptop',
      system: 'macOS 26',
      program: 'desktop 1.2',
      address: '127.0.0.1',
      hasKey: false,
      state: 'waiting',
    });
    expect((await answer('approve', typed, { name: 'Work laptop' })).status).toBe(204);
    expect((await answer('look', typed)).body).toMatchObject({ state: 'approved' });

    const { status, body: tokens } = await client.claim(started.deviceCode);
    expect([status, tokens.tokenType, tokens.expiresInSeconds]).toEqual([200, 'Bearer', 600]);
    const me = await client.get('/api/v1/me', tokens.accessToken);
    expect([me.status, me.body['id']]).toEqual([200, world.ownerId]);
    const { devices } = (await world.asPage('GET', '/api/v1/me/devices')).body as { devices: object[] };
    expect(devices[0]).toMatchObject({
      id: tokens.deviceId,
      name: 'Work laptop',
      system: 'macOS 26',
      state: 'active',
      workspace: { id: world.workspaceId },
    });
    expect((await world.audit()).slice(before)).toEqual(['device.approved']);
  });

  it('gives nothing to a device that was denied, and says so', async () => {
    const { userCode, deviceCode } = await world.client.start();
    expect((await answer('deny', userCode)).status).toBe(204);
    const { status, body } = await world.client.claim(deviceCode);
    expect([status, body.code]).toEqual([403, 'pairing_denied']);
    expect((await answer('approve', userCode)).status).toBe(404);
  });

  it('counts the first answer of two', async () => {
    const { userCode, deviceCode } = await world.client.start();
    const answers = await Promise.all([answer('approve', userCode), answer('deny', userCode)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 404]);
    const approved = answers[0]?.status === 204;
    expect((await world.client.claim(deviceCode)).status).toBe(approved ? 200 : 403);
  });

  it('ends after ten minutes, for the device and for whoever types the code', async () => {
    const { userCode, deviceCode } = await world.client.start();
    await world.asOwner(
      `update account_pairings set expires_at = now() - interval '1 second' where answered_at is null`,
    );
    expect((await world.client.claim(deviceCode)).body.code).toBe('pairing_expired');
    for (const act of ['look', 'approve', 'deny'] as const) expect((await answer(act, userCode)).status).toBe(404);
  });

  it('makes a device that asks too often wait longer', async () => {
    const { deviceCode } = await world.client.start();
    expect((await world.client.claim(deviceCode)).body.code).toBe('pairing_pending');
    const hasty = await world.client.claim(deviceCode);
    expect([hasty.status, hasty.retryAfterSeconds]).toEqual([429, 10]);
    await world.asOwner(
      `update account_pairings set polled_at = polled_at - interval '7 seconds' where claimed_at is null`,
    );
    expect((await world.client.claim(deviceCode)).status).toBe(429);
    await world.asOwner(
      `update account_pairings set polled_at = polled_at - interval '20 seconds' where claimed_at is null`,
    );
    expect((await world.client.claim(deviceCode)).status).toBe(409);
  });

  it('gives a lost answer again within ten seconds, and stops the device when the code comes later', async () => {
    const { userCode, deviceCode } = await world.client.start();
    await answer('approve', userCode);
    const claims = await Promise.all(Array.from({ length: 5 }, () => world.client.claim(deviceCode)));
    expect(claims.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(claims.map(({ body }) => `${body.deviceId} ${body.refreshToken}`)).size).toBe(1);
    const tokens = claims[0]?.body;
    const before = (await world.audit()).length;
    await world.asOwner(
      `update account_pairings set claimed_at = claimed_at - interval '11 seconds' where claimed_at is not null`,
    );
    expect((await world.client.claim(deviceCode)).body.code).toBe('pairing_expired');
    expect((await world.client.get('/api/v1/me', tokens?.accessToken ?? '')).status).toBe(401);
    // Once, however often the copy comes.
    expect((await world.client.claim(deviceCode)).body.code).toBe('pairing_expired');
    expect((await world.audit()).slice(before)).toEqual(['device.stopped']);
  });

  it('shows a code to nobody without a session, and to no token or device', async () => {
    const { userCode } = await world.client.start();
    const { accessToken } = await world.pair();
    for (const authorization of ['', `Bearer ${await world.tokenFor()}`, `Bearer ${accessToken}`]) {
      const response = await world.app.inject({
        method: 'POST',
        url: '/api/v1/devices/pairings/approve',
        headers: authorization === '' ? {} : { authorization },
        payload: { userCode },
      });
      expect(response.statusCode).toBe(authorization === '' ? 401 : 403);
    }
    expect((await answer('look', userCode)).body).toMatchObject({ state: 'waiting' });
  });

  it('refuses codes that are none, unknown, or somebody else’s answer, all alike', async () => {
    expect((await answer('look', 'AAAA-AAAA')).status).toBe(400);
    const unknown = await answer('look', 'BBBB-BBBB');
    const { userCode } = await world.client.start();
    await answer('approve', userCode);
    const stranger = await world.cookieOfStranger();
    const answered = await answer('look', userCode, {}, stranger);
    expect([answered.status, answered.body['detail']]).toEqual([404, unknown.body['detail']]);
  });

  it('takes no names that could deceive whoever approves', async () => {
    for (const name of ['', 'a\u202Eb', 'two\nlines', 'x'.repeat(101)]) {
      const response = await world.app.inject({ method: 'POST', url: '/api/v1/devices/pairings', payload: { name } });
      expect(response.statusCode, JSON.stringify(name)).toBe(400);
    }
  });

  it('keeps nothing in the store with which anybody could pair or refresh', async () => {
    const started = await world.client.start();
    const tokens = await world.pair();
    const dump = await world.dump();
    for (const secret of [started.deviceCode, started.userCode, tokens.refreshToken, tokens.accessToken])
      for (const text of [secret, Buffer.from(secret).toString('hex')]) expect(dump).not.toContain(text);
  });

  it('binds a device that brings a key to it: its refresh token alone is worth nothing', async () => {
    const keyed = openPairClient(world.address, { withKey: true });
    const tokens = await world.pair(keyed);
    const stolen = await world.client.refresh(tokens.refreshToken);
    expect([stolen.status, stolen.body.detail]).toEqual([401, expect.stringMatching(/not signed/)]);
    const next = await keyed.refresh(tokens.refreshToken);
    expect(next.status).toBe(200);
    expect((await keyed.refresh(next.body.refreshToken)).status).toBe(200);
  });
});

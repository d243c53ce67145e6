import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedToken, TokenList } from '@devpulse/contract/wire/tokens';
import { type DeviceWorld, openDeviceWorld } from '../devices/testing/paired-device.ts';
import { isToken } from './token-format.ts';

let world: DeviceWorld;
beforeAll(async () => {
  world = await openDeviceWorld();
});
afterAll(() => world.close());

async function create(wish: object = {}): Promise<CreatedToken> {
  const { status, body } = await world.asPage('POST', '/api/v1/me/tokens', {
    name: 'build server',
    scopes: ['read'],
    expiresInDays: 30,
    ...wish,
  });
  expect([status, body['detail']]).toEqual([201, undefined]);
  return body as CreatedToken;
}

const list = async (cookie?: string): Promise<TokenList['tokens']> =>
  ((await world.asPage('GET', '/api/v1/me/tokens', undefined, cookie)).body as TokenList).tokens;

describe('one’s own API tokens', () => {
  it('are shown once, listed by their prefix, and open what their scopes say', async () => {
    const before = (await world.audit()).length;
    const { token, entry } = await create();
    expect(isToken(token)).toBe(true);
    expect(entry).toMatchObject({ name: 'build server', prefix: token.slice(0, 9), state: 'active', lastUsedAt: null });
    const days = (new Date(entry.expiresAt ?? 0).getTime() - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(30);
    expect((await world.client.get('/api/v1/me', token)).status).toBe(200);
    expect((await world.client.get('/api/v1/me/tokens', token)).status).toBe(403);
    const listed = await list();
    expect(listed.find(({ id }) => id === entry.id)).toMatchObject({ prefix: entry.prefix });
    expect(JSON.stringify(listed)).not.toContain(token.slice(9));
    expect((await world.audit()).slice(before)).toEqual(['token.created']);
  });

  it('end after ninety days when nothing is said, and never later than 366', async () => {
    const { entry } = await create({ expiresInDays: undefined });
    expect(Math.round((new Date(entry.expiresAt ?? 0).getTime() - Date.now()) / 86_400_000)).toBe(90);
    for (const wrong of [
      { expiresInDays: 367 },
      { expiresInDays: 0 },
      { name: ' ' },
      { scopes: [] },
      { scopes: ['x'] },
    ]) {
      const { status } = await world.asPage('POST', '/api/v1/me/tokens', { name: 'x', scopes: ['read'], ...wrong });
      expect(status, JSON.stringify(wrong)).toBe(400);
    }
  });

  it('count for nothing once they have ended or were revoked, and are listed all the same', async () => {
    const [ended, revoked] = [await create(), await create()];
    await world.inWorkspace(
      `update account_tokens set expires_at = now() - interval '1 second' where id = '${ended.entry.id}'`,
    );
    const before = (await world.audit()).length;
    expect((await world.asPage('DELETE', `/api/v1/me/tokens/${revoked.entry.id}`)).status).toBe(204);
    for (const { token } of [ended, revoked]) expect((await world.client.get('/api/v1/me', token)).status).toBe(401);
    const states = new Map((await list()).map(({ id, state }) => [id, state]));
    expect([states.get(ended.entry.id), states.get(revoked.entry.id)]).toEqual(['expired', 'revoked']);
    expect((await world.audit()).slice(before)).toEqual(['token.revoked']);
  });

  it('never allow more than the role of their person at that moment', async () => {
    const { token } = await create({ scopes: ['read', 'people', 'sources'] });
    const change = async (): Promise<number> => {
      const response = await fetch(`${world.address}/api/v1/workspace`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Renamed by a token' }),
      });
      return response.status;
    };
    const role = (name: string): Promise<void> =>
      world.inWorkspace(`update people_members set role = '${name}' where person_id = '${world.ownerId}'`);
    expect(await change()).toBe(200);
    await role('member');
    expect(await change()).toBe(403);
    const { status, body } = await world.asPage('POST', '/api/v1/me/tokens', { name: 'x', scopes: ['sources'] });
    expect([status, body['detail']]).toEqual([403, 'A member can use nothing of: sources. Leave it out.']);
    await role('owner');
    expect(await change()).toBe(200);
  });

  it('are nobody else’s to see or revoke', async () => {
    const { token, entry } = await create();
    const stranger = await world.cookieOfStranger();
    expect(await list(stranger)).toEqual([]);
    expect((await world.asPage('DELETE', `/api/v1/me/tokens/${entry.id}`, undefined, stranger)).status).toBe(404);
    expect((await world.client.get('/api/v1/me', token)).status).toBe(200);
  });
});

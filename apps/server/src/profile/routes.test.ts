import { deflateSync, crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerPeopleRoutes } from '../people/routes.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { addPerson } from '../viewers/testing/people-in-roles.ts';
import { registerProfileRoutes } from './routes.ts';

let api: TestApi;
let cookie: string;

beforeAll(async () => {
  api = await openTestApi({ areas: [registerProfileRoutes, registerPeopleRoutes] });
  cookie = await api.cookieFor();
});
afterAll(() => api.close());

type Method = 'GET' | 'PUT' | 'PATCH' | 'DELETE';

async function ask(method: Method, url: string, payload?: object, as = cookie) {
  const response = await api.app.inject({
    method,
    url,
    headers: { cookie: as, 'sec-fetch-site': 'same-origin' },
    ...(payload === undefined ? {} : { payload }),
  });
  return {
    status: response.statusCode,
    headers: response.headers,
    raw: response.rawPayload,
    body: readJson(response.body),
  };
}

function readJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function chunk(name: string, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([head, named, sum]);
}

const dot = Buffer.concat([
  Buffer.from('89504e470d0a1a0a', 'hex'),
  chunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])),
  chunk('IDAT', deflateSync(Buffer.from([0, 127]))),
  chunk('IEND', Buffer.alloc(0)),
]);

describe('a profile', () => {
  it('says who somebody is, and what they say of themselves', async () => {
    const url = `/api/v1/people/${api.ownerId}/profile`;
    expect((await ask('GET', url)).body).toEqual({ id: api.ownerId, name: 'Owner', avatar: null, bio: '' });
    const bio = 'I **sail**. <script>alert(1)</script>';
    expect((await ask('PATCH', '/api/v1/me/profile', { bio: ` ${bio} ` })).body).toMatchObject({ bio });
    expect((await ask('GET', url)).body).toMatchObject({ bio });
    for (const wrong of [{ bio: 'x'.repeat(501) }, { bio: 'a\u0000b' }, { bio: 1 }, {}, { bio: '', role: 'owner' }])
      expect((await ask('PATCH', '/api/v1/me/profile', wrong)).status, JSON.stringify(wrong).slice(0, 40)).toBe(400);
    expect((await ask('PATCH', '/api/v1/me/profile', { bio: 'é'.repeat(500) })).status).toBe(200);
  });

  it('is changed by nobody with a token', async () => {
    const authorization = `Bearer ${await api.tokenFor()}`;
    const answer = await api.app.inject({
      method: 'PATCH',
      url: '/api/v1/me/profile',
      headers: { authorization },
      payload: { bio: 'x' },
    });
    expect(answer.statusCode).toBe(403);
  });

  it('is not seen from another workspace', async () => {
    const other = await api.cookieFor(await api.addWorkspace());
    for (const what of ['profile', 'avatar'])
      expect((await ask('GET', `/api/v1/people/${api.ownerId}/${what}`, undefined, other)).status).toBe(404);
  });
});

describe('a picture', () => {
  it('is kept, shown in every list, served as nothing else than a picture, and taken away', async () => {
    const put = await ask('PUT', '/api/v1/me/avatar', { image: dot.toString('base64') });
    expect(put).toMatchObject({ status: 200 });
    const address = String(put.body['avatar']);
    expect(address).toMatch(new RegExp(`^/api/v1/people/${api.ownerId}/avatar\\?v=[\\w-]{22}$`));
    expect((await ask('GET', '/api/v1/me')).body).toMatchObject({ avatar: address });
    expect((await ask('GET', '/api/v1/people')).body).toMatchObject({ people: [{ avatar: address }] });
    const seen = await ask('GET', address);
    expect(seen.status).toBe(200);
    expect(seen.raw.equals(dot)).toBe(true);
    expect(seen.headers).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=86400',
      'cross-origin-resource-policy': 'same-origin',
    });
    const stale = await ask('GET', address.replace(/v=.*/, 'v=old'));
    expect(stale.headers['cache-control']).toBe('no-store');
    expect((await ask('DELETE', '/api/v1/me/avatar')).body).toMatchObject({ avatar: null });
    expect((await ask('GET', address)).status).toBe(404);
  });

  it('is refused when it is none, or too large', async () => {
    const put = (image: unknown) => ask('PUT', '/api/v1/me/avatar', { image });
    expect(await put(Buffer.from('<svg onload="alert(1)"/>').toString('base64'))).toMatchObject({
      status: 400,
      body: { problems: [{ path: 'body.image' }] },
    });
    expect((await put('no base64!')).status).toBe(400);
    const most = 512 * 1024;
    // Zeros are no picture, but they are not too large.
    expect((await put(Buffer.alloc(most).toString('base64'))).status).toBe(400);
    expect([400, 413]).toContain((await put(Buffer.alloc(most + 1).toString('base64'))).status);
    expect((await put(Buffer.alloc(2 * most).toString('base64'))).status).toBe(413);
  });
});

describe('preferences', () => {
  it('follow the account, one by one', async () => {
    const url = '/api/v1/me/preferences';
    const nothing = { theme: null, palette: null, keys: null, locale: null };
    expect((await ask('GET', url)).body).toEqual(nothing);
    expect((await ask('PATCH', url, { theme: 'dark' })).body).toEqual({ ...nothing, theme: 'dark' });
    expect((await ask('PATCH', url, { locale: 'de-DE', palette: 'contrast' })).body).toEqual({
      theme: 'dark',
      palette: 'contrast',
      keys: null,
      locale: 'de-DE',
    });
    const elsewhere = await api.cookieFor();
    expect((await ask('GET', url, undefined, elsewhere)).body).toMatchObject({ theme: 'dark', locale: 'de-DE' });
    for (const wrong of [{ theme: 'pink' }, { locale: 'xx' }, { sideBar: 'open' }])
      expect((await ask('PATCH', url, wrong)).status).toBe(400);
  });
});

describe('a change of zone', () => {
  it('is told before it is made, and needs the right to make it', async () => {
    expect((await ask('GET', '/api/v1/me/zone-preview?zone=asia/tokyo')).body).toEqual({
      zone: 'Asia/Tokyo',
      days: 0,
      firstDay: null,
      lastDay: null,
      moved: 0,
      people: 1,
    });
    expect((await ask('GET', '/api/v1/me/zone-preview?zone=Mars/Base')).status).toBe(400);
    expect((await ask('GET', '/api/v1/workspace/zone-preview?zone=Asia/Tokyo')).status).toBe(200);
    const member = await addPerson(api, 'Ada', 'member');
    const token = await api.tokenFor(['read'], { workspaceId: api.workspaceId, ownerId: member });
    const answer = await api.app.inject({
      url: '/api/v1/workspace/zone-preview?zone=Asia/Tokyo',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.statusCode).toBe(403);
  });
});

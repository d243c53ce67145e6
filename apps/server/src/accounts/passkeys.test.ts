import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SignInMeans } from '@devpulse/contract/wire/sign-in';
import { type AccountApp, ada, openAccountApp } from './testing/account-app.ts';
import { openSoftAuthenticator, type SoftAuthenticator } from './testing/soft-authenticator.ts';
import { openVisitor, type Visitor } from './testing/visitor.ts';

const origin = 'http://localhost:3000';
let api: AccountApp;
let owner: Visitor;
let authenticator: SoftAuthenticator;
beforeAll(async () => {
  api = await openAccountApp();
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.asOwner('delete from limit_buckets; delete from auth."user"');
  owner = openVisitor(api);
  await owner.send('POST', '/api/v1/setup', { token: await api.link(), ...ada });
  authenticator = openSoftAuthenticator('localhost');
});

const challengeFor = async (visitor: Visitor, url: string): Promise<string> =>
  (await visitor.send('POST', url)).json<{ challenge: string }>().challenge;

async function add(more: { origin?: string; verified?: boolean } = {}) {
  const challenge = await challengeFor(owner, '/api/v1/account/passkeys/options');
  const response = authenticator.make({ challenge, origin, ...more });
  return owner.send('POST', '/api/v1/account/passkeys', { name: 'Laptop', response });
}

async function open(visitor: Visitor, more: { origin?: string; verified?: boolean; challenge?: string } = {}) {
  const challenge = await challengeFor(visitor, '/api/v1/session/passkey/options');
  const response = authenticator.use({ challenge, origin, ...more });
  return { response, answer: await visitor.send('POST', '/api/v1/session/passkey', { response }) };
}

describe('a passkey', () => {
  it('is added, named, signs in without a password, and signs in no more once removed', async () => {
    const added = await add();
    expect([added.statusCode, added.json()]).toMatchObject([201, { passkeys: [{ name: 'Laptop', synced: false }] }]);
    const id = added.json<SignInMeans>().passkeys[0]?.id ?? '';
    const url = `/api/v1/account/passkeys/${id}`;
    expect((await owner.send('PATCH', url, { name: 'Desk' })).json()).toMatchObject({ passkeys: [{ name: 'Desk' }] });
    const visitor = openVisitor(api);
    const { answer } = await open(visitor);
    expect([answer.statusCode, answer.json()]).toMatchObject([
      201,
      { state: 'signed_in', account: { name: ada.name } },
    ]);
    expect((await visitor.send('GET', '/api/v1/me')).statusCode).toBe(200);
    expect((await owner.send('DELETE', url)).statusCode).toBe(204);
    expect((await open(openVisitor(api))).answer.statusCode).toBe(401);
  });

  it('is asked for with the person behind it, at the door and when it is made', async () => {
    const options = (await owner.send('POST', '/api/v1/account/passkeys/options')).json<object>();
    expect(options).toMatchObject({
      rp: { id: 'localhost', name: 'DevPulse' },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    const door = (await openVisitor(api).send('POST', '/api/v1/session/passkey/options')).json<object>();
    expect(door).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
    expect(door).not.toHaveProperty('allowCredentials');
  });

  it('counts for nothing without a person, for another page, or for another question', async () => {
    expect((await add({ verified: false })).statusCode).toBe(400);
    expect((await add({ origin: 'http://evil.test' })).statusCode).toBe(400);
    expect((await add()).statusCode).toBe(201);
    for (const more of [{ verified: false }, { origin: 'http://evil.test' }, { challenge: 'YW5vdGhlcg' }]) {
      const visitor = openVisitor(api);
      const { answer } = await open(visitor, more);
      expect([answer.statusCode, visitor.cookies.has('devpulse_session_3000')], JSON.stringify(more)).toEqual([
        401,
        false,
      ]);
    }
  });

  it('answers each question once, and only in the browser that was asked', async () => {
    await add();
    const visitor = openVisitor(api);
    const { response, answer } = await open(visitor);
    expect(answer.statusCode).toBe(201);
    expect((await visitor.send('POST', '/api/v1/session/passkey', { response })).statusCode).toBe(403);
    const asked = openVisitor(api);
    const challenge = await challengeFor(asked, '/api/v1/session/passkey/options');
    const stolen = authenticator.use({ challenge, origin });
    expect((await openVisitor(api).send('POST', '/api/v1/session/passkey', { response: stolen })).statusCode).toBe(403);
  });

  it('signs in as often as people come, however many share an address', async () => {
    await add();
    for (let count = 0; count < 12; count += 1) expect((await open(openVisitor(api))).answer.statusCode).toBe(201);
  });

  it('is nobody else’s to rename or remove', async () => {
    const id = (await add()).json<SignInMeans>().passkeys[0]?.id ?? '';
    await api.asOwner(`
      insert into auth."user" (id, name, email) values ('00000000-0000-7000-8000-000000000009', 'Eve', 'eve@example.org');
      update auth.passkey set user_id = '00000000-0000-7000-8000-000000000009'`);
    const url = `/api/v1/account/passkeys/${id}`;
    expect((await owner.send('PATCH', url, { name: 'Mine' })).statusCode).toBe(404);
    expect((await owner.send('DELETE', url)).statusCode).toBe(404);
  });

  it('is not added in a session that is older than a day', async () => {
    await api.asOwner(`update auth.session set created_at = now() - interval '2 days'`);
    const late = await owner.send('POST', '/api/v1/account/passkeys/options');
    expect([late.statusCode, late.json()]).toMatchObject([
      403,
      { detail: expect.stringContaining('younger than a day') as string },
    ]);
  });
});

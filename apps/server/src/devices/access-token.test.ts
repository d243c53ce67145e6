import { createHash, createPrivateKey, createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, type JWTHeaderParameters, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { accessSeconds, looksLikeAccessToken, openAccessTokens } from './access-token.ts';

const deviceId = '01a1fd18-8ed3-7725-a49d-e45f54ab7895';
const accountId = '01a1fd18-8ed3-7725-a49d-e45f54ab7896';
const claims = { deviceId, version: 3 };
const keyring = { derive: (purpose: string): Buffer => createHash('sha256').update(purpose).digest() };
const quarterMs = 90 * 86_400_000;
let now = new Date('2026-03-02T12:00:00Z');
const tokens = openAccessTokens({ keyring, now: () => now });

/** The very key that the server signs with. */
const ownKey = createPrivateKey({
  key: Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    keyring.derive(`access token key ${Math.floor(now.getTime() / quarterMs)}`),
  ]),
  format: 'der',
  type: 'pkcs8',
});

/** A token that is right in all but what is changed. */
async function forge(change: {
  header?: Partial<JWTHeaderParameters>;
  payload?: Record<string, unknown>;
  key?: KeyObject;
}): Promise<string> {
  const good = await tokens.sign({ ...claims, accountId });
  const header = { ...decodeProtectedHeader(good), ...change.header } as JWTHeaderParameters;
  const payload = { ...decodeJwt(good), ...change.payload };
  for (const [name, value] of Object.entries(payload)) if (value === null) delete payload[name];
  return new SignJWT(payload).setProtectedHeader(header).sign(change.key ?? ownKey);
}

describe('an access token', () => {
  it('says which device it is of, in which version, for ten minutes', async () => {
    const token = await tokens.sign({ ...claims, accountId });
    expect(looksLikeAccessToken(token)).toBe(true);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'EdDSA', typ: 'at+jwt' });
    expect(decodeJwt(token)).toMatchObject({ sid: deviceId, ver: 3, sub: accountId, aud: 'urn:devpulse:api' });
    await expect(tokens.verify(token)).resolves.toEqual(claims);
    const other = openAccessTokens({ keyring, now: () => now });
    await expect(other.verify(token)).resolves.toEqual(claims);
    const signedAt = now;
    now = new Date(signedAt.getTime() + (accessSeconds + 10) * 1000);
    await expect(tokens.verify(token)).resolves.toBeNull();
    now = new Date(signedAt.getTime() - 60_000);
    await expect(tokens.verify(token)).resolves.toBeNull();
    now = signedAt;
  });

  it('is known again when it is forged with the right key and nothing changed', async () => {
    await expect(tokens.verify(await forge({}))).resolves.toEqual(claims);
  });

  it.each<[string, Parameters<typeof forge>[0]]>([
    ['of another kind', { header: { typ: 'JWT' } }],
    ['for somebody else', { payload: { aud: 'urn:other' } }],
    ['by somebody else', { payload: { iss: 'urn:other' } }],
    ['that never ends', { payload: { exp: null } }],
    ['that lasts for a year', { payload: { exp: Math.floor(Date.UTC(2027, 2, 2) / 1000), iat: 1_700_000_000 } }],
    ['without a device', { payload: { sid: null } }],
    ['of a device that is none', { payload: { sid: "' or true" } }],
    ['without a version', { payload: { ver: null } }],
    ['with a version that is none', { payload: { ver: '3' } }],
    ['that names no key of ours', { header: { kid: 'x' } }],
    ['that points to a key', { header: { jku: 'https://evil.test/keys' } }],
    ['that brings its key along', { header: { jwk: { kty: 'OKP', crv: 'Ed25519', x: 'x' } } }],
    ['that brings a certificate', { header: { x5u: 'https://evil.test/cert' } }],
    ['signed by another key', { key: generateKeyPairSync('ed25519').privateKey }],
  ])('%s is refused', async (_what, change) => {
    await expect(tokens.verify(await forge(change))).resolves.toBeNull();
  });

  it('is refused without a signature, or with the public key taken for a password', async () => {
    const good = await tokens.sign({ ...claims, accountId });
    const { kid = '' } = decodeProtectedHeader(good);
    const [, payload = '', signature = ''] = good.split('.');
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const bare = new UnsecuredJWT(decodeJwt(good)).encode();
    await expect(tokens.verify(bare)).resolves.toBeNull();
    await expect(tokens.verify(`${encode({ alg: 'none', typ: 'at+jwt', kid })}.${payload}.`)).resolves.toBeNull();
    await expect(
      tokens.verify(`${encode({ alg: 'none', typ: 'at+jwt', kid })}.${payload}.${signature}`),
    ).resolves.toBeNull();
    const published = tokens.publish().keys.find((key) => key.kid === kid);
    const secret = createSecretKey(Buffer.from(published?.x ?? '', 'base64url'));
    const confused = await new SignJWT(decodeJwt(good))
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid })
      .sign(secret);
    await expect(tokens.verify(confused)).resolves.toBeNull();
  });

  it('is signed by another key each quarter, and counts beyond the turn', async () => {
    const turn = new Date(Math.ceil(now.getTime() / quarterMs) * quarterMs);
    const before = now;
    now = new Date(turn.getTime() - 60_000);
    const token = await tokens.sign({ ...claims, accountId });
    now = new Date(turn.getTime() + 60_000);
    await expect(tokens.verify(token)).resolves.toEqual(claims);
    const next = await tokens.sign({ ...claims, accountId });
    expect(decodeProtectedHeader(next).kid).not.toBe(decodeProtectedHeader(token).kid);
    expect(tokens.publish().keys.map(({ kid }) => kid)).toEqual(
      expect.arrayContaining([decodeProtectedHeader(token).kid, decodeProtectedHeader(next).kid]),
    );
    now = before;
  });

  it('publishes no secret part', () => {
    for (const key of tokens.publish().keys)
      expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  });
});

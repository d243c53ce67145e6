import { createPrivateKey, createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import type { KeySet } from '@devpulse/contract/wire/devices';
import { isId } from '@devpulse/db/ids';
import type { Keyring } from '../secrets/keyring.ts';

/** What an access token says, once it is proven: a device, and the version that it had. */
export interface AccessClaims {
  deviceId: string;
  version: number;
}

/** Signs and checks the access tokens of devices. */
export interface AccessTokens {
  sign(claims: AccessClaims & { accountId: string }): Promise<string>;
  /** Null for what we never signed, or what is over. Whether the device still counts, only the store can tell. */
  verify(token: string): Promise<AccessClaims | null>;
  /** The public keys, for whoever wants to check a token without asking. */
  publish(): KeySet;
}

export const accessSeconds = 600;

const issuer = 'urn:devpulse';
const audience = 'urn:devpulse:api';
// Each key signs for so long; the one before still counts for the tokens that it signed last.
const periodMs = 90 * 86_400_000;

interface SigningKey {
  id: string;
  secret: KeyObject;
  open: KeyObject;
}

/**
 * Opens them for a process. The keys are computed from the instance's sealed secret, one for each quarter, so that every process
 * has the same ones, nothing has to be kept, and rotation needs nobody (decision 0015).
 */
export function openAccessTokens(options: { keyring: Pick<Keyring, 'derive'>; now: () => Date }): AccessTokens {
  const keys = new Map<number, SigningKey>();
  const keyOf = (period: number): SigningKey => {
    let key = keys.get(period);
    if (key === undefined) {
      key = makeKey(options.keyring.derive(`access token key ${period}`), period);
      keys.set(period, key);
    }
    return key;
  };
  const currentPeriod = (): number => Math.floor(options.now().getTime() / periodMs);
  // The next one too, for processes whose clocks differ and for those who keep the published keys.
  const countingKeys = (): SigningKey[] => [0, -1, 1].map((step) => keyOf(currentPeriod() + step));

  return {
    sign: async ({ deviceId, version, accountId }) => {
      const key = keyOf(currentPeriod());
      const issuedAt = Math.floor(options.now().getTime() / 1000);
      const { SignJWT } = await import('jose');
      return new SignJWT({ sid: deviceId, ver: version })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.id })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(accountId)
        .setJti(randomUUID())
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(issuedAt + accessSeconds)
        .sign(key.secret);
    },
    verify: async (token) => {
      const { errors, jwtVerify } = await import('jose');
      const key = findKey(token, countingKeys());
      if (key === null) return null;
      try {
        const { payload } = await jwtVerify<{ sid?: unknown; ver?: unknown }>(token, key.open, {
          algorithms: ['EdDSA'],
          typ: 'at+jwt',
          issuer,
          audience,
          requiredClaims: ['exp', 'nbf', 'iat', 'jti', 'sub', 'sid', 'ver'],
          maxTokenAge: accessSeconds,
          // Processes on several machines sign and check; their clocks differ a little.
          clockTolerance: 5,
          currentDate: options.now(),
        });
        const { sid, ver } = payload;
        const isOurs = typeof sid === 'string' && isId(sid) && Number.isInteger(ver) && Number(ver) < 2 ** 31;
        return isOurs ? { deviceId: sid, version: Number(ver) } : null;
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
    },
    publish: () => ({ keys: countingKeys().map(describeKey) }),
  };
}

/** True for what may be an access token; it is told from an API token by its form alone. */
export function looksLikeAccessToken(text: string): boolean {
  return /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(text) && text.length < 2_000;
}

/** The key that the token names, among ours; a token that brings or points to a key of its own is none. */
function findKey(token: string, keys: readonly SigningKey[]): SigningKey | null {
  try {
    const header = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString('utf8')) as object;
    if (['jwk', 'jku', 'x5u', 'x5c', 'crit'].some((name) => name in header)) return null;
    return keys.find((key) => 'kid' in header && key.id === header.kid) ?? null;
  } catch {
    return null;
  }
}

// How PKCS#8 says "an Ed25519 key of 32 bytes follows".
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

function makeKey(seed: Buffer, period: number): SigningKey {
  const secret = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' });
  const open = createPublicKey(secret);
  return { id: `${period}-${xOf(open).slice(0, 8)}`, secret, open };
}

function describeKey({ id, open }: SigningKey): KeySet['keys'][number] {
  return { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig', kid: id, x: xOf(open) };
}

function xOf(key: KeyObject): string {
  return key.export({ format: 'jwk' }).x ?? '';
}

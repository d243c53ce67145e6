import { createHmac, createPublicKey, randomBytes, randomInt, verify } from 'node:crypto';
import type { Keyring } from '../secrets/keyring.ts';
import { hashToken, makeToken } from '../tokens/token-format.ts';

/** The secrets of pairing and refreshing: how they are made, hashed, and computed from one another. */
export interface DeviceSecrets {
  hashRefresh(token: string): Buffer;
  /**
   * The refresh token that follows a secret and a seed of the store. Computed and not drawn, so that an answer that was lost can
   * be given again without the token being kept anywhere; without the server's own part nobody else can compute it.
   */
  follow(secret: string, seed: Buffer): string;
  hashDeviceCode(code: string): Buffer;
  hashUserCode(code: string): Buffer;
}

// Letters that are told apart when read aloud or typed on a phone, and that spell no words (RFC 8628, 6.1).
const userCodeLetters = 'BCDFGHJKLMNPQRSTVWXZ';
const userCodeLength = 8;

/** Opens them for a process. */
export function openDeviceSecrets(keyring: Pick<Keyring, 'derive'>): DeviceSecrets {
  return {
    hashRefresh: (token) => hashToken(keyring.derive('refresh token pepper'), token),
    follow: (secret, seed) => {
      const key = keyring.derive('refresh token successor');
      let round = 0;
      return makeToken('refresh', () => {
        round += 1;
        return createHmac('sha512', key).update(`${round}\n${secret}\n`).update(seed).digest();
      });
    },
    hashDeviceCode: (code) => hashToken(keyring.derive('device code pepper'), code),
    hashUserCode: (code) => hashToken(keyring.derive('user code pepper'), code),
  };
}

/** What the store adds to a successor. */
export function makeSeed(): Buffer {
  return randomBytes(32);
}

/** What the device alone knows while it waits: 256 random bits. */
export function makeDeviceCode(): string {
  return randomBytes(32).toString('base64url');
}

/** `WDJB-MJHT`: 34 bits, which is enough for ten minutes in which only those who are signed in may try. */
export function makeUserCode(): string {
  const letters = Array.from({ length: userCodeLength }, () => userCodeLetters[randomInt(userCodeLetters.length)]);
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
}

/** As it was made, however it was typed; null for what can be none. */
export function readUserCode(typed: string): string | null {
  const letters = typed.toUpperCase().replaceAll(/[\s-]/g, '');
  const isCode = letters.length === userCodeLength && [...letters].every((letter) => userCodeLetters.includes(letter));
  return isCode ? `${letters.slice(0, 4)}-${letters.slice(4)}` : null;
}

/** Whether the device that paired with this key signed this refresh token. */
export function isSignedBy(publicKey: Buffer, refreshToken: string, signature: string | undefined): boolean {
  if (signature === undefined) return false;
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return verify(null, Buffer.from(refreshToken, 'utf8'), key, Buffer.from(signature, 'base64url'));
}

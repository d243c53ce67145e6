import { createHash, createHmac, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const randomCharacters = 32;
const checkCharacters = 6;

/** What stands in front: `api` is what a person makes for a program, `refresh` what a paired device keeps. */
const prefixes = { api: 'dp_', refresh: 'dpr_' } as const;
export type TokenKind = keyof typeof prefixes;

/**
 * What a token of DevPulse looks like, for secret scanners: `dp_` or `dpr_`, 32 random characters, 6 of check sum. A scanner
 * that can compute CRC32 tells real ones from look-alikes without asking anybody, see `isToken`.
 */
export const tokenPattern = '\\bdpr?_[0-9A-Za-z]{38}\\b';

/** A new token: 32 base62 characters are 190 bits, which nobody guesses. */
export function makeToken(kind: TokenKind = 'api', nextBytes = (): Buffer => randomBytes(randomCharacters)): string {
  let random = '';
  while (random.length < randomCharacters) {
    // 248 is the largest multiple of 62 in a byte; taking the rest as well would favour the first letters.
    for (const byte of nextBytes()) {
      if (byte < 248 && random.length < randomCharacters) random += alphabet[byte % 62];
    }
  }
  return `${prefixes[kind]}${random}${checkOf(random)}`;
}

/** True for a token that could be one of ours: the shape and the check sum are right. */
export function isToken(text: string, kind: TokenKind = 'api'): boolean {
  const prefix = prefixes[kind];
  if (!text.startsWith(prefix) || !/^[0-9A-Za-z]{38}$/.test(text.slice(prefix.length))) return false;
  return checkOf(text.slice(prefix.length, -checkCharacters)) === text.slice(-checkCharacters);
}

/**
 * What the store keeps instead of the token. Nobody guesses 190 bits, so nothing slow is needed; with the pepper a copy of the
 * store is of no use even to check whether a token found elsewhere belongs to this instance (decision 0015).
 */
export function hashToken(pepper: Buffer, token: string): Buffer {
  return createHmac('sha256', pepper).update(token).digest();
}

/** What the store kept before there was a pepper; rows that still have it are changed at their next use. */
export function hashWithoutPepper(token: string): Buffer {
  return createHash('sha256').update('devpulse api token 1\n').update(token).digest();
}

/** The `purpose` under which the keyring gives the pepper of API tokens. */
export const tokenPepper = 'api token pepper';

function checkOf(random: string): string {
  let rest = crc32(random);
  let text = '';
  for (let place = 0; place < checkCharacters; place += 1) {
    text = `${alphabet[rest % 62]}${text}`;
    rest = Math.floor(rest / 62);
  }
  return text;
}

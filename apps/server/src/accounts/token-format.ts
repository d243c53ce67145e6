import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const randomCharacters = 32;
const checkCharacters = 6;

/**
 * What a token of DevPulse looks like, for secret scanners: `dp_`, 32 random characters, 6 of check sum. A scanner that can
 * compute CRC32 tells real ones from look-alikes without asking anybody, see `isToken`.
 */
export const tokenPattern = '\\bdp_[0-9A-Za-z]{38}\\b';

const tokenShape = new RegExp(`^${tokenPattern}$`);

/** A new token: 32 base62 characters are 190 bits, which nobody guesses. */
export function makeToken(): string {
  let random = '';
  while (random.length < randomCharacters) {
    // 248 is the largest multiple of 62 in a byte; taking the rest as well would favour the first letters.
    for (const byte of randomBytes(randomCharacters)) {
      if (byte < 248 && random.length < randomCharacters) random += alphabet[byte % 62];
    }
  }
  return `dp_${random}${checkOf(random)}`;
}

/** True for a token that could be one of ours: the shape and the check sum are right. */
export function isToken(text: string): boolean {
  return tokenShape.test(text) && checkOf(text.slice(3, 3 + randomCharacters)) === text.slice(-checkCharacters);
}

/**
 * What the store keeps instead of the token. SHA-256 without a pepper: a pepper and slow hashing protect secrets that can
 * be guessed, and 190 random bits cannot; a pepper would be one more secret to keep, back up and lose. The prefix keeps the
 * hash from meaning anything elsewhere.
 */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update('devpulse api token 1\n').update(token).digest();
}

function checkOf(random: string): string {
  let rest = crc32(random);
  let text = '';
  for (let place = 0; place < checkCharacters; place += 1) {
    text = `${alphabet[rest % 62]}${text}`;
    rest = Math.floor(rest / 62);
  }
  return text;
}

import { createHash, randomBytes } from 'node:crypto';

/** What a secret of ours is for; the same characters are worth nothing elsewhere. */
export type SecretKind = 'session' | 'setup link' | 'invitation';

/** A new secret: 256 random bits, in letters that survive a cookie and the fragment of an address. */
export function makeSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** True for what could be a secret of ours; spares the store everything else. */
export function isSecret(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** What the store keeps instead. Plain SHA-256, for the reason given in `hashToken`: nobody guesses 256 bits. */
export function hashSecret(kind: SecretKind, secret: string): Buffer {
  return createHash('sha256').update(`devpulse ${kind} 1\n`).update(secret).digest();
}

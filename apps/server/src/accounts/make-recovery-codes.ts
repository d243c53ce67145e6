import { randomInt } from 'node:crypto';

// Nothing that looks like something else when it was written down by hand.
const letters = '23456789abcdefghjkmnpqrstuvwxyz';
const half = 5;

/** Ten recovery codes of ten letters, 49 bits each: enough behind a password, five tries and a lock. */
export function makeRecoveryCodes(): string[] {
  return Array.from({ length: 10 }, () => `${draw()}-${draw()}`);
}

/** What somebody typed, as it was given out. */
export function readRecoveryCode(typed: string): string {
  const plain = typed.toLowerCase().replaceAll(/[\s-]/g, '');
  return `${plain.slice(0, half)}-${plain.slice(half)}`;
}

function draw(): string {
  return Array.from({ length: half }, () => letters[randomInt(letters.length)]).join('');
}

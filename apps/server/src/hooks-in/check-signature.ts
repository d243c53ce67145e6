import { createHmac, timingSafeEqual } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

// As GitHub writes it: nothing else is worth reading a body for.
const written = /^sha256=[0-9a-f]{64}$/;
// Others wait while a body is walked through; this much is below a millisecond.
const bytesPerTurn = 1024 * 1024;

/** The header as it came, or null where it is none that could ever count. */
export function readSignature(header: string | string[] | undefined): string | null {
  return typeof header === 'string' && written.test(header) ? header : null;
}

/** Was it made of exactly these bytes with one of these secrets? Takes as long whichever it is, and whether or not it is. */
export async function isSigned(body: Buffer, signature: string, secrets: readonly string[]): Promise<boolean> {
  const given = Buffer.from(signature.slice('sha256='.length), 'hex');
  const makers = secrets.map((secret) => createHmac('sha256', secret));
  for (let at = 0; at < body.length; at += bytesPerTurn) {
    if (at > 0) await setImmediate();
    for (const maker of makers) maker.update(body.subarray(at, at + bytesPerTurn));
  }
  // Each of them is compared, so that the time does not tell which one it was.
  return makers.map((maker) => timingSafeEqual(maker.digest(), given)).includes(true);
}

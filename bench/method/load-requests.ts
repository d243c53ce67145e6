import { createHmac } from 'node:crypto';
import type { LoadPlan } from './load-plan.ts';

/** A request as bytes; events carry their running number. */
export interface NumberedRequest {
  bytes: Buffer;
  number: number | null;
}

/** Makes one request after the other; null when there is nothing more to send. `noise` is what bodies are filled with. */
export function makeRequests(
  plan: LoadPlan,
  bodies: readonly string[] | null,
  noise: string,
): () => NumberedRequest | null {
  const authorization = plan.token === undefined ? '' : `authorization: Bearer ${plan.token}\r\n`;
  const common = `host: localhost:${plan.port}\r\n${authorization}`;
  let count = 0;
  if (plan.paths !== undefined) {
    const reads = plan.paths.map((path) => Buffer.from(`GET ${path} HTTP/1.1\r\n${common}\r\n`));
    return () => ({ bytes: reads[count++ % reads.length] as Buffer, number: null });
  }
  const { events } = plan;
  if (events === undefined) throw new Error('neither events nor paths to send');
  const post = (body: string, number: number): Buffer => {
    // Whoever checks no signature gets one as well: making it must cost both sides of a comparison the same.
    const signature = createHmac('sha256', events.secret).update(body).digest('hex');
    const told = events.asDeliveries ? `x-github-event: push\r\nx-github-delivery: ${events.prefix}-${number}\r\n` : '';
    return Buffer.from(
      `POST ${events.path} HTTP/1.1\r\n${common}${told}content-type: application/json\r\nx-hub-signature-256: sha256=${signature}\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  };
  return () => {
    const number = count++;
    if (bodies !== null) return number < bodies.length ? { bytes: post(bodies[number] ?? '', number), number } : null;
    return { bytes: post(makeEvent(events, number, noise), number), number };
  };
}

/** An event of exactly so many bytes; no two of a phase are alike in key or filling. */
function makeEvent(events: { prefix: string; bytes: number }, number: number, noise: string): string {
  const head = `{"source":"git","key":"${events.prefix}-${number}","kind":"bench","payload":"`;
  const room = events.bytes - head.length - 2;
  const from = (number * 4099) % (noise.length - room);
  return `${head}${noise.slice(from, from + room)}"}`;
}

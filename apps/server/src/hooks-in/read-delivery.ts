import type { IncomingHttpHeaders } from 'node:http';
import { createHash } from 'node:crypto';
import { kindSchema } from '@devpulse/contract/raw-event';

/** The hook of the App, beside which each hook of ours has its id. */
export const appHook = 'app';

/** A delivery whose signature was checked. */
export interface Delivery {
  /** `app`, or the id of the hook. */
  hook: string;
  /** What GitHub names it by; of one without a name the hash of its body. */
  id: string;
  /** `push`, … */
  event: string;
  /** The bytes as they came. */
  body: Buffer;
}

const idForm = /^[\w.:-]{1,100}$/;

/** What the headers say of a body. They are not signed, so they name things and decide nothing. */
export function readDelivery(hook: string, headers: IncomingHttpHeaders, body: Buffer): Delivery {
  const [id, event] = [headers['x-github-delivery'], headers['x-github-event']];
  return {
    hook,
    id: typeof id === 'string' && idForm.test(id) ? id : `sha256-${hashOf(body).toString('hex')}`,
    event: typeof event === 'string' && kindSchema.safeParse(`unwatched.${event}`).success ? event : 'unnamed',
    body,
  };
}

/** The key of its raw event. */
export function keyOf({ hook, id }: Pick<Delivery, 'hook' | 'id'>): string {
  return `hook:${hook}:${id}`;
}

/** The kind of its raw event; what is not to be read says so by it. */
export function kindOf({ event }: Pick<Delivery, 'event'>, isRead: boolean): string {
  return `${isRead ? 'hook' : 'unwatched'}.${event}`;
}

/** The event that a kind is of. */
export function eventOf(kind: string): string {
  return kind.replace(/^(hook|unwatched)\./, '');
}

/** What a key says; null where it is not that of a delivery. */
export function readKey(key: string): { hook: string; delivery: string } | null {
  const [, hook, delivery] = /^hook:([^:]+):(.+)$/.exec(key) ?? [];
  return hook === undefined || delivery === undefined ? null : { hook, delivery };
}

export function hashOf(body: Buffer): Buffer {
  return createHash('sha256').update(body).digest();
}

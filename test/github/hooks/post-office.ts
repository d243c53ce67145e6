import { createHmac, randomUUID } from 'node:crypto';
import { Random } from '@devpulse/scenarios/random';
import type { Clock } from '../front/clock.ts';
import type { World } from '../world/model.ts';
import type { Delivery, Hook, HookBook, Parcel } from './hook-book.ts';

/** How deliveries go wrong, as a test wants it. */
export interface Weather {
  /** Each is sent so often, between the two. The second and every further copy is the same delivery once more. */
  copies?: readonly [number, number];
  /** Milliseconds until it is sent, between the two: this is what brings disorder. */
  delay?: readonly [number, number];
  /** How likely one never arrives and is listed as failed. */
  fails?: number;
  /** How likely one is never made at all, and listed nowhere. */
  vanishes?: number;
}

export interface PostOffice {
  post(parcels: Parcel[]): void;
  /** How they travel from now on. */
  weather: Weather;
  /** Keeps everything back from now on. */
  hold(): void;
  /** Sends what was held back, in the order of the draw where `shuffles`. */
  release(options?: { shuffles?: boolean }): void;
  /** When nothing is on its way any more. */
  settled(): Promise<void>;
  /** The same delivery once more, as an attempt of its own. */
  redeliver(delivery: Delivery): Delivery;
  /** How many posts were made, and how they were answered. */
  sent: { guid: string; event: string; action: string | null; status: number; copy: number }[];
  close(): Promise<void>;
}

export function openPostOffice(world: World, book: HookBook, clock: Clock, seed: string): PostOffice {
  const random = new Random(seed);
  const under = new Set<Promise<void>>();
  const stop = new AbortController();
  let held: (() => void)[] | null = null;
  const sent: PostOffice['sent'] = [];

  const start = (delivery: Delivery, copy: number, delay: number) => {
    const go = () => {
      const work = wait(delay, stop.signal)
        .then(() => send(delivery, clock, stop.signal))
        .then(
          (status) =>
            void sent.push({ guid: delivery.guid, event: delivery.event, action: delivery.action, status, copy }),
        )
        .catch(() => undefined)
        .finally(() => under.delete(work));
      under.add(work);
    };
    if (held === null) go();
    else held.push(go);
  };
  const between = ([least, most]: readonly [number, number]) => random.int(least, most);

  const office: PostOffice = {
    sent,
    weather: {},
    post: (parcels) => {
      for (const parcel of parcels) {
        const { weather } = office;
        // Above 25 MB none is made.
        if (parcel.body.length > 25 * 1024 * 1024 || random.chance(weather.vanishes ?? 0)) continue;
        const delivery = makeDelivery(world, parcel);
        book.deliveries.push(delivery);
        if (random.chance(weather.fails ?? 0)) {
          Object.assign(delivery, { deliveredAt: clock.now().getTime(), status: 'timed out', statusCode: 504 });
          continue;
        }
        const copies = between(weather.copies ?? [1, 1]);
        for (let copy = 0; copy < copies; copy += 1) start(delivery, copy, between(weather.delay ?? [0, 0]));
      }
    },
    hold: () => {
      held ??= [];
    },
    release: ({ shuffles = false } = {}) => {
      const waiting = held ?? [];
      held = null;
      const drawn = waiting.map((go) => ({ go, at: shuffles ? random.next() : 0 }));
      for (const { go } of shuffles ? drawn.toSorted((a, b) => a.at - b.at) : drawn) go();
    },
    settled: async () => {
      while (under.size > 0) await Promise.all(under);
    },
    redeliver: (old) => {
      const again: Delivery = { ...old, id: world.nextId(), isRedelivery: true, deliveredAt: null };
      book.deliveries.push(again);
      start(again, 0, 0);
      return again;
    },
    close: async () => {
      stop.abort();
      await Promise.allSettled(under);
    },
  };
  return office;
}

function makeDelivery(world: World, { hook, ...parcel }: Parcel): Delivery {
  const guid = randomUUID();
  return {
    ...parcel,
    id: world.nextId(),
    hook,
    guid,
    deliveredAt: null,
    isRedelivery: false,
    duration: 0,
    status: 'queued',
    statusCode: 0,
    requestHeaders: headersOf(hook, parcel.event, guid, parcel.body),
    responseHeaders: {},
    responseBody: '',
  };
}

const targets = { repository: 'repository', organization: 'organization', app: 'integration' };

function headersOf(hook: Hook, event: string, guid: string, body: Buffer): Record<string, string> {
  const content = asSent(hook, body);
  return {
    accept: '*/*',
    'content-type': hook.contentType === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-delivery': guid,
    'x-github-event': event,
    'x-github-hook-id': String(hook.id),
    'x-github-hook-installation-target-id': String(hook.owner),
    'x-github-hook-installation-target-type': targets[hook.kind],
    ...(hook.secret === null
      ? {}
      : {
          'x-hub-signature': `sha1=${createHmac('sha1', hook.secret).update(content).digest('hex')}`,
          'x-hub-signature-256': `sha256=${createHmac('sha256', hook.secret).update(content).digest('hex')}`,
        }),
  };
}

function asSent(hook: Hook, body: Buffer): Buffer {
  return hook.contentType === 'json' ? body : Buffer.from(new URLSearchParams({ payload: body.toString() }).toString());
}

/** Ten seconds, then it has failed. */
const PATIENCE = 10_000;

async function send(delivery: Delivery, clock: Clock, signal: AbortSignal): Promise<number> {
  const { hook } = delivery;
  const began = performance.now();
  delivery.deliveredAt = clock.now().getTime();
  try {
    const answered = await fetch(hook.url, {
      method: 'POST',
      redirect: 'manual',
      headers: delivery.requestHeaders,
      body: new Uint8Array(asSent(hook, delivery.body)),
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
    });
    delivery.statusCode = answered.status;
    delivery.status = answered.ok ? 'OK' : answered.statusText || 'Invalid HTTP Response';
    delivery.responseHeaders = Object.fromEntries(answered.headers);
    delivery.responseBody = await answered.text();
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    delivery.statusCode = isLate ? 504 : 502;
    delivery.status = isLate ? 'timed out' : 'failed to connect to host';
  }
  delivery.duration = Math.round(performance.now() - began) / 1000;
  const isGood = delivery.statusCode >= 200 && delivery.statusCode < 300;
  hook.lastResponse = { code: delivery.statusCode, status: isGood ? 'active' : 'failed', message: delivery.status };
  return delivery.statusCode;
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new Error('closed'));
    });
  });
}

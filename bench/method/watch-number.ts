import { setTimeout as sleep } from 'node:timers/promises';

/** What was seen of a number, and when (milliseconds since the epoch). */
export interface Sighting {
  at: number;
  value: number;
}

/** Watches a number until it is told to stop. */
export interface Watch {
  /** `live`: read again whenever the live channel says so. `polling`: read again and again. */
  way: 'live' | 'polling';
  sightings: Sighting[];
  stop(): Promise<void>;
}

const pollEveryMs = 20;

/** Watches over the live channel where the program has one, else by asking all the time. */
export async function watchNumber(
  program: { port: number; token: string },
  metric: string,
  read: () => Promise<number>,
): Promise<Watch> {
  const sightings: Sighting[] = [];
  const look = async (): Promise<void> => {
    const value = await read();
    sightings.push({ at: performance.timeOrigin + performance.now(), value });
  };
  await look();
  const stopper = new AbortController();
  const stream = await openLive(program, stopper.signal);
  const work = stream === null ? poll(look, stopper.signal) : follow(stream, metric, look);
  return {
    way: stream === null ? 'polling' : 'live',
    sightings,
    stop: async () => {
      stopper.abort();
      await work.catch((error: unknown) => {
        if (!stopper.signal.aborted) throw error;
      });
    },
  };
}

async function openLive(
  program: { port: number; token: string },
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array> | null> {
  const base = `http://127.0.0.1:${program.port}/api/v1/live`;
  const made = await fetch(`${base}/tickets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${program.token}` },
  });
  if (!made.ok) return null;
  const { ticket } = (await made.json()) as { ticket: string };
  const response = await fetch(`${base}?ticket=${encodeURIComponent(ticket)}`, { signal });
  if (!response.ok || response.body === null) throw new Error(`the live channel answered ${response.status}`);
  return response.body;
}

async function poll(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look();
    await sleep(pollEveryMs);
  }
}

/** Reads again at each change, as a page does: one reading at a time, and one more when something came meanwhile. */
async function follow(stream: AsyncIterable<Uint8Array>, metric: string, look: () => Promise<void>): Promise<void> {
  let text = '';
  let isLooking = false;
  let isDue = false;
  const lookSoon = async (): Promise<void> => {
    isDue = true;
    if (isLooking) return;
    isLooking = true;
    while (isDue) {
      isDue = false;
      await look();
    }
    isLooking = false;
  };
  const decoder = new TextDecoder();
  const looks: Promise<void>[] = [];
  for await (const piece of stream) {
    text += decoder.decode(piece, { stream: true });
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      if (concerns(text.slice(0, end), metric)) looks.push(lookSoon());
      text = text.slice(end + 2);
    }
  }
  await Promise.all(looks);
}

function concerns(message: string, metric: string): boolean {
  const data = /^data: ?(.*)$/m.exec(message)?.[1];
  if (data === undefined) return false;
  const change = JSON.parse(data) as { metrics?: string[] };
  return change.metrics?.some((name) => name === '*' || name === metric) ?? false;
}

/** Milliseconds from each acknowledgement until the number held it; NaN for those that were never seen in it. */
export function waitsUntilSeen(base: number, acks: readonly number[], sightings: readonly Sighting[]): number[] {
  const waits: number[] = [];
  let next = 0;
  for (const [index, at] of acks.toSorted((a, b) => a - b).entries()) {
    while (next < sightings.length && (sightings[next]?.value ?? 0) < base + index + 1) next += 1;
    const seen = sightings[next];
    waits.push(seen === undefined ? Number.NaN : Math.max(0, seen.at - at));
  }
  return waits;
}

import { type Connection, openClient } from '@devpulse/db/connection';
import type { Logger } from '../log.ts';
import { storeLog } from '../log.ts';
import { liveChannel } from './announce-change.ts';

type Client = Awaited<ReturnType<typeof openClient>>;

export interface ListenOptions {
  login: Connection;
  log: Logger;
  /** What is listened to, and the name of the connection; those of the live channel when left out. */
  channel?: { name: string; connection: string };
  onNotice(payload: string): void;
  /** It listens from now on; what was said before was not heard. */
  onListening(client: Client): void;
}

/** A connection that hears what changed, and comes back when it is lost. */
export interface Listener {
  /** Resolves once it listens for the first time. */
  ready: Promise<void>;
  close(): Promise<void>;
}

/** The name by which the connection is found among those of the server. */
export const listenerName = 'devpulse live';

const firstPauseMs = 100;
const longestPauseMs = 5_000;
// A connection can be gone without either side being told; this finds out.
const checkEveryMs = 15_000;
const checkWithinMs = 5_000;

/** Listens on a connection of its own until it is closed; pooled ones are handed around and would lose what they hear. */
export function listenChanges(options: ListenOptions): Listener {
  const closing = new AbortController();
  let onReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    onReady = resolve;
  });
  const running = keepListening(options, closing.signal, onReady);
  return {
    ready,
    close: async () => {
      closing.abort();
      await running;
    },
  };
}

async function keepListening(options: ListenOptions, closing: AbortSignal, onReady: () => void): Promise<void> {
  let pauseMs = firstPauseMs;
  while (!closing.aborted) {
    try {
      await listenOnce(options, closing, (client) => {
        pauseMs = firstPauseMs;
        options.onListening(client);
        onReady();
      });
    } catch (error) {
      options.log.warn(
        { err: error, channel: channelOf(options).name },
        'a channel cannot be listened to; it tries again',
      );
    }
    await sleep(pauseMs, closing);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

function channelOf(options: ListenOptions): { name: string; connection: string } {
  return options.channel ?? { name: liveChannel, connection: listenerName };
}

/** Resolves when the connection is lost or we close. */
async function listenOnce(
  options: ListenOptions,
  closing: AbortSignal,
  onListening: (client: Client) => void,
): Promise<void> {
  const channel = channelOf(options);
  const client = await openClient(options.login, channel.connection, storeLog(options.log));
  const lost = new Promise<void>((resolve) => client.once('end', resolve));
  try {
    client.on('notification', (notice) => options.onNotice(notice.payload ?? ''));
    await client.query(`listen ${channel.name}`);
    if (closing.aborted) return;
    onListening(client);
    await Promise.race([lost, aborted(closing), findDead(client, closing)]);
  } finally {
    // Not awaited for a dead connection: its goodbye would never be answered.
    await Promise.race([client.end().catch(() => undefined), sleep(1_000, new AbortController().signal)]);
  }
}

async function findDead(client: Client, closing: AbortSignal): Promise<void> {
  while (!closing.aborted) {
    await sleep(checkEveryMs, closing);
    const isAlive = client.query('select 1').then(
      () => true,
      () => false,
    );
    if (!(await Promise.race([isAlive, sleep(checkWithinMs, closing).then(() => false)]))) return;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}

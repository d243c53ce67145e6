import type { LiveChange } from '@devpulse/contract/wire/live';
import { liveAddress } from '../api.ts';
import type { Timers } from './coalesce.ts';

export interface LiveChannel {
  close(): void;
}

const firstPauseMs = 500;
const longestPauseMs = 30_000;

/** What a listener is told. */
export interface LiveListener {
  onChange(change: LiveChange): void;
  /** The line stands from now on; whatever was asked before may have become untrue unheard. */
  onOpen(): void;
  /** The server will not talk to us any more: the session ended, or acts in another workspace now. */
  onEnded(): void;
}

/** Where lines and time come from, so that tests need neither. */
export interface LiveSurroundings {
  open(address: string): EventSource;
  timers: Timers;
  /** Between 0 and 1. */
  random(): number;
  /** Tells when the device has a network again. */
  onOnline(listener: () => void): () => void;
}

/**
 * Listens to the live channel until it is closed. A line that breaks is opened anew by us and not by the browser, which would
 * try every second for as long as the server is stopped: at once, then ever more slowly up to half a minute.
 */
export function openLive(listener: LiveListener, surroundings: LiveSurroundings = browserSurroundings): LiveChannel {
  const { open, timers, random, onOnline } = surroundings;
  let source: EventSource | null = null;
  let timer: unknown = null;
  let pauseMs = firstPauseMs;

  const connect = (): void => {
    timer = null;
    source = open(liveAddress);
    source.addEventListener('open', () => {
      pauseMs = firstPauseMs;
      listener.onOpen();
    });
    source.addEventListener('changed', (event) => {
      const change = readChange(event.data);
      if (change !== null) listener.onChange(change);
    });
    source.addEventListener('closing', (event) => {
      if (!String(event.data).includes('signed_out')) return;
      close();
      listener.onEnded();
    });
    source.addEventListener('error', () => {
      source?.close();
      // Everybody's line broke at the same moment: they must not come back at the same one.
      timer ??= timers.set(connect, pauseMs * (0.5 + random()));
      pauseMs = Math.min(pauseMs * 2, longestPauseMs / 1.5);
    });
  };
  const stopHearing = onOnline(() => {
    if (timer === null) return;
    timers.clear(timer);
    connect();
  });
  const close = (): void => {
    stopHearing();
    timers.clear(timer);
    source?.close();
  };
  connect();
  return { close };
}

const browserSurroundings: LiveSurroundings = {
  open: (address) => new EventSource(address),
  timers: { set: (run, afterMs) => setTimeout(run, afterMs), clear: (timer) => clearTimeout(timer as number) },
  random: Math.random,
  onOnline: (listener) => {
    addEventListener('online', listener);
    return () => removeEventListener('online', listener);
  },
};

function readChange(data: unknown): LiveChange | null {
  try {
    const change = JSON.parse(String(data)) as Partial<LiveChange>;
    if (!Array.isArray(change.metrics)) return null;
    return { metrics: change.metrics, sources: change.sources === true, people: change.people === true };
  } catch {
    return null;
  }
}

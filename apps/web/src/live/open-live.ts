import type { LiveChange } from '@devpulse/contract/wire/live';
import { liveAddress } from '../api.ts';

export interface LiveChannel {
  close(): void;
}

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** What a listener is told. */
export interface LiveListener {
  onChange(change: LiveChange): void;
  /** The line stands from now on; whatever was asked before may have become untrue unheard. */
  onOpen(): void;
  /** The server will not talk to us any more: the session ended, or acts in another workspace now. */
  onEnded(): void;
}

/**
 * Listens to the live channel until it is closed. The browser mends a broken line by itself; when it gives up (an answer
 * that is no stream, as from a proxy), we open a new one, ever more slowly.
 */
export function openLive(listener: LiveListener): LiveChannel {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pauseMs = firstPauseMs;

  const connect = (): void => {
    source = new EventSource(liveAddress);
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
      source?.close();
      listener.onEnded();
    });
    source.addEventListener('error', () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(connect, pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    });
  };
  connect();

  return {
    close: () => {
      clearTimeout(timer);
      source?.close();
    },
  };
}

function readChange(data: unknown): LiveChange | null {
  try {
    const change = JSON.parse(String(data)) as Partial<LiveChange>;
    if (!Array.isArray(change.metrics)) return null;
    return { metrics: change.metrics, sources: change.sources === true, people: change.people === true };
  } catch {
    return null;
  }
}

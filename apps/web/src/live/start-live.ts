import type { QueryClient } from '@tanstack/react-query';
import type { LiveChange } from '@devpulse/contract/wire/live';
import { metricsOf } from '../board/board-tiles.ts';
import { applyChange, askAgain } from './apply-change.ts';
import { coalesce } from './coalesce.ts';
import { openLive } from './open-live.ts';

type Listener = (change: LiveChange) => void;

const listeners = new Set<Listener>();
let started = false;

/**
 * Keeps everything that was asked true, from now until the page is left. One line for the whole page: opening another with
 * each screen would leave a gap in which a change is missed.
 */
export function startLive(client: QueryClient): void {
  if (started) return;
  started = true;
  const onChange = coalesce(
    (change) => {
      void applyChange(client, change, metricsOf);
      for (const listener of listeners) listener(change);
    },
    { set: (run, afterMs) => setTimeout(run, afterMs), clear: (timer) => clearTimeout(timer as number) },
  );
  openLive({
    onChange,
    onOpen: () => void askAgain(client, ({ queryKey }) => queryKey[0] !== 'session'),
    // Asking who is there again loads the page anew if nobody is; another workspace's numbers must not stay on screen.
    onEnded: () => location.reload(),
  });
}

/** Calls back with every change, after what it made untrue is being asked again. */
export function listenToLive(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

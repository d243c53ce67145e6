import type { LiveChange } from '@devpulse/contract/wire/live';

/** Where time comes from, so that tests need not wait. */
export interface Timers {
  set(run: () => void, afterMs: number): unknown;
  clear(timer: unknown): void;
}

const quietMs = 300;
const floodMs = 2_000;

/**
 * The first change acts at once; what follows is gathered, for 300 ms at first and, while more keeps coming, for up to
 * two seconds. So one import is seen immediately and ten thousand of them do not keep the page busy.
 */
export function coalesce(act: (change: LiveChange) => void, timers: Timers): (change: LiveChange) => void {
  let gathered: LiveChange | null = null;
  let timer: unknown = null;
  let waitMs = quietMs;

  const wait = (): void => {
    timer = timers.set(elapse, waitMs);
  };
  const elapse = (): void => {
    timer = null;
    if (gathered === null) {
      waitMs = quietMs;
      return;
    }
    const change = gathered;
    gathered = null;
    waitMs = Math.min(waitMs * 2, floodMs);
    wait();
    act(change);
  };

  return (change) => {
    if (timer === null) {
      wait();
      act(change);
    } else {
      gathered = gathered === null ? change : merge(gathered, change);
    }
  };
}

/** Both changes in one; `*` swallows every name. */
function merge(one: LiveChange, other: LiveChange): LiveChange {
  const metrics = new Set([...one.metrics, ...other.metrics]);
  return {
    metrics: metrics.has('*') ? ['*'] : [...metrics],
    sources: one.sources || other.sources,
    people: one.people || other.people,
  };
}

/** Whether a tile that asks these metrics has to ask again. */
export function touches(change: LiveChange, metrics: readonly string[]): boolean {
  return change.metrics.includes('*') || metrics.some((metric) => change.metrics.includes(metric));
}

import type { PullEnd } from '@devpulse/contract/connector';

/** How a look ended, as far as the next one depends on it. */
export type LookEnd =
  | { kind: 'read'; changed: boolean; left: PullEnd['left']; until: Date | null }
  | { kind: 'waiting'; until: Date | null }
  | { kind: 'failed' };

/** What is kept of a source about the times of its looks. */
export interface LookTimes {
  /** Null: it belongs to no connection, and costs nothing but our own time. */
  connectionId: string | null;
  lookSeconds: number;
  wishedSeconds: number | null;
  failures: number;
  /** How many sources its connection reads. */
  siblings: number;
}

export interface NextLook {
  delaySeconds: number;
  lookSeconds: number;
  failures: number;
}

const ownSeconds = 5 * 60;
const shortest = 60;
const longest = 60 * 60;
const patience = 24 * 60 * 60;
/** Looks take no more than a third of what the poorest account may ask in an hour. */
const looksAnHour = 5000 / 3;
const unknownWait = 60;

/**
 * When to look again: at once while something is left, soon after something happened, later and later while nothing does. `chance`
 * (0 to 1) spreads sources that were looked at together.
 */
export function planNextLook(times: LookTimes, end: LookEnd, now: Date, chance: number): NextLook {
  const { lookSeconds, wishedSeconds } = times;
  const floor = Math.max(shortest, Math.ceil((times.siblings * 3600) / looksAnHour));
  if (end.kind === 'waiting') {
    const wait = end.until === null ? unknownWait : secondsUntil(end.until, now);
    return { delaySeconds: wait + 10 * chance, lookSeconds, failures: times.failures };
  }
  if (end.kind === 'failed') {
    const failures = times.failures + 1;
    const base = times.connectionId === null ? ownSeconds : floor;
    const delay = times.connectionId === null ? base : Math.min(patience, base * 2 ** Math.min(20, failures - 1));
    return { delaySeconds: delay * (1 + chance / 10), lookSeconds, failures };
  }
  const next = nextInterval(times, end.changed, floor);
  const usual = (wishedSeconds ?? next) * (1 + chance / 10);
  if (end.left === 'nothing') return { delaySeconds: usual, lookSeconds: next, failures: 0 };
  const rest = end.until === null ? 0 : secondsUntil(end.until, now);
  return { delaySeconds: Math.min(usual, rest), lookSeconds: next, failures: 0 };
}

function nextInterval(times: LookTimes, changed: boolean, floor: number): number {
  if (times.connectionId === null) return ownSeconds;
  if (times.wishedSeconds !== null) return times.wishedSeconds;
  return changed ? floor : Math.min(longest, Math.max(floor, times.lookSeconds * 2));
}

function secondsUntil(until: Date, now: Date): number {
  return Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));
}

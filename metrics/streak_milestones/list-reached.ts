import type { Day } from '@devpulse/contract/day';
import type { DayRun } from '../_calendar/day-runs.ts';

/** A milestone, the day that made it, and the run it belongs to. */
export interface Reached {
  milestone: number;
  day: Day;
  runFrom: Day;
}

const first = [7, 14, 30, 50, 100, 200, 365];
const thenEvery = 365;

/** The milestone that comes after so many active days. */
export function findNext(length: number): number {
  return first.find((milestone) => milestone > length) ?? (Math.floor(length / thenEvery) + 1) * thenEvery;
}

/** The milestones a run has reached so far, in order. */
export function listReached(run: DayRun): Reached[] {
  const length = run.days.length;
  const further = Array.from(
    { length: Math.max(0, Math.floor(length / thenEvery) - 1) },
    (_, index) => (index + 2) * thenEvery,
  );
  return [...first, ...further]
    .filter((milestone) => milestone <= length)
    .map((milestone) => ({ milestone, day: run.days[milestone - 1] ?? run.to, runFrom: run.from }));
}

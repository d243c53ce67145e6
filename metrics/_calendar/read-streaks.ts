import { type Day } from '@devpulse/contract/day';
import type { DerivedInput } from '@devpulse/contract/metric';
import { type DayRun, findCurrentRun, findLongestRun, findRuns } from './day-runs.ts';
import { lastDay, lastDayOver } from './last-day.ts';
import { makePauseCalendar } from './make-pause-calendar.ts';
import { sumByDay } from './sum-cells.ts';

/** All that is said of streaks, computed in one place so that no two pages can disagree. */
export interface Streaks {
  /** Commits of each active day, all history up to the last day looked at. */
  days: Map<Day, number>;
  /** Every run there was, oldest first. */
  runs: readonly DayRun[];
  current: DayRun | null;
  longest: DayRun | null;
  lastActiveDay: Day | null;
  /** True while today decides: it is neither active nor paused, and there is a streak to lose. */
  atRisk: boolean;
}

/** Reads the streaks out of the need `commits`, which must span the history. */
export function readStreaks(input: DerivedInput): Streaks {
  const calendar = makePauseCalendar(input.pauses);
  const end = lastDay(input);
  const days = sumByDay(input.cells['commits'], { to: end });
  const runs = findRuns([...days.keys()], calendar);
  const current = findCurrentRun(runs, lastDayOver(input), calendar);
  // A current run with such a last day exists only while that day is not over.
  const isOpen = !days.has(end) && !calendar.isPaused(end);
  return {
    days,
    runs,
    current,
    longest: findLongestRun(runs),
    lastActiveDay: runs.at(-1)?.to ?? null,
    atRisk: current !== null && isOpen,
  };
}

import { addDays, type Day, daysBetween } from '@devpulse/contract/day';
import type { PauseCalendar } from './make-pause-calendar.ts';

/** Active days with nothing but paused days between them. Its length is that of `days`, never the days passed. */
export interface DayRun {
  from: Day;
  to: Day;
  days: Day[];
}

/** Cuts ordered active days into runs: a day that is neither active nor paused ends a run. */
export function findRuns(activeDays: readonly Day[], calendar: PauseCalendar): DayRun[] {
  const runs: DayRun[] = [];
  for (const day of activeDays) {
    const run = runs.at(-1);
    if (run !== undefined && touches(run.to, day, calendar)) {
      run.to = day;
      run.days.push(day);
    } else {
      runs.push({ from: day, to: day, days: [day] });
    }
  }
  return runs;
}

/** The longest run; of several the earliest. */
export function findLongestRun(runs: readonly DayRun[]): DayRun | null {
  return runs.reduce<DayRun | null>(
    (best, run) => (best === null || run.days.length > best.days.length ? run : best),
    null,
  );
}

/** The last run, if every day after it that is over is paused; otherwise it is broken and there is none. */
export function findCurrentRun(runs: readonly DayRun[], over: Day, calendar: PauseCalendar): DayRun | null {
  const last = runs.at(-1);
  if (last === undefined) return null;
  return calendar.countOpenDays(addDays(last.to, 1), over) === 0 ? last : null;
}

function touches(before: Day, after: Day, calendar: PauseCalendar): boolean {
  return daysBetween(before, after) === 1 || calendar.countOpenDays(addDays(before, 1), addDays(after, -1)) === 0;
}

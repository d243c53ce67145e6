import { addDays, type Day } from '@devpulse/contract/day';
import type { PauseCalendar } from './make-pause-calendar.ts';

/** Days in a row without activity. `length` leaves the paused ones out. */
export interface Gap {
  from: Day;
  to: Day;
  length: number;
}

/** The longest gap within the span; of several the earliest. None when every day is active or paused. */
export function findLongestGap(
  activeDays: readonly Day[],
  span: { from: Day; to: Day },
  calendar: PauseCalendar,
): Gap | null {
  const within = activeDays.filter((day) => day >= span.from && day <= span.to);
  const starts = [span.from, ...within.map((day) => addDays(day, 1))];
  const ends = [...within.map((day) => addDays(day, -1)), span.to];
  return starts.reduce<Gap | null>((longest, from, index) => {
    const to = ends[index] ?? span.to;
    const length = calendar.countOpenDays(from, to);
    return length > (longest?.length ?? 0) ? { from, to, length } : longest;
  }, null);
}

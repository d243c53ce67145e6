import type { Day } from '@devpulse/contract/day';
import { shiftDay, weekdayOf } from '@devpulse/ui/format/format-day';

/** The first day of the week a day lies in; `weekStart` is an ISO weekday, 1 is Monday. */
export function startOfWeek(day: Day, weekStart: number): Day {
  return shiftDay(day, -((weekdayOf(day) - weekStart + 7) % 7));
}

/** True when the text is a day that exists (31 February does not). */
export function isDay(text: unknown): text is Day {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

import { addDays, type Day, startOfMonth, startOfWeek } from '@devpulse/contract/day';
import type { Step } from '@devpulse/contract/wire/metrics';

export interface Bucket {
  from: Day;
  to: Day;
}

/** Cuts a window into days, weeks or months; the first and last may be shorter than a full one. */
export function cutWindow(window: Bucket, by: Step, weekStart: number): Bucket[] {
  if (by === 'total') return [window];
  const buckets: Bucket[] = [];
  for (let from = window.from; from <= window.to;) {
    const end = lastDayOf(from, by, weekStart);
    const to = end < window.to ? end : window.to;
    buckets.push({ from, to });
    from = addDays(to, 1);
  }
  return buckets;
}

function lastDayOf(day: Day, by: Exclude<Step, 'total'>, weekStart: number): Day {
  if (by === 'day') return day;
  if (by === 'week') return addDays(startOfWeek(day, weekStart), 6);
  return addDays(startOfMonth(addDays(startOfMonth(day), 31)), -1);
}

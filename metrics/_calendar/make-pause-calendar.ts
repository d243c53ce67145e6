import { type Day, daysBetween, weekdayOf } from '@devpulse/contract/day';
import type { Pauses } from '@devpulse/contract/metric';

/** Says which days are paused: freezes, rest weekdays and holidays, which neither count towards a run nor break it. */
export interface PauseCalendar {
  isPaused(day: Day): boolean;
  /** Days that are not paused from `from` to `to`, both counted; 0 when `to` lies before `from`. */
  countOpenDays(from: Day, to: Day): number;
}

/**
 * Prepares the pauses for many questions. Counting is arithmetic and not a walk: histories hold commits dated 1970, and
 * a streak is asked for once for every day of a chart.
 */
export function makePauseCalendar(pauses: Pauses): PauseCalendar {
  const rest = new Set(pauses.restWeekdays);
  const single = [...new Set([...pauses.freezes, ...pauses.holidays])].filter((day) => !rest.has(weekdayOf(day)));
  const sorted = single.toSorted();
  const known = new Set(sorted);
  return {
    isPaused: (day) => known.has(day) || rest.has(weekdayOf(day)),
    countOpenDays: (from, to) => {
      const total = daysBetween(from, to) + 1;
      if (total <= 0) return 0;
      return total - countWeekdays(weekdayOf(from), total, rest) - (rankAfter(sorted, to) - rankOf(sorted, from));
    },
  };
}

/** How many of `total` days that begin on `weekday` fall on one of the weekdays wanted. */
function countWeekdays(weekday: number, total: number, wanted: ReadonlySet<number>): number {
  const rest = total % 7;
  let count = Math.floor(total / 7) * [1, 2, 3, 4, 5, 6, 7].filter((day) => wanted.has(day)).length;
  for (let offset = 0; offset < rest; offset += 1) {
    if (wanted.has(((weekday - 1 + offset) % 7) + 1)) count += 1;
  }
  return count;
}

/** How many of the sorted days lie before this one. */
function rankOf(sorted: readonly Day[], day: Day): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? day) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rankAfter(sorted: readonly Day[], day: Day): number {
  const rank = rankOf(sorted, day);
  return sorted[rank] === day ? rank + 1 : rank;
}

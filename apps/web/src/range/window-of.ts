import type { Day } from '@devpulse/contract/day';
import { shiftDay } from '@devpulse/ui/format/format-day';
import { startOfWeek } from './days.ts';

export const rangeNames = ['week', '4w', '12w', 'year'] as const;
export type RangeName = (typeof rangeNames)[number];

export const defaultRange: RangeName = 'year';

export interface Window {
  from: Day;
  to: Day;
}

/** What the address says about days: a named range that moves with today, or two days of one's own. */
export interface RangeChoice {
  range?: RangeName | undefined;
  from?: Day | undefined;
  to?: Day | undefined;
}

/** Weeks are whole ones and the running one; a year ends today and begins the day after this day a year ago. */
export function windowOf(choice: RangeChoice, today: Day, weekStart: number): Window {
  if (choice.from !== undefined && choice.to !== undefined) return ownWindow(choice.from, choice.to, today);
  const thisWeek = startOfWeek(today, weekStart);
  switch (choice.range ?? defaultRange) {
    case 'week':
      return { from: thisWeek, to: today };
    case '4w':
      return { from: shiftDay(thisWeek, -21), to: today };
    case '12w':
      return { from: shiftDay(thisWeek, -77), to: today };
    case 'year':
      return { from: shiftDay(yearBefore(today), 1), to: today };
  }
}

/** Two days in either order; days that are not yet are not asked for. */
function ownWindow(one: Day, other: Day, today: Day): Window {
  const [from, to] = one <= other ? [one, other] : [other, one];
  const last = to > today ? today : to;
  return { from: from > last ? last : from, to: last };
}

function yearBefore(day: Day): Day {
  const year = String(Number(day.slice(0, 4)) - 1).padStart(4, '0');
  // 29 February has no day a year before: the last one of that month is meant.
  return day.endsWith('-02-29') ? `${year}-02-28` : `${year}${day.slice(4)}`;
}

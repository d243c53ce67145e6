import type { Day } from '@devpulse/contract/day';
import { monthNames, toDayNumber, weekdayOf } from '../format/format-day.ts';

/** A day of the calendar; null is unknown, never zero. */
export interface CalendarDay {
  day: Day;
  value: number | null;
  /** Why it is unknown, or what the value is not: said in the tooltip and in the table. */
  reason?: string | undefined;
}

/** A calendar cut into weeks: seven rows, one column a week, holes before the first and after the last day. */
export interface CalendarLayout {
  weeks: number;
  /** `cells[row][column]`. */
  cells: (CalendarDay | null)[][];
  months: { column: number; name: string }[];
}

/** Months closer than this would run into each other. */
const leastColumns = 3;

/** Puts days that follow each other into weeks that start on `weekStart` (1 is Monday). */
export function layOutCalendar(days: readonly CalendarDay[], weekStart: number): CalendarLayout {
  const first = days[0];
  const last = days.at(-1);
  if (!first || !last) return { weeks: 0, cells: Array.from({ length: 7 }, () => []), months: [] };
  const lead = (weekdayOf(first.day) - weekStart + 7) % 7;
  const origin = toDayNumber(first.day) - lead;
  const weeks = Math.floor((toDayNumber(last.day) - origin) / 7) + 1;
  const cells: (CalendarDay | null)[][] = Array.from({ length: 7 }, () => Array.from({ length: weeks }, () => null));
  for (const entry of days) {
    const offset = toDayNumber(entry.day) - origin;
    const row = cells[offset % 7];
    if (row) row[Math.floor(offset / 7)] = entry;
  }
  return { weeks, cells, months: placeMonths(cells, weeks) };
}

/** A month stands above the first week that begins in it. */
function placeMonths(cells: (CalendarDay | null)[][], weeks: number): { column: number; name: string }[] {
  const months: { column: number; name: string }[] = [];
  let before = '';
  for (let column = 0; column < weeks; column += 1) {
    const day = cells.map((row) => row[column]).find((entry) => entry)?.day;
    if (!day || day.slice(0, 7) === before) continue;
    before = day.slice(0, 7);
    const name = monthNames[Number(day.slice(5, 7)) - 1] ?? '';
    const previous = months.at(-1);
    if (previous && column - previous.column < leastColumns) months.pop();
    if (weeks - column >= 2) months.push({ column, name });
  }
  return months;
}

/** What a week adds up to, and how many of its days are unknown. */
export interface WeekSum {
  from: Day;
  to: Day;
  value: number;
  unknown: number;
}

/** The sum of each column. */
export function sumWeeks(layout: CalendarLayout): WeekSum[] {
  return Array.from({ length: layout.weeks }, (_, column) => {
    const days = layout.cells.map((row) => row[column]).filter((entry) => entry !== null && entry !== undefined);
    return {
      from: days[0]?.day ?? '',
      to: days.at(-1)?.day ?? '',
      value: days.reduce((sum, entry) => sum + (entry.value ?? 0), 0),
      unknown: days.filter((entry) => entry.value === null).length,
    };
  });
}

import { addDays, type Day, startOfWeek } from '@devpulse/contract/day';

/** Weekdays as ISO numbers, in the order of a week that begins on `weekStart`. */
export function listWeekdays(weekStart: number): number[] {
  return [0, 1, 2, 3, 4, 5, 6].map((offset) => ((weekStart - 1 + offset) % 7) + 1);
}

const weekdayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** The English name of an ISO weekday: 1 is Monday. */
export function nameWeekday(weekday: number): string {
  return weekdayNames[weekday - 1] ?? String(weekday);
}

/** The first days of the weeks that hold any day from `from` to `to`, in order. */
export function listWeeks(span: { from: Day; to: Day }, weekStart: number): Day[] {
  const weeks: Day[] = [];
  for (let week = startOfWeek(span.from, weekStart); week <= span.to; week = addDays(week, 7)) weeks.push(week);
  return weeks;
}

/** Adds up days by the period they lie in, in order; `startOf` names the period's first day. */
export function sumByPeriod(days: ReadonlyMap<Day, number>, startOf: (day: Day) => Day): Map<Day, number> {
  const sums = new Map<Day, number>();
  for (const [day, value] of days) sums.set(startOf(day), (sums.get(startOf(day)) ?? 0) + value);
  return sums;
}

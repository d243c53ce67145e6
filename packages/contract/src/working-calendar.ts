import { type Day, weekdayOf } from './day.ts';

/** When a workspace works: expectations of any kind are only ever held against these days and hours. */
export interface WorkingCalendar {
  /** ISO weekdays, 1 is Monday. */
  workingWeekdays: readonly number[];
  /** Days off by their name. */
  holidays: ReadonlyMap<Day, string>;
}

/** What a day is in a calendar. A holiday on a day that is free anyhow is still that holiday. */
export function judgeDay(
  calendar: WorkingCalendar,
  day: Day,
): { kind: 'working' | 'free' | 'holiday'; holiday?: string } {
  const holiday = calendar.holidays.get(day);
  if (holiday !== undefined) return { kind: 'holiday', holiday };
  return { kind: calendar.workingWeekdays.includes(weekdayOf(day)) ? 'working' : 'free' };
}

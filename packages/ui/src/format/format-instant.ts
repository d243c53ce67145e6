import type { Day } from '@devpulse/contract/day';
import { formatDay, nameWeekday, toDayNumber, weekdayOf } from './format-day.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

/** The day and the clock time (`14:31`) of an instant in a zone. */
export function splitInstant(instant: string | Date, zone: string): { day: Day; time: string } {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(new Date(instant)).map((part) => [part.type, part.value]));
  const pick = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  return {
    day: `${pick('year').padStart(4, '0')}-${pick('month')}-${pick('day')}`,
    time: `${pick('hour')}:${pick('minute')}`,
  };
}

/** An instant as short as it may be: `14:31` today, `Thu 18:04` in the last six days, `8 Sep`, `8 Sep 2025`. */
export function formatInstant(instant: string | Date, zone: string, now: string | Date = new Date()): string {
  const { day, time } = splitInstant(instant, zone);
  const today = splitInstant(now, zone).day;
  const age = toDayNumber(today) - toDayNumber(day);
  if (age === 0) return time;
  if (age > 0 && age < 7) return `${nameWeekday(weekdayOf(day))} ${time}`;
  return formatDay(day, today);
}

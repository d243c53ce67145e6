import { formatDay, nameWeekday, toDayNumber, weekdayOf } from '@devpulse/ui/format/format-day';
import { splitInstant } from '@devpulse/ui/format/format-instant';
import type { TileAnswer } from '@devpulse/ui/view-props';

/** An instant on the subject's clock, as short as it may be: `14:31` today, `Thu 18:04` this week, else the day. */
export function formatWhen(at: string, { subject, today }: Pick<TileAnswer, 'subject' | 'today'>): string {
  const { day, time } = splitInstant(at, subject.zone);
  const age = toDayNumber(today) - toDayNumber(day);
  if (age === 0) return time;
  if (age > 0 && age < 7) return `${nameWeekday(weekdayOf(day))} ${time}`;
  return formatDay(day, today);
}

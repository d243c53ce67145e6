import type { Day } from '@devpulse/contract/day';
import { noBreak } from './format-number.ts';
import { readLocale } from './locale.ts';

// The contract's day helpers bring a schema library with them, which has no place in a first view: these stand alone.

/** Months as they are shortened everywhere. */
export const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const weekdayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

const dayMs = 86_400_000;

/** Days since 1970 of a calendar day. */
export function toDayNumber(day: Day): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / dayMs);
}

function fromDayNumber(count: number): Day {
  return new Date(count * dayMs).toISOString().slice(0, 10);
}

/** The day `count` days later. */
export function shiftDay(day: Day, count: number): Day {
  return fromDayNumber(toDayNumber(day) + count);
}

/** ISO weekday: 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: Day): number {
  return ((((toDayNumber(day) + 3) % 7) + 7) % 7) + 1;
}

/** The name of an ISO weekday: 1 is `Mon`. */
export function nameWeekday(weekday: number): string {
  return weekdayNames[(weekday + 6) % 7] ?? '';
}

/** A day: `8 Sep`, and with its year when that is not the year of `today`. */
export function formatDay(day: Day, today?: Day): string {
  if (readLocale() !== 'en-GB')
    return writeDay(day, { year: today !== undefined && today.slice(0, 4) !== day.slice(0, 4) });
  const text = `${Number(day.slice(8))}${noBreak}${monthNames[Number(day.slice(5, 7)) - 1]}`;
  return today !== undefined && today.slice(0, 4) !== day.slice(0, 4) ? `${text}${noBreak}${day.slice(0, 4)}` : text;
}

/** A day in full, as it is said: `Tue 11 Aug 2026`. */
export function formatFullDay(day: Day): string {
  if (readLocale() !== 'en-GB') return writeDay(day, { year: true, weekday: true });
  return `${nameWeekday(weekdayOf(day))} ${formatDay(day)} ${day.slice(0, 4)}`;
}

/** A span of days with its year: `24 Oct – 20 Nov 2026`, `28 Dec 2025 – 3 Jan 2026`. */
export function formatFullRange(from: Day, to: Day): string {
  if (readLocale() !== 'en-GB') return formatDayRange(from, to, noDay);
  const range = formatDayRange(from, to);
  return from.slice(0, 4) === to.slice(0, 4) ? `${range}${noBreak}${to.slice(0, 4)}` : range;
}

/** A span of days: `16 – 20 Nov`, `24 Oct – 20 Nov`, `28 Dec 2025 – 3 Jan 2026`. */
export function formatDayRange(from: Day, to: Day, today?: Day): string {
  if (from === to) return formatDay(from, today);
  if (readLocale() !== 'en-GB') {
    const year = from.slice(0, 4) !== to.slice(0, 4) || (today !== undefined && today.slice(0, 4) !== to.slice(0, 4));
    return `${writeDay(from, { year })} – ${writeDay(to, { year })}`;
  }
  if (from.slice(0, 4) !== to.slice(0, 4)) {
    return `${formatDay(from)}${noBreak}${from.slice(0, 4)} – ${formatDay(to)}${noBreak}${to.slice(0, 4)}`;
  }
  const start = from.slice(0, 7) === to.slice(0, 7) ? String(Number(from.slice(8))) : formatDay(from);
  return `${start} – ${formatDay(to, today)}`;
}

/** Of no year that is ever shown, so that every year is written beside it. */
const noDay: Day = '0000-01-01';

const written = new Map<string, Intl.DateTimeFormat>();

/** A day in the way of the locale that was chosen. Nothing breaks within it. */
function writeDay(day: Day, { year = false, weekday = false }: { year?: boolean; weekday?: boolean }): string {
  const locale = readLocale();
  if (locale === 'iso') return weekday ? `${nameWeekday(weekdayOf(day))}${noBreak}${day}` : day;
  const key = `${locale} ${year} ${weekday}`;
  let format = written.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, {
      timeZone: 'UTC',
      day: 'numeric',
      month: 'short',
      ...(year ? { year: 'numeric' } : {}),
      ...(weekday ? { weekday: 'short' } : {}),
    });
    written.set(key, format);
  }
  return format.format(toDayNumber(day) * dayMs).replaceAll(/\s/g, noBreak);
}

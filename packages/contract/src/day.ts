import { z } from 'zod';

/** A calendar day as `YYYY-MM-DD`, already cut in somebody's time zone. */
export type Day = string;

/** Accepts a calendar day that exists (31 February does not). */
export const daySchema = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a day looks like 2026-03-01')
  .refine((text) => isRealDay(text), 'there is no such day')
  .meta({ format: 'date' });

/** The same for days that are kept: the store's calendar has no year 0. */
export const storedDaySchema = daySchema.refine((day) => day >= '0001-01-01', 'there is no year 0');

/** True when the text is a day of the proleptic Gregorian calendar. */
export function isRealDay(text: string): boolean {
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

/** The day `count` days later (earlier when negative). */
export function addDays(day: Day, count: number): Day {
  const instant = new Date(`${day}T00:00:00Z`);
  instant.setUTCDate(instant.getUTCDate() + count);
  return instant.toISOString().slice(0, 10);
}

/** How many days lie between two days: `daysBetween('2026-01-01', '2026-01-03')` is 2. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** ISO weekday: 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: Day): number {
  return ((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
}

/** The first day of the week a day lies in, for weeks that start on `weekStart` (1 is Monday). */
export function startOfWeek(day: Day, weekStart = 1): Day {
  return addDays(day, -((weekdayOf(day) - weekStart + 7) % 7));
}

/** The first day of the month a day lies in. */
export function startOfMonth(day: Day): Day {
  return `${day.slice(0, 8)}01`;
}

/** The local day on which an instant falls in an IANA zone. */
export function dayInZone(instant: Date, zone: string): Day {
  const parts = dayFormat(zone).formatToParts(instant);
  const pick = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return `${pick('year').padStart(4, '0')}-${pick('month')}-${pick('day')}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function dayFormat(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(zone, format);
  }
  return format;
}

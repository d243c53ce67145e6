import type { CalendarHoliday } from '@devpulse/contract/wire/calendar';
import { isDay } from '../../../range/days.ts';

/** What was read of pasted lines, and which of them say nothing that can be kept. */
export interface HolidayLines {
  holidays: CalendarHoliday[];
  faults: { line: number; words: string }[];
}

const nameLengthMax = 200;

/** Reads `2026-12-25 Christmas Day`, one a line; a comma, semicolon or tab may stand between. Empty lines are passed over. */
export function readHolidayLines(text: string): HolidayLines {
  const read: HolidayLines = { holidays: [], faults: [] };
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '') continue;
    const [day = '', ...rest] = line.split(/[\s,;]+/);
    const name = line.slice(day.length).replace(/^[\s,;]+/, '');
    const fault = findFault(day, rest.length === 0 ? '' : name);
    if (fault === null) read.holidays.push({ day, name });
    else read.faults.push({ line: index + 1, words: fault });
  }
  return read;
}

function findFault(day: string, name: string): string | null {
  const isKnown: boolean = isDay(day);
  if (!isKnown) return `“${day.slice(0, 30)}” is no day such as 2026-12-25`;
  if (name === '') return `the holiday on ${day} has no name`;
  if (name.length > nameLengthMax) return `the name of the holiday on ${day} is too long`;
  return null;
}

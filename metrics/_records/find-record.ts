import { addDays, type Day, startOfMonth, startOfWeek } from '@devpulse/contract/day';
import type { DerivedInput, DerivedValue } from '@devpulse/contract/metric';
import { listCommitDays } from '../_evidence/list-evidence.ts';
import { lastDay } from '../_calendar/last-day.ts';
import { sumByDay } from '../_calendar/sum-cells.ts';
import { sumByPeriod } from '../_calendar/list-weeks.ts';

/** The largest of several sums; of equal ones the first in their order. */
export function findLargest<Key>(sums: ReadonlyMap<Key, number>): { key: Key; value: number } | null {
  let largest: { key: Key; value: number } | null = null;
  for (const [key, value] of sums) {
    if (value > (largest?.value ?? 0)) largest = { key, value };
  }
  return largest;
}

/** What is said of a record before there is anything. */
export const noRecord: DerivedValue = { value: null, reason: 'no activity yet', evidence: [] };

/** The day, week or month with the most commits of all history up to the last day, with its days as evidence. */
export function findPeriodRecord(input: DerivedInput, period: 'day' | 'week' | 'month'): DerivedValue {
  const days = sumByDay(input.cells['commits'], { to: lastDay(input) });
  const startOf = startsOf(period, input.weekStart);
  const record = findLargest(sumByPeriod(days, startOf));
  if (record === null) return noRecord;
  return {
    value: record.value,
    detail: { [period]: period === 'month' ? record.key.slice(0, 7) : record.key, ...span(period, record.key) },
    ...listCommitDays([...days].filter(([day]) => startOf(day) === record.key)),
  };
}

function startsOf(period: 'day' | 'week' | 'month', weekStart: number): (day: Day) => Day {
  switch (period) {
    case 'day':
      return (day) => day;
    case 'week':
      return (day) => startOfWeek(day, weekStart);
    case 'month':
      return startOfMonth;
  }
}

/** First and last day of the period that begins on this day. */
function span(period: 'day' | 'week' | 'month', from: Day): { from: Day; to: Day } {
  switch (period) {
    case 'day':
      return { from, to: from };
    case 'week':
      return { from, to: addDays(from, 6) };
    case 'month':
      return { from, to: addDays(startOfMonth(addDays(from, 31)), -1) };
  }
}

import { addDays, type Day, daysBetween, startOfMonth, weekdayOf } from '@devpulse/contract/day';
import type { DerivedInput, DerivedValue } from '@devpulse/contract/metric';
import { listCommitDays } from '../_evidence/list-evidence.ts';
import { findLongestGap } from '../_calendar/find-longest-gap.ts';
import { lastDay, lastDayOver } from '../_calendar/last-day.ts';
import { makePauseCalendar } from '../_calendar/make-pause-calendar.ts';
import { roundTo } from '../_rounding/round-to.ts';
import { sumByDay } from '../_calendar/sum-cells.ts';
import { listWeekdays, nameWeekday, sumByPeriod } from '../_calendar/list-weeks.ts';
import { findLargest } from '../_records/find-record.ts';

const daysNeeded = 7;
const steadyPercent = 10;

type Days = ReadonlyMap<Day, number>;

/** Averages, best weekday and month, longest gap and trend, as the manifest's definition says. */
export function deriveInsights(input: DerivedInput): DerivedValue {
  const over = lastDayOver(input);
  const history = sumByDay(input.cells['commits'], { to: over });
  const [first] = history.keys();
  if (first === undefined) return noInsight('no activity yet', history);
  const from = later(input.from, first);
  const total = daysBetween(from, over) + 1;
  const days = new Map([...history].filter(([day]) => day >= from));
  if (total < daysNeeded) return noInsight('not enough data: fewer than seven days that are over', days);
  const weekdays = averageWeekdays(days, { from, total }, input.weekStart);
  const bestWeekday = findLargest(weekdays);
  // A sum that is still growing can only be beaten by itself: like every record, this one counts today.
  const untilNow = sumByDay(input.cells['commits'], { from, to: lastDay(input) });
  const bestMonth = findLargest(sumByPeriod(untilNow, startOfMonth));
  const gap = findLongestGap([...days.keys()], { from, to: over }, makePauseCalendar(input.pauses));
  return {
    value: roundTo((sum(days) / total) * 7, 2),
    parts: [...weekdays].map(([weekday, average]) => ({
      part: String(weekday),
      label: nameWeekday(weekday),
      value: roundTo(average, 2),
    })),
    detail: {
      from,
      to: over,
      bestWeekday: bestWeekday?.key ?? null,
      bestWeekdayAverage: bestWeekday === null ? null : roundTo(bestWeekday.value, 2),
      bestMonth: bestMonth?.key.slice(0, 7) ?? null,
      bestMonthCommits: bestMonth?.value ?? null,
      longestGapDays: gap?.length ?? 0,
      longestGapFrom: gap?.from ?? null,
      longestGapTo: gap?.to ?? null,
      ...compareMonths(history, first, { end: lastDay(input), over }),
    },
    ...listCommitDays(days),
  };
}

function noInsight(reason: string, days: Days): DerivedValue {
  return { value: null, reason, detail: { trend: null, trendPercent: null }, ...listCommitDays(days) };
}

function averageWeekdays(days: Days, span: { from: Day; total: number }, weekStart: number): Map<number, number> {
  const sums = new Map<number, number>();
  for (const [day, value] of days) sums.set(weekdayOf(day), (sums.get(weekdayOf(day)) ?? 0) + value);
  const start = weekdayOf(span.from);
  return new Map(
    listWeekdays(weekStart).map((weekday) => {
      const offset = (weekday - start + 7) % 7;
      const occurrences = Math.floor((span.total - 1 - offset) / 7) + 1;
      return [weekday, (sums.get(weekday) ?? 0) / occurrences];
    }),
  );
}

/** This month's commits per day against last month's, over days that are over and since the first activity. */
function compareMonths(
  history: Days,
  first: Day,
  { end, over }: { end: Day; over: Day },
): { trend: string | null; trendPercent: number | null } {
  const thisMonth = startOfMonth(end);
  const lastMonth = startOfMonth(addDays(thisMonth, -1));
  const now = countSpan(history, later(thisMonth, first), over);
  const before = countSpan(history, later(lastMonth, first), addDays(thisMonth, -1));
  if (now.days <= 0) return { trend: null, trendPercent: null };
  if (before.commits === 0) return { trend: now.commits > 0 ? 'new' : 'steady', trendPercent: null };
  // Cross-multiplied, in whole numbers: divided first, an exact +10 % comes out as 10.000000000000009.
  const [mine, theirs] = [now.commits * before.days, before.commits * now.days];
  return { trend: nameTrend(mine, theirs), trendPercent: roundTo((100 * (mine - theirs)) / theirs, 1) };
}

function nameTrend(now: number, before: number): string {
  if (100 * now > (100 + steadyPercent) * before) return 'up';
  return 100 * now < (100 - steadyPercent) * before ? 'down' : 'steady';
}

/** Commits and days from one day to another; no days when the first lies behind the last. */
function countSpan(history: Days, from: Day, to: Day): { commits: number; days: number } {
  const within = new Map([...history].filter(([day]) => day >= from && day <= to));
  return { commits: sum(within), days: daysBetween(from, to) + 1 };
}

function sum(days: Days): number {
  return [...days.values()].reduce((total, value) => total + value, 0);
}

function later(a: Day, b: Day): Day {
  return a > b ? a : b;
}

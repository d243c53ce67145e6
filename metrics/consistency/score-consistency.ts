import { addDays, type Day, daysBetween, startOfWeek } from '@devpulse/contract/day';
import type { DerivedInput, DerivedValue } from '@devpulse/contract/metric';
import { countWords, listCommitDays } from '../_evidence/list-evidence.ts';
import { findLongestGap } from '../_calendar/find-longest-gap.ts';
import { lastDay, lastDayOver } from '../_calendar/last-day.ts';
import { makePauseCalendar, type PauseCalendar } from '../_calendar/make-pause-calendar.ts';
import { readStreaks } from '../_calendar/read-streaks.ts';
import { roundTo } from '../_rounding/round-to.ts';
import { listWeeks } from '../_calendar/list-weeks.ts';

const weeksLookedAt = 12;
const daysLookedAt = 365;
const daysNeeded = 14;

const grades = [
  { grade: 'S', from: 90 },
  { grade: 'A', from: 75 },
  { grade: 'B', from: 60 },
  { grade: 'C', from: 40 },
];

/** The score as the manifest's definition says it, part by part. */
export function scoreConsistency(input: DerivedInput): DerivedValue {
  const end = lastDay(input);
  const over = lastDayOver(input);
  const calendar = makePauseCalendar(input.pauses);
  const streaks = readStreaks(input);
  const active = [...streaks.days.keys()];
  const [first] = active;
  const last = streaks.lastActiveDay;
  if (first === undefined || last === null) return notEnough('no activity yet', streaks.days);
  if (daysBetween(first, end) + 1 < daysNeeded)
    return notEnough('the first activity is less than two weeks old', streaks.days);
  const weeks = countByWeek({ active, end, over, weekStart: input.weekStart, calendar });
  if (weeks.length === 0) return notEnough('every week is paused', streaks.days);

  const activeWeeks = weeks.filter(({ days }) => days > 0).length;
  const current = streaks.current?.days.length ?? 0;
  const longest = streaks.longest?.days.length ?? 0;
  const since = addDays(end, 1 - daysLookedAt);
  const gap = findLongestGap(active, { from: first > since ? first : since, to: over }, calendar)?.length ?? 0;
  const idle = calendar.countOpenDays(addDays(last, 1), over);
  const parts = [
    { part: 'weeks', label: 'Active weeks', value: (40 * activeWeeks) / weeks.length },
    { part: 'streak', label: 'Current streak against the longest', value: (30 * current) / longest },
    { part: 'gap', label: 'No long gap', value: 20 - Math.min(20, gap / 7) },
    { part: 'recency', label: 'Lately active', value: scoreRecency(idle) },
  ];
  const value = roundTo(
    parts.reduce((sum, part) => sum + part.value, 0),
    0,
  );
  return {
    value,
    parts: parts.map((part) => ({ ...part, value: roundTo(part.value, 2) })),
    detail: {
      grade: grades.find(({ from }) => value >= from)?.grade ?? 'D',
      activeWeeks,
      weeks: weeks.length,
      currentStreak: current,
      longestStreak: longest,
      longestGapDays: gap,
      idleDays: idle,
      firstActiveDay: first,
      lastActiveDay: last,
    },
    evidence: weeks
      .map(({ week, days }) => ({
        label: `Week of ${week}: ${countWords(days, 'active day')}`,
        value: days,
        day: week,
      }))
      .toReversed(),
  };
}

function notEnough(why: string, days: ReadonlyMap<Day, number>): DerivedValue {
  return { value: null, reason: `not enough data: ${why}`, detail: { grade: null }, ...listCommitDays(days) };
}

function scoreRecency(idleDays: number): number {
  if (idleDays < 7) return 10;
  return idleDays < 14 ? 5 : 0;
}

interface WeekQuestion {
  active: readonly Day[];
  end: Day;
  over: Day;
  weekStart: number;
  calendar: PauseCalendar;
}

/** The weeks that count, with their active days, in order. */
function countByWeek({ active, end, over, weekStart, calendar }: WeekQuestion): { week: Day; days: number }[] {
  const counts = new Map<Day, number>();
  for (const day of active) {
    const week = startOfWeek(day, weekStart);
    counts.set(week, (counts.get(week) ?? 0) + 1);
  }
  const running = startOfWeek(end, weekStart);
  const isLeftOut = addDays(running, 6) > over && !counts.has(running);
  const last = isLeftOut ? addDays(running, -7) : running;
  const earliest = addDays(last, -7 * (weeksLookedAt - 1));
  const since = startOfWeek(active[0] ?? end, weekStart);
  return listWeeks({ from: since > earliest ? since : earliest, to: last }, weekStart)
    .map((week) => ({ week, days: counts.get(week) ?? 0 }))
    .filter(({ week, days }) => days > 0 || calendar.countOpenDays(week, addDays(week, 6)) > 0);
}

import { addDays, type Day, startOfWeek } from '@devpulse/contract/day';
import type { DerivedInput, DerivedValue, Evidence } from '@devpulse/contract/metric';
import { countWords, listNewest } from '../_evidence/list-evidence.ts';
import { lastDay, lastDayOver } from '../_calendar/last-day.ts';
import { roundTo } from '../_rounding/round-to.ts';
import { sumByDay } from '../_calendar/sum-cells.ts';
import { listWeeks, sumByPeriod } from '../_calendar/list-weeks.ts';

const weeksInTrend = 8;

type Lines = ReadonlyMap<Day, number>;

/** Lines per week of the window, and the trend of the last eight full weeks. */
export function deriveCodeFrequency(input: DerivedInput): DerivedValue {
  const span = { to: lastDay(input) };
  const added = sumByDay(input.cells['added'], span);
  const removed = sumByDay(input.cells['removed'], span);
  return { ...deriveTrend(added, removed, input), parts: listParts(added, removed, input) };
}

function listParts(added: Lines, removed: Lines, input: DerivedInput): NonNullable<DerivedValue['parts']> {
  const to = lastDay(input);
  const from = firstOf([...added.keys(), ...removed.keys()].filter((day) => day >= input.from));
  if (from === undefined) return [];
  const weekly = (days: Lines): Lines => sumByWeek(new Map([...days].filter(([day]) => day >= from)), input.weekStart);
  const [addedWeekly, removedWeekly] = [weekly(added), weekly(removed)];
  return listWeeks({ from, to }, input.weekStart).flatMap((week) => [
    { part: `${week}:added`, label: `Added in the week of ${week}`, value: addedWeekly.get(week) ?? 0 },
    { part: `${week}:removed`, label: `Removed in the week of ${week}`, value: removedWeekly.get(week) ?? 0 },
  ]);
}

function deriveTrend(added: Lines, removed: Lines, input: DerivedInput): DerivedValue {
  const first = firstOf([...added.keys(), ...removed.keys()]);
  if (first === undefined) return noTrend('no lines yet', []);
  const [addedWeekly, removedWeekly] = [sumByWeek(added, input.weekStart), sumByWeek(removed, input.weekStart)];
  const linesOf = (week: Day): number => (addedWeekly.get(week) ?? 0) + (removedWeekly.get(week) ?? 0);
  const listLines = (span: { from: Day; to: Day }): Evidence[] =>
    listWeeks(span, input.weekStart).map((week) => {
      const value = linesOf(week);
      return { label: `Week of ${week}: ${countWords(value, 'line')}`, value, day: week };
    });

  // The day after the last one that is over lies in the first week that is not.
  const last = addDays(startOfWeek(addDays(lastDayOver(input), 1), input.weekStart), -7);
  const earliest = addDays(last, -7 * (weeksInTrend - 1));
  if (startOfWeek(first, input.weekStart) > earliest) {
    const reason = 'not enough data: fewer than eight full weeks since the first lines';
    return noTrend(reason, listLines({ from: first, to: lastDay(input) }));
  }
  const evidence = listLines({ from: earliest, to: last });
  const mean = evidence.reduce((sum, { value }) => sum + value, 0) / evidence.length;
  if (mean === 0) return noTrend('no lines in the last eight full weeks', evidence);
  const slope = fitSlope(evidence.map(({ value }) => value));
  return {
    value: roundTo((100 * slope) / mean, 2),
    detail: { slope: roundTo(slope, 2), mean: roundTo(mean, 2), from: earliest, to: addDays(last, 6) },
    ...listNewest(evidence),
  };
}

function noTrend(reason: string, evidence: Evidence[]): DerivedValue {
  return { value: null, reason, detail: { slope: null, mean: null }, ...listNewest(evidence) };
}

/** Slope of the least-squares line through values one step apart. */
function fitSlope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const spread = values.reduce((sum, _value, index) => sum + (index - middle) ** 2, 0);
  return values.reduce((sum, value, index) => sum + (index - middle) * value, 0) / spread;
}

function sumByWeek(days: Lines, weekStart: number): Lines {
  return sumByPeriod(days, (day) => startOfWeek(day, weekStart));
}

function firstOf(days: readonly Day[]): Day | undefined {
  return days.reduce<Day | undefined>((first, day) => (first === undefined || day < first ? day : first), undefined);
}

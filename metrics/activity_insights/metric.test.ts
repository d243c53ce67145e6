import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysBetween } from '@devpulse/contract/day';
import { anyCells, anyEnd, anyPauses } from '../_golden/arbitrary-days.ts';
import { cellsOn, makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

function derive(days: Record<string, number>, more: Partial<Parameters<typeof makeInput>[0]> & { to: string }) {
  return metric.derive(makeInput({ cells: { commits: cellsOn(days) }, ...more }));
}

describe('activity_insights', () => {
  it('averages over the days that are over, from the first activity on', () => {
    // Monday 2 to Sunday 15 March: 14 days, 7 commits; today, the 16th, is not over.
    const value = derive(
      { '2026-03-02': 4, '2026-03-10': 3, '2026-03-16': 50 },
      { from: '2025-03-17', to: '2026-03-16' },
    );
    expect(value.value).toBe(3.5);
    expect(value.n).toBe(2);
    expect(value.detail).toMatchObject({ from: '2026-03-02', to: '2026-03-15' });
  });

  it('takes a window inside the history as it is', () => {
    expect(
      derive({ '2025-01-01': 1, '2026-03-03': 2 }, { from: '2026-03-01', to: '2026-03-28', today: '2026-05-01' }).value,
    ).toBe(0.5);
  });

  it('says an honest 0 for an empty window after the first activity', () => {
    expect(derive({ '2025-01-01': 1 }, { from: '2026-03-01', to: '2026-03-28' })).toMatchObject({
      value: 0,
      detail: { bestWeekday: null, bestMonth: null, longestGapDays: 27 },
      evidence: [],
    });
  });

  it('needs a first commit and seven days', () => {
    expect(derive({}, { to: '2026-03-28' })).toMatchObject({ value: null, reason: 'no activity yet' });
    expect(derive({ '2026-03-22': 1 }, { to: '2026-03-28' })).toMatchObject({
      value: null,
      reason: expect.stringContaining('seven days'),
    });
    expect(derive({ '2026-03-21': 1 }, { to: '2026-03-28' }).value).toBe(1);
  });

  it('finds the best weekday by its average, not by its sum, and the earliest of several', () => {
    // Monday 2 to Monday 16 March: three Mondays, two of every other weekday.
    const monday = { '2026-03-02': 2, '2026-03-09': 1, '2026-03-16': 2 };
    const value = derive({ ...monday, '2026-03-04': 4 }, { to: '2026-03-17' });
    expect(value.detail).toMatchObject({ bestWeekday: 3, bestWeekdayAverage: 2 });
    expect(value.parts?.map(({ part, value: average }) => [part, average]).slice(0, 3)).toEqual([
      ['1', 1.67],
      ['2', 0],
      ['3', 2],
    ]);
    const tie = { '2026-03-02': 0, '2026-03-03': 1, '2026-03-08': 1 };
    expect(derive({ '2026-03-01': 1, ...tie }, { to: '2026-03-17' }).detail).toMatchObject({ bestWeekday: 7 });
    const even = { '2026-03-03': 1, '2026-03-15': 1 };
    expect(derive(even, { to: '2026-03-17' }).detail).toMatchObject({ bestWeekday: 2 });
    expect(derive(even, { to: '2026-03-17', weekStart: 7 }).detail).toMatchObject({ bestWeekday: 7 });
  });

  it('finds the best month, of several the earliest', () => {
    const days = { '2026-01-10': 3, '2026-02-10': 3, '2025-12-31': 2 };
    expect(derive(days, { to: '2026-03-10' }).detail).toMatchObject({ bestMonth: '2026-01', bestMonthCommits: 3 });
  });

  it('counts today in the best month, as the records do, and not in the average', () => {
    const days = { '2026-02-10': 3, '2026-03-09': 2, '2026-03-10': 2 };
    const value = derive(days, { from: '2026-02-10', to: '2026-03-31', today: '2026-03-10' });
    expect(value.detail).toMatchObject({ bestMonth: '2026-03', bestMonthCommits: 4, to: '2026-03-09' });
    expect(value.value).toBe(1.25);
    const within = derive({ ...days, '2026-02-01': 9 }, { from: '2026-02-10', to: '2026-03-10' });
    expect(within.detail).toMatchObject({ bestMonth: '2026-03', bestMonthCommits: 4 });
  });

  it('finds the longest gap, without paused days', () => {
    const days = { '2026-03-02': 1, '2026-03-06': 1, '2026-03-09': 1 };
    const gap = { longestGapDays: 3, longestGapFrom: '2026-03-03', longestGapTo: '2026-03-05' };
    expect(derive(days, { to: '2026-03-12' }).detail).toMatchObject(gap);
    expect(
      derive(days, { to: '2026-03-12', pauses: { holidays: ['2026-03-04'], restWeekdays: [6] } }).detail,
    ).toMatchObject({
      ...gap,
      longestGapDays: 2,
    });
  });

  it.each([
    { now: 11, trend: 'steady', trendPercent: 10 },
    { now: 12, trend: 'up', trendPercent: 20 },
    { now: 9, trend: 'steady', trendPercent: -10 },
    { now: 8, trend: 'down', trendPercent: -20 },
    { now: 0, trend: 'down', trendPercent: -100 },
  ])('calls $now against 10 in as many days $trend', ({ now, trend, trendPercent }) => {
    // February and the first 28 days of March are of the same length.
    const days = { '2026-01-31': 1, '2026-02-10': 10, '2026-03-10': now };
    expect(derive(days, { to: '2026-03-29' }).detail).toMatchObject({ trend, trendPercent });
  });

  it('compares averages, so that a month that has just begun is not down', () => {
    // 28 commits in February are one a day; two in the first two days of March are as many.
    expect(derive({ '2026-01-31': 1, '2026-02-10': 28, '2026-03-02': 2 }, { to: '2026-03-03' }).detail).toMatchObject({
      trend: 'steady',
      trendPercent: 0,
    });
  });

  it('calls something after nothing new, and not +100 %', () => {
    expect(derive({ '2025-01-01': 1, '2026-03-02': 5 }, { to: '2026-03-10' }).detail).toMatchObject({
      trend: 'new',
      trendPercent: null,
    });
    expect(derive({ '2025-01-01': 1 }, { to: '2026-03-10' }).detail).toMatchObject({
      trend: 'steady',
      trendPercent: null,
    });
  });

  it('has no trend on the first of a month, and compares from the first activity on', () => {
    expect(derive({ '2026-01-01': 1, '2026-02-27': 9 }, { to: '2026-03-01' }).detail).toMatchObject({ trend: null });
    // One a day in the last two days of February, one a day in March.
    const days = { '2026-02-27': 2, '2026-03-01': 10 };
    expect(derive(days, { to: '2026-03-11' }).detail).toMatchObject({ trend: 'steady', trendPercent: 0 });
  });

  it('averages exactly what its evidence lists, in whatever order the cells come', () => {
    fc.assert(
      fc.property(anyCells, anyPauses, anyEnd, (commits, pauses, end) => {
        const input = makeInput({ cells: { commits }, pauses, ...end });
        const value = metric.derive(input);
        expect(metric.derive({ ...input, cells: { commits: commits.toReversed() } })).toEqual(value);
        fc.pre(value.value !== null);
        const days = daysBetween(String(value.detail?.['from']), String(value.detail?.['to'])) + 1;
        const total = value.evidence.reduce((sum, { value: count }) => sum + count, 0);
        expect(Math.abs((value.value ?? 0) - (total / days) * 7)).toBeLessThan(0.005_001);
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '@devpulse/contract/day';
import { anyCells, anyEnd, anyPauses } from '../_golden/arbitrary-days.ts';
import { cellsOnDays, makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

const daysFrom = (from: string, count: number, step = 1) =>
  Array.from({ length: count }, (_, at) => addDays(from, at * step));
// 2026-01-05 is a Monday; the twelfth after it, counted with it, is 2026-03-23.
const twelveMondays = daysFrom('2026-01-05', 12, 7);

function derive(days: readonly string[], more: Partial<Parameters<typeof makeInput>[0]> & { to: string }) {
  return metric.derive(makeInput({ cells: { commits: cellsOnDays(days) }, ...more }));
}

function pointsOf(value: ReturnType<typeof derive>) {
  return Object.fromEntries(value.parts?.map((part) => [part.part, part.value]) ?? []);
}

describe('consistency', () => {
  it('has no value, and not 20 points, before there is any activity', () => {
    expect(derive([], { to: '2026-03-29' })).toEqual({
      value: null,
      reason: 'not enough data: no activity yet',
      detail: { grade: null },
      evidence: [],
      n: 0,
    });
  });

  it('has no value before the first activity is two weeks old', () => {
    expect(derive(['2026-03-16'], { to: '2026-03-28' })).toMatchObject({
      value: null,
      reason: expect.stringMatching(/^not enough data/),
    });
    expect(derive(['2026-03-16'], { to: '2026-03-29' }).value).not.toBeNull();
  });

  it('gives 100 points and an S to whoever is active every day', () => {
    const value = derive(daysFrom('2025-12-01', 119), { to: '2026-03-29' });
    expect(value).toMatchObject({ value: 100, detail: { grade: 'S', activeWeeks: 12, weeks: 12, longestGapDays: 0 } });
    expect(pointsOf(value)).toEqual({ weeks: 40, streak: 30, gap: 20, recency: 10 });
  });

  it('adds up its four parts: active weeks, streak, gap up to today, recency', () => {
    const value = derive(twelveMondays, { to: '2026-03-29' });
    expect(pointsOf(value)).toEqual({ weeks: 40, streak: 0, gap: 19.14, recency: 10 });
    expect(value).toMatchObject({
      value: 69,
      detail: { grade: 'B', currentStreak: 0, longestStreak: 1, longestGapDays: 6, idleDays: 5 },
    });
    expect(value.evidence).toHaveLength(12);
    expect(value.evidence[0]).toEqual({ label: 'Week of 2026-03-23: 1 active day', value: 1, day: '2026-03-23' });
  });

  it('scales by the weeks since the first activity where there are fewer than twelve', () => {
    const value = derive(['2026-03-02', '2026-03-16', '2026-03-28', '2026-03-29'], { to: '2026-03-29' });
    expect(value.detail).toMatchObject({ activeWeeks: 3, weeks: 4, currentStreak: 2, longestStreak: 2 });
    expect(pointsOf(value)).toEqual({ weeks: 30, streak: 30, gap: 18.14, recency: 10 });
    expect(value).toMatchObject({ value: 88, detail: { grade: 'A' } });
  });

  it('does not hold a week against anybody that is not over, nor an empty today', () => {
    expect(derive(twelveMondays, { to: '2026-03-30' })).toMatchObject({
      value: 69,
      detail: { weeks: 12, activeWeeks: 12 },
    });
    const busyWeek = derive([...twelveMondays, '2026-03-30'], { to: '2026-03-30' });
    expect(busyWeek.detail).toMatchObject({ weeks: 12, activeWeeks: 12 });
    expect(derive(twelveMondays, { to: '2026-04-05' }).detail).toMatchObject({ activeWeeks: 12 });
    expect(derive(twelveMondays, { to: '2026-04-05', today: '2026-06-01' }).detail).toMatchObject({ activeWeeks: 11 });
    expect(derive(twelveMondays, { to: '2026-04-06' }).detail).toMatchObject({ activeWeeks: 11, weeks: 12 });
  });

  it('counts the gap from the last activity to the last day', () => {
    const value = derive(['2026-01-05'], { to: '2026-11-21' });
    expect(pointsOf(value)).toEqual({ weeks: 0, streak: 0, gap: 0, recency: 0 });
    expect(value).toMatchObject({ value: 0, detail: { grade: 'D', longestGapDays: 319 } });
  });

  it('forgets a gap once it lies more than 365 days back', () => {
    const value = derive(['2024-01-01', ...daysFrom('2026-01-01', 325)], { to: '2026-11-21' });
    // 2025-11-22 to 2025-12-31 are 40 days: 20 − 40/7 = 14.29.
    expect(pointsOf(value)).toMatchObject({ gap: 14.29 });
    expect(value).toMatchObject({ value: 94, detail: { grade: 'S', longestGapDays: 40 } });
  });

  it('gives 10 points up to 7 days after the last activity, 5 up to 14', () => {
    const days = daysFrom('2026-01-01', 30);
    const recency = (to: string) => pointsOf(derive(days, { to }))['recency'];
    // The last active day is 2026-01-30.
    expect([recency('2026-02-06'), recency('2026-02-07')]).toEqual([10, 5]);
    expect([recency('2026-02-13'), recency('2026-02-14')]).toEqual([5, 0]);
  });

  it('takes paused days for nothing: neither gap nor break nor an inactive week', () => {
    const everyDayButMonday = { restWeekdays: [2, 3, 4, 5, 6, 7] };
    expect(derive(twelveMondays, { to: '2026-03-29', pauses: everyDayButMonday })).toMatchObject({ value: 100 });
    const holidays = daysFrom('2026-03-09', 7);
    const value = derive(['2026-03-02', '2026-03-23'], { to: '2026-03-29', pauses: { holidays } });
    expect(value.detail).toMatchObject({ activeWeeks: 2, weeks: 3, longestGapDays: 13 });
  });

  it('counts work in a week of which every day is paused', () => {
    const value = derive(twelveMondays, { to: '2026-03-29', pauses: { restWeekdays: [1, 2, 3, 4, 5, 6, 7] } });
    expect(value).toMatchObject({ value: 100, detail: { activeWeeks: 12, weeks: 12 } });
  });

  it('has no value where every week is paused', () => {
    const value = derive(['2025-01-06'], { to: '2026-03-29', pauses: { restWeekdays: [1, 2, 3, 4, 5, 6, 7] } });
    expect(value).toMatchObject({ value: null, reason: 'not enough data: every week is paused' });
  });

  it('begins weeks where the workspace does', () => {
    const days = ['2026-03-01', '2026-03-09', '2026-03-22', '2026-03-28'];
    // Sundays 1 and 22 March belong to the week before for whoever begins on Monday.
    expect(derive(days, { to: '2026-03-28', weekStart: 1 }).detail).toMatchObject({ activeWeeks: 4, weeks: 5 });
    expect(derive(days, { to: '2026-03-28', weekStart: 7 }).detail).toMatchObject({ activeWeeks: 3, weeks: 4 });
  });

  it('stays between 0 and 100 and does not depend on the order of cells', () => {
    fc.assert(
      fc.property(anyCells, anyPauses, anyEnd, (commits, pauses, end) => {
        const input = makeInput({ cells: { commits }, pauses, ...end });
        const value = metric.derive(input);
        expect(value.value ?? 0).toBeGreaterThanOrEqual(0);
        expect(value.value ?? 0).toBeLessThanOrEqual(100);
        expect(metric.derive({ ...input, cells: { commits: commits.toReversed() } })).toEqual(value);
      }),
    );
  });
});

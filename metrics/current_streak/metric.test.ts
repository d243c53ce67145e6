import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyCells, anyDay, anyEnd, anyPauses } from '../_golden/arbitrary-days.ts';
import { cellsOn, cellsOnDays, makeInput } from '../_golden/derived-input.ts';
import { metric as longestStreak } from '../longest_streak/metric.ts';
import { metric } from './metric.ts';

// 2026-03-02 is a Monday.
const weekdays = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06'];

function derive(days: readonly string[], more: Partial<Parameters<typeof makeInput>[0]> & { to: string }) {
  return metric.derive(makeInput({ cells: { commits: cellsOnDays(days) }, ...more }));
}

describe('current_streak', () => {
  it('counts the days in a row up to today', () => {
    const value = derive(['2026-02-27', ...weekdays], { to: '2026-03-06' });
    expect(value.value).toBe(5);
    expect(value.detail).toEqual({ from: '2026-03-02', to: '2026-03-06', atRisk: false, lastActiveDay: '2026-03-06' });
    expect(value.n).toBe(5);
    expect(value.evidence[0]).toEqual({ label: '1 commit', value: 1, day: '2026-03-06' });
  });

  it('lives on an empty today, at risk, and is broken by an empty yesterday', () => {
    expect(derive(weekdays, { to: '2026-03-07' })).toMatchObject({ value: 5, detail: { atRisk: true } });
    expect(derive(weekdays, { to: '2026-03-08' })).toMatchObject({
      value: 0,
      detail: { from: null, to: null, atRisk: false, lastActiveDay: '2026-03-06' },
      evidence: [{ label: '1 commit', value: 1, day: '2026-03-06' }],
    });
  });

  it('gives a day of the past as it stood when it was over', () => {
    expect(derive(weekdays, { to: '2026-03-04', today: '2026-03-06' })).toMatchObject({
      value: 3,
      detail: { atRisk: false },
    });
    expect(derive(weekdays, { to: '2026-03-07', today: '2026-03-09' })).toMatchObject({ value: 0 });
  });

  it('ignores commits dated after today, and a window that reaches beyond it', () => {
    const value = derive([...weekdays, '2026-03-07', '2031-01-01'], { to: '2026-12-31', today: '2026-03-06' });
    expect(value).toMatchObject({ value: 5, detail: { lastActiveDay: '2026-03-06' } });
  });

  it('neither counts nor breaks on rest weekdays, holidays and freezes', () => {
    const days = [...weekdays, '2026-03-09', '2026-03-12'];
    const pauses = { restWeekdays: [6, 7], holidays: ['2026-03-10'], freezes: ['2026-03-11'] };
    expect(derive(days, { to: '2026-03-12', pauses })).toMatchObject({ value: 7, detail: { from: '2026-03-02' } });
    expect(derive(days, { to: '2026-03-12' })).toMatchObject({ value: 1 });
  });

  it('is not at risk on a paused today', () => {
    const saturday = { to: '2026-03-07', pauses: { restWeekdays: [6, 7] } };
    expect(derive(weekdays, saturday)).toMatchObject({ value: 5, detail: { atRisk: false } });
    expect(derive(weekdays, { to: '2026-03-07', pauses: { freezes: ['2026-03-07'] } })).toMatchObject({
      value: 5,
      detail: { atRisk: false },
    });
  });

  it('gives a freeze back when work arrives: the day counts', () => {
    expect(derive(weekdays, { to: '2026-03-06', pauses: { freezes: ['2026-03-04'] } })).toMatchObject({ value: 5 });
  });

  it('begins with a day, not with the pauses before it', () => {
    const value = derive(['2026-03-05'], { to: '2026-03-05', pauses: { freezes: ['2026-03-03', '2026-03-04'] } });
    expect(value).toMatchObject({ value: 1, detail: { from: '2026-03-05' } });
  });

  it('is revived by a back-dated commit', () => {
    expect(derive(['2026-03-02', '2026-03-04'], { to: '2026-03-04' }).value).toBe(1);
    expect(derive(['2026-03-04', '2026-03-02', '2026-03-03'], { to: '2026-03-04' }).value).toBe(3);
  });

  it('is 0 before the first commit', () => {
    expect(derive([], { to: '2026-03-04' })).toEqual({
      value: 0,
      n: 0,
      evidence: [],
      detail: { from: null, to: null, atRisk: false, lastActiveDay: null },
    });
  });

  it('takes a cell of 0 for an empty day', () => {
    const cells = { commits: cellsOn({ '2026-03-03': 1, '2026-03-04': 0, '2026-03-05': 2 }) };
    expect(metric.derive(makeInput({ cells, to: '2026-03-05' }))).toMatchObject({ value: 1 });
  });

  it('shows the newest 366 days of a longer streak and its true length', () => {
    const days = Array.from({ length: 500 }, (_, count) =>
      new Date(Date.UTC(2025, 0, 1 + count)).toISOString().slice(0, 10),
    );
    const value = derive(days, { to: days.at(-1) ?? '' });
    expect(value).toMatchObject({ value: 500, n: 500 });
    expect(value.evidence).toHaveLength(366);
    expect(value.evidence[0]?.day).toBe(days.at(-1));
  });
});

describe('current_streak and longest_streak', () => {
  it('agree on any history: current never exceeds longest', () => {
    fc.assert(
      fc.property(anyCells, anyPauses, anyEnd, (commits, pauses, end) => {
        const input = makeInput({ cells: { commits }, pauses, ...end });
        expect(metric.derive(input).value).toBeLessThanOrEqual(longestStreak.derive(input).value ?? -1);
      }),
    );
  });

  it('do not depend on the order of cells, nor on how a day is split into cells', () => {
    fc.assert(
      fc.property(anyCells, anyPauses, anyEnd, (commits, pauses, end) => {
        const input = makeInput({ cells: { commits }, pauses, ...end });
        const shuffled = { ...input, cells: { commits: [...commits, ...commits].toReversed() } };
        const valueOf = (from: typeof input) =>
          [metric.derive(from), longestStreak.derive(from)].map(({ value, detail }) => [value, detail]);
        expect(valueOf(shuffled)).toEqual(valueOf(input));
      }),
    );
  });

  it('are never shortened by one more pause', () => {
    fc.assert(
      fc.property(anyCells, anyPauses, anyEnd, anyDay, (commits, pauses, end, day) => {
        const before = makeInput({ cells: { commits }, pauses, ...end });
        const after = makeInput({
          cells: { commits },
          pauses: { ...pauses, freezes: [...pauses.freezes, day] },
          ...end,
        });
        expect(metric.derive(after).value).toBeGreaterThanOrEqual(metric.derive(before).value ?? -1);
        expect(longestStreak.derive(after).value).toBeGreaterThanOrEqual(longestStreak.derive(before).value ?? -1);
      }),
    );
  });

  it('agree with walking back day by day', () => {
    fc.assert(
      fc.property(anyCells, anyPauses, anyEnd, (commits, pauses, end) => {
        expect(metric.derive(makeInput({ cells: { commits }, pauses, ...end })).value).toBe(
          walkBack(commits, pauses, end),
        );
      }),
    );
  });
});

/** The rule once more, written as simply as it can be: it shares nothing with the code under test. */
function walkBack(
  cells: readonly { day: string; value: number }[],
  pauses: { freezes: readonly string[]; restWeekdays: readonly number[]; holidays: readonly string[] },
  { to, today }: { to: string; today: string },
): number {
  const active = new Set(cells.filter(({ value }) => value > 0).map(({ day }) => day));
  const instant = new Date(`${to < today ? to : today}T12:00:00Z`);
  let length = 0;
  for (let steps = 0; steps < 400; steps += 1) {
    const day = instant.toISOString().slice(0, 10);
    const isRest = pauses.restWeekdays.includes(instant.getUTCDay() === 0 ? 7 : instant.getUTCDay());
    const isPaused = isRest || pauses.freezes.includes(day) || pauses.holidays.includes(day);
    if (active.has(day)) length += 1;
    else if (!isPaused && day !== today) break;
    instant.setUTCDate(instant.getUTCDate() - 1);
  }
  return length;
}

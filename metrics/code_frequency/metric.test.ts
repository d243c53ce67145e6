import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '@devpulse/contract/day';
import { anyCells } from '../_golden/arbitrary-days.ts';
import { cellsOn, makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

// Eight Mondays; the week of the last one ends on 2026-03-01.
const mondays = Array.from({ length: 8 }, (_, week) => addDays('2026-01-05', 7 * week));
const weekly = (lines: readonly number[]) =>
  cellsOn(Object.fromEntries(mondays.map((day, week) => [day, lines[week] ?? 0])));

describe('code_frequency', () => {
  it('is the slope of the last eight full weeks in percent of their mean', () => {
    const cells = { added: weekly([5, 15, 25, 35, 45, 55, 65, 75]), removed: weekly([5, 5, 5, 5, 5, 5, 5, 5]) };
    // Lines changed are 10, 20 … 80: slope 10 a week, mean 45.
    expect(metric.derive(makeInput({ cells, to: '2026-03-01', today: '2026-03-02' }))).toMatchObject({
      value: 22.22,
      detail: { slope: 10, mean: 45, from: '2026-01-05', to: '2026-03-01' },
      evidence: { length: 8, 7: { label: 'Week of 2026-01-05: 10 lines', value: 10, day: '2026-01-05' } },
    });
  });

  it('is 0 where every week is alike, and negative where it falls', () => {
    const value = (lines: number[]) =>
      metric.derive(makeInput({ cells: { added: weekly(lines), removed: [] }, to: '2026-03-02' })).value;
    expect(value([3, 3, 3, 3, 3, 3, 3, 3])).toBe(0);
    expect(value([80, 70, 60, 50, 40, 30, 20, 10])).toBe(-22.22);
  });

  it('does not take a week for full that is not over', () => {
    const cells = { added: weekly([1, 1, 1, 1, 1, 1, 1, 1]), removed: [] };
    expect(metric.derive(makeInput({ cells, to: '2026-03-01' }))).toMatchObject({
      value: null,
      reason: 'not enough data: fewer than eight full weeks since the first lines',
      n: 8,
    });
    expect(metric.derive(makeInput({ cells, to: '2026-02-28', today: '2026-04-01' })).value).toBeNull();
    expect(metric.derive(makeInput({ cells, to: '2026-03-01', today: '2026-03-02' })).value).toBe(0);
  });

  it('says so where there was nothing in the eight weeks, or ever', () => {
    const cells = { added: cellsOn({ '2020-01-01': 5 }), removed: [] };
    expect(metric.derive(makeInput({ cells, to: '2026-03-01' })).reason).toBe('no lines in the last eight full weeks');
    expect(metric.derive(makeInput({ cells: { added: [], removed: [] }, to: '2026-03-01' }))).toMatchObject({
      value: null,
      reason: 'no lines yet',
      parts: [],
    });
  });

  it('lists the weeks of the window from the first lines on, empty ones with 0', () => {
    const cells = {
      added: cellsOn({ '2026-01-07': 4, '2026-01-20': 6 }),
      removed: cellsOn({ '2025-12-30': 9, '2026-01-20': 2 }),
    };
    const { parts } = metric.derive(makeInput({ cells, from: '2026-01-01', to: '2026-01-25', today: '2026-02-01' }));
    expect(parts?.map(({ part, value }) => [part, value])).toEqual([
      ['2026-01-05:added', 4],
      ['2026-01-05:removed', 0],
      ['2026-01-12:added', 0],
      ['2026-01-12:removed', 0],
      ['2026-01-19:added', 6],
      ['2026-01-19:removed', 2],
    ]);
  });

  it('adds up to the lines of the window, wherever it cuts a week', () => {
    fc.assert(
      fc.property(
        anyCells,
        anyCells,
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 7 }),
        (added, removed, skip, weekStart) => {
          const window = { from: addDays('2026-01-01', skip), to: addDays('2026-02-20', skip) };
          const { parts } = metric.derive(
            makeInput({ cells: { added, removed }, ...window, today: '2026-12-31', weekStart }),
          );
          const inside = [...added, ...removed].filter(({ day }) => day >= window.from && day <= window.to);
          const sum = (values: readonly { value: number }[]) => values.reduce((total, { value }) => total + value, 0);
          expect(sum(parts ?? [])).toBe(sum(inside));
          expect(new Set(parts?.map(({ part }) => part)).size).toBe(parts?.length);
        },
      ),
    );
  });
});

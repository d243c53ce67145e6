import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNearest } from './chart-frame.tsx';
import { findLogTicks, findTicks, pickLabels } from './find-ticks.ts';
import { keepLargest } from './keep-largest.ts';
import { findGaps, layOutBars } from './lay-out-bars.ts';
import { layOutCalendar, sumWeeks } from './lay-out-calendar.ts';
import { layOutStrip } from './lay-out-strip.ts';
import { moveInGrid, type GridPlace } from './move-in-grid.ts';
import { findThresholds, levelOf, listRanges } from './quartile-levels.ts';
import { shiftDay, weekdayOf } from '../format/format-day.ts';

describe('levels of the scale', () => {
  it('are quartiles of the days that had any, so that zeros and unknown days do not count', () => {
    expect(findThresholds([0, 0, null, 1, 2, 3, 4, 5, 6, 7, 8])).toEqual([2, 4, 6]);
    expect(findThresholds([])).toEqual([0, 0, 0]);
  });

  it('put nothing at 0 and the highest quarter at 4', () => {
    const thresholds = [2, 4, 6] as const;
    expect([0, 1, 2, 3, 5, 7].map((value) => levelOf(value, thresholds))).toEqual([0, 1, 1, 2, 3, 4]);
  });

  it('state each step in whole numbers without a hole, and leave out steps that nothing reaches', () => {
    expect(listRanges([3, 6, 10], 24)).toEqual([
      { level: 1, from: 1, to: 3 },
      { level: 2, from: 4, to: 6 },
      { level: 3, from: 7, to: 10 },
      { level: 4, from: 11, to: null },
    ]);
    expect(listRanges([1, 1, 2], 2)).toEqual([
      { level: 1, from: 1, to: 1 },
      { level: 3, from: 2, to: 2 },
    ]);
  });

  it('agree with the legend for every whole value', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1 }), (values) => {
        const thresholds = findThresholds(values);
        const ranges = listRanges(thresholds, Math.max(...values));
        for (const value of values.filter((entry) => entry > 0)) {
          const range = ranges.find((entry) => value >= entry.from && (entry.to === null || value <= entry.to));
          expect(range?.level).toBe(levelOf(value, thresholds));
        }
      }),
    );
  });
});

describe('a walk through a grid', () => {
  // A calendar that starts on the third row and ends on the fifth.
  const has = ({ row, column }: GridPlace): boolean => !(column === 0 && row < 2) && !(column === 3 && row > 4);
  const grid = { rows: 7, columns: 4, has, wraps: true };

  it('goes by day down the column and by week along the row', () => {
    expect(moveInGrid('ArrowDown', { row: 2, column: 1 }, grid)).toEqual({ row: 3, column: 1 });
    expect(moveInGrid('ArrowRight', { row: 2, column: 1 }, grid)).toEqual({ row: 2, column: 2 });
  });

  it('leads from Sunday to the next Monday and back', () => {
    expect(moveInGrid('ArrowDown', { row: 6, column: 1 }, grid)).toEqual({ row: 0, column: 2 });
    expect(moveInGrid('ArrowUp', { row: 0, column: 2 }, grid)).toEqual({ row: 6, column: 1 });
    expect(moveInGrid('ArrowDown', { row: 6, column: 1 }, { ...grid, wraps: false })).toBeNull();
  });

  it('stops at the first and the last day', () => {
    expect(moveInGrid('ArrowUp', { row: 2, column: 0 }, grid)).toBeNull();
    expect(moveInGrid('ArrowDown', { row: 4, column: 3 }, grid)).toBeNull();
    expect(moveInGrid('ArrowRight', { row: 6, column: 2 }, grid)).toBeNull();
  });

  it('jumps to the first and the last day, not to a hole', () => {
    expect(moveInGrid('Home', { row: 3, column: 2 }, grid)).toEqual({ row: 2, column: 0 });
    expect(moveInGrid('End', { row: 3, column: 1 }, grid)).toEqual({ row: 4, column: 3 });
  });

  it('leaves other keys alone', () => {
    expect(moveInGrid('Tab', { row: 3, column: 1 }, grid)).toBeNull();
  });
});

describe('a calendar', () => {
  const days = Array.from({ length: 40 }, (_, index) => ({ day: shiftDay('2026-10-12', index), value: index }));

  it.each([1, 7])('puts every day in the row of its weekday, for weeks that start on %i', (weekStart) => {
    const { cells, weeks } = layOutCalendar(days, weekStart);
    const placed = cells.flatMap((row, index) => row.flatMap((entry) => (entry ? [{ ...entry, row: index }] : [])));
    expect(placed).toHaveLength(40);
    for (const entry of placed) expect((weekdayOf(entry.day) - weekStart + 7) % 7).toBe(entry.row);
    expect(cells.every((row) => row.length === weeks)).toBe(true);
  });

  it('sums the weeks to the sum of the days and counts the unknown', () => {
    const some = [...days.slice(0, 10), { day: shiftDay('2026-10-12', 10), value: null }];
    const sums = sumWeeks(layOutCalendar(some, 1));
    expect(sums.map((sum) => sum.value)).toEqual([21, 24]);
    expect(sums.map((sum) => sum.unknown)).toEqual([0, 1]);
    expect(sums[0]).toMatchObject({ from: '2026-10-12', to: '2026-10-18' });
  });

  it('never lets the names of months touch', () => {
    const year = Array.from({ length: 371 }, (_, index) => ({ day: shiftDay('2025-11-24', index), value: 0 }));
    const { months } = layOutCalendar(year, 1);
    const gaps = months.slice(1).map((month, index) => month.column - (months[index]?.column ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(3);
    expect(months.length).toBeGreaterThanOrEqual(12);
  });
});

describe('bars', () => {
  const box = { left: 20, right: 120, top: 0, bottom: 100 };

  it('start at 0 and keep to scale', () => {
    const [one, two] = layOutBars(
      [
        { key: 'a', label: 'a', value: 5 },
        { key: 'b', label: 'b', value: 10, before: 4 },
      ],
      10,
      box,
    );
    expect(one).toMatchObject({ y: 50, height: 50, before: null });
    expect(two).toMatchObject({ y: 0, height: 100, before: 60 });
  });

  it('draw little as a line and nothing as nothing', () => {
    const placed = layOutBars(
      [1, 0, null].map((value, index) => ({ key: String(index), label: '', value })),
      10_000,
      box,
    );
    expect(placed.map((bar) => bar.height)).toEqual([1, 0, 0]);
  });

  it('never overlap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (count) => {
        const bars = Array.from({ length: count }, (_, index) => ({ key: String(index), label: '', value: 1 }));
        const placed = layOutBars(bars, 1, { ...box, right: 420 });
        const overlaps = placed.slice(1).filter((bar, index) => {
          const before = placed[index];
          return before !== undefined && bar.x < before.x + before.width - 1e-9;
        });
        expect(overlaps).toEqual([]);
      }),
    );
  });

  it('join unknown neighbours into one gap', () => {
    const gaps = findGaps([1, null, null, 2, null].map((value) => ({ value })));
    expect(gaps).toEqual([
      { from: 1, to: 2 },
      { from: 4, to: 4 },
    ]);
  });
});

describe('axes', () => {
  it('have round ticks from 0, five at most, that reach over the highest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000 }), (highest) => {
        const ticks = findTicks(highest);
        expect(ticks[0]).toBe(0);
        expect(ticks.length).toBeLessThanOrEqual(5);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest);
        expect(ticks.every(Number.isInteger)).toBe(true);
      }),
    );
  });

  it('count whole things in whole steps', () => {
    expect(findTicks(1)).toEqual([0, 1]);
    expect(findTicks(3)).toEqual([0, 1, 2, 3]);
    expect(findTicks(13)).toEqual([0, 5, 10, 15]);
    expect(findTicks(0)).toEqual([0]);
  });

  it('mark human times where a range is wide', () => {
    expect(findLogTicks(105, 7265, 'minutes')).toEqual([240, 720, 1440, 2880, 7200]);
  });

  it('drop labels that would touch and keep the last', () => {
    const labels = [0, 10, 50, 100].map((x) => ({ x, text: 'abc' }));
    expect(pickLabels(labels).map((label) => label.x)).toEqual([10, 50, 100]);
  });
});

describe('the pointer', () => {
  it('takes the point that is nearest', () => {
    const points = [10, 30, 50].map((x) => ({ x }));
    expect([0, 19, 21, 900].map((x) => findNearest(points, x))).toEqual([0, 0, 1, 2]);
    expect(findNearest([], 5)).toBeNull();
  });
});

describe('a strip of ticks', () => {
  const records = (values: number[]) => values.map((value, index) => ({ key: String(index), label: '', value }));

  it('keeps the order and stays inside', () => {
    const { place } = layOutStrip(records([1, 5, 900]), 'minutes', 300);
    const places = [1, 5, 900].map(place);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places.every((x) => x >= 0 && x <= 300)).toBe(true);
  });

  it('shows no quartiles below five records', () => {
    expect(layOutStrip(records([1, 2, 3, 4]), 'commits', 300).band).toBeNull();
    expect(layOutStrip(records([1, 2, 3, 4, 5]), 'commits', 300).band).not.toBeNull();
  });

  it('stands records that are all 0 at the start', () => {
    expect(layOutStrip(records([0, 0]), 'commits', 300).place(0)).toBe(6);
  });
});

describe('the largest', () => {
  const entries = [3, 9, null, 1, 4].map((value, index) => ({ key: String(index), value }));

  it('stand in order, the rest is summed, nothing is lost', () => {
    const { kept, other, otherCount } = keepLargest(entries, 2);
    expect(kept.map((entry) => entry.value)).toEqual([9, 4]);
    expect([other, otherCount]).toEqual([4, 3]);
  });

  it('name a single leftover instead of calling it other', () => {
    expect(keepLargest(entries, 4)).toMatchObject({ other: null, otherCount: 0 });
  });
});

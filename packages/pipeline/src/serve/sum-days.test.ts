import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CountedMetric } from '@devpulse/contract/metric';
import { engineMetrics } from '../testing/engine-metrics.ts';
import type { DayRow } from './read-cells.ts';
import { quantile, sumDays } from './sum-days.ts';

const window = { from: '2026-05-01', to: '2026-05-31' };

function metric(id: string): CountedMetric {
  const found = engineMetrics.get(id);
  if (found === undefined || found.kind === 'derived') throw new Error(`no counted metric ${id}`);
  return found;
}

function row(day: string, value: number, more: Partial<DayRow> = {}): DayRow {
  return { day, part: '', resource: '', n: 1, value, base: null, samples: null, ...more };
}

const samples = (...values: number[]): DayRow => row('2026-05-01', 0, { n: values.length, samples: values });

describe('quantile', () => {
  it('lies between the two nearest values', () => {
    expect(quantile([5], 0.9)).toBe(5);
    expect(quantile([1, 2], 0.5)).toBe(1.5);
    expect(quantile([1, 2, 3, 4], 0)).toBe(1);
    expect(quantile([1, 2, 3, 4], 1)).toBe(4);
    expect(quantile([1, 2, 3, 4], 0.75)).toBe(3.25);
    expect(quantile([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 0.9)).toBe(90);
  });

  it('never leaves the values it is made of, and grows with the share', () => {
    const values = fc
      .array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 })
      .map((list) => list.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(
        values,
        fc.double({ noNaN: true, min: 0, max: 1 }),
        fc.double({ noNaN: true, min: 0, max: 1 }),
        (sorted, a, b) => {
          const [low, high] = [quantile(sorted, Math.min(a, b)), quantile(sorted, Math.max(a, b))];
          // The last digit of a double may round either way.
          expect(low).toBeGreaterThanOrEqual((sorted[0] ?? 0) - 1e-6);
          expect(high).toBeLessThanOrEqual((sorted.at(-1) ?? 0) + 1e-6);
          expect(low).toBeLessThanOrEqual(high + 1e-6);
        },
      ),
    );
  });
});

describe('sumDays', () => {
  it('adds up counts of the window, and says of how many things', () => {
    const rows = [
      row('2026-04-30', 100),
      row('2026-05-01', 2, { n: 2 }),
      row('2026-05-31', 3, { n: 1 }),
      row('2026-06-01', 100),
    ];
    expect(sumDays(metric('test_shared'), window, rows, true)).toEqual({ ...window, value: 5, n: 3, complete: true });
  });

  it('gives zero, and not nothing, for a count of nothing', () => {
    expect(sumDays(metric('test_shared'), window, [], false)).toEqual({ ...window, value: 0, n: 0, complete: false });
  });

  it('adds up parts by themselves', () => {
    const rows = [
      row('2026-05-01', 2, { part: '1-09' }),
      row('2026-05-01', 1, { part: '1-10' }),
      row('2026-05-08', 4, { part: '1-09' }),
    ];
    const value = sumDays(metric('test_commits'), window, rows, true);
    expect(value.value).toBe(7);
    expect(value.parts).toEqual([
      { part: '1-09', label: '1-09', value: 6 },
      { part: '1-10', label: '1-10', value: 1 },
    ]);
  });

  it('divides sums, not days', () => {
    const rows = [row('2026-05-01', 1, { base: 1 }), row('2026-05-02', 1, { base: 9 })];
    expect(sumDays(metric('test_share'), window, rows, true)).toEqual({
      ...window,
      value: 20,
      base: 10,
      n: 2,
      complete: true,
    });
  });

  it('says that there is nothing to divide by', () => {
    expect(sumDays(metric('test_share'), window, [], true)).toMatchObject({
      value: null,
      base: 0,
      reason: 'nothing to divide by in this window',
    });
    expect(sumDays(metric('test_share'), window, [row('2026-05-01', 0, { base: 0 })], true)).toMatchObject({
      value: null,
      n: 1,
    });
  });

  it('takes quantiles of all values of the window, from five upwards', () => {
    const few = sumDays(metric('test_lines'), window, [samples(3, 1), samples(2, 10)], true);
    expect(few).toMatchObject({ value: null, n: 4, samples: [1, 2, 3, 10], reason: '4 cases: too few for a median' });
    const enough = sumDays(metric('test_lines'), window, [samples(3, 1), samples(2, 10, 4)], true);
    expect(enough).toMatchObject({ value: 3, n: 5, quantiles: { p50: 3, p75: 4, p90: expect.closeTo(7.6) as number } });
    expect(enough).not.toHaveProperty('samples');
    expect(sumDays(metric('test_lines'), window, [], true)).toMatchObject({
      value: null,
      n: 0,
      reason: 'no cases in this window',
    });
  });

  it('takes the last reading of the window for its level, and leaves a gap a gap', () => {
    const rows = [row('2026-05-01', 7), row('2026-05-09', 0), row('2026-06-01', 9)];
    expect(sumDays(metric('test_level'), window, rows, true)).toMatchObject({ value: 0, n: 2 });
    expect(sumDays(metric('test_level'), window, [row('2026-04-30', 7)], true)).toMatchObject({
      value: null,
      n: 0,
      reason: 'no reading in this window',
    });
  });
});

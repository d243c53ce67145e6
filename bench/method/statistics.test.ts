import { describe, expect, it } from 'vitest';
import { median, quantile, spreadOf, straightness } from './statistics.ts';

describe('median', () => {
  it('is the middle of an odd number of values, in any order, whatever the extremes are', () => {
    expect(median([9, 1, 5, 1000, 2])).toBe(5);
  });

  it('is the mean of the two in the middle of an even number', () => {
    expect(median([4, 1, 3, 100])).toBe(3.5);
  });

  it('refuses to make a figure out of nothing', () => {
    expect(() => median([])).toThrow('no values');
  });
});

describe('quantile', () => {
  it('lies between the two nearest ranks', () => {
    const values = Array.from({ length: 101 }, (_, index) => index);
    expect(quantile(values, 0.99)).toBe(99);
    expect(quantile([0, 10], 0.25)).toBe(2.5);
  });
});

describe('spreadOf', () => {
  it('says how many times the smallest goes into the largest', () => {
    expect(spreadOf([2, 3, 5])).toBe(2.5);
  });

  it('is 1 where all are alike, nothing included', () => {
    expect(spreadOf([0, 0])).toBe(1);
  });

  it('has no end where one of several is nothing', () => {
    expect(spreadOf([0, 3])).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('straightness', () => {
  it('is 1 on a line and less on a curve', () => {
    const points = (of: (x: number) => number): { x: number; y: number }[] =>
      [0, 1, 2, 3, 4].map((x) => ({ x, y: of(x) }));
    expect(straightness(points((x) => 3 * x + 1))).toBeCloseTo(1);
    expect(straightness(points((x) => x ** 3))).toBeLessThan(0.9);
  });
});

import { describe, expect, it } from 'vitest';
import { rankSumP } from './rank-sum.ts';

const upTo = (count: number, step = 1, from = 0) => Array.from({ length: count }, (_, index) => from + index * step);

describe('rankSumP', () => {
  it('finds nothing between samples that are alike, and what two lists of ranks differ by', () => {
    expect(rankSumP(upTo(100), upTo(100))).toBeCloseTo(1, 5);
    // U = 0 of 25, without continuity correction: z = 2.611.
    expect(rankSumP(upTo(5), upTo(5, 1, 5))).toBeCloseTo(0.00902, 4);
    expect(rankSumP(upTo(1000), upTo(1000, 1, 200))).toBeLessThan(1e-6);
  });

  it('is the same whichever comes first, and bears ties and single extremes', () => {
    const [a, b] = [
      [1, 1, 2, 2, 3, 9],
      [1, 2, 2, 3, 3, 3],
    ];
    expect(rankSumP(a, b)).toBeCloseTo(rankSumP(b, a), 10);
    expect(rankSumP([1, 1, 1], [1, 1, 1])).toBe(1);
    expect(rankSumP([...upTo(100), 1e9], upTo(101))).toBeGreaterThan(0.9);
  });

  it('refuses to compare with nothing', () => {
    expect(() => rankSumP([], [1])).toThrow('no values');
  });
});

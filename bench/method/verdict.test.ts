import { describe, expect, it } from 'vitest';
import { judgeCeiling, judgeRatio, tellRatio, voidRows } from './verdict.ts';

const claim = { target: 'T0', what: 'something', baseline: 'something else' };

describe('judgeRatio', () => {
  it('passes by the median, not by the best or the mean', () => {
    expect(judgeRatio(claim, [0.4, 0.3, 0.36, 0.34, 0.37], { atLeast: 0.35 }).verdict).toBe('pass');
    expect(judgeRatio(claim, [0.5, 0.5, 0.34, 0.34, 0.34], { atLeast: 0.35 }).verdict).toBe('miss');
  });

  it('takes a ratio of exactly the target as met, from both sides', () => {
    expect(judgeRatio(claim, [2, 2, 2], { atLeast: 2 }).verdict).toBe('pass');
    expect(judgeRatio(claim, [2, 2, 2], { atMost: 2 }).verdict).toBe('pass');
    expect(judgeRatio(claim, [2.1, 2.1, 2.1], { atMost: 2 }).verdict).toBe('miss');
  });

  it('voids a run whose rounds differ by more than 2 ×, even where every one of them would pass', () => {
    const row = judgeRatio(claim, [1, 1.2, 2.5], { atLeast: 0.5 });
    expect(row.verdict).toBe('void');
    expect(row.why).toContain('2.50 ×');
  });

  it('keeps a run whose rounds differ by exactly 2 ×', () => {
    expect(judgeRatio(claim, [1, 1.2, 2], { atLeast: 0.5 }).verdict).toBe('pass');
  });

  it('voids what is no number', () => {
    expect(judgeRatio(claim, [Number.NaN, 1, 1], { atLeast: 0.5 }).verdict).toBe('void');
    expect(judgeRatio(claim, [0, 1, 1], { atLeast: 0.5 }).verdict).toBe('void');
  });
});

describe('judgeCeiling', () => {
  it('judges by the median and tells the worst', () => {
    const row = judgeCeiling(claim, [800, 900, 1100], { atMost: 1000, unit: 'ms' });
    expect(row.verdict).toBe('pass');
    expect(row.figure).toBe('900 ms (worst 1100)');
  });

  it('is void where the rounds are far apart and disagree', () => {
    expect(judgeCeiling(claim, [300, 400, 1100], { atMost: 1000, unit: 'ms' }).verdict).toBe('void');
  });

  it('stands where the rounds are far apart but all on one side', () => {
    expect(judgeCeiling(claim, [10, 100, 400], { atMost: 1000, unit: 'ms' }).verdict).toBe('pass');
    expect(judgeCeiling(claim, [1010, 2000, 4000], { atMost: 1000, unit: 'ms' }).verdict).toBe('miss');
  });

  it('is void where a round never came to an end', () => {
    expect(judgeCeiling(claim, [10, Number.NaN, 20], { atMost: 1000, unit: 'ms' }).verdict).toBe('void');
  });
});

describe('tellRatio', () => {
  it('passes nothing, and is void like any other', () => {
    expect(tellRatio(claim, [5, 5, 6]).verdict).toBe('info');
    expect(tellRatio(claim, [1, 5, 6]).verdict).toBe('void');
  });
});

describe('voidRows', () => {
  it('takes back a pass', () => {
    const [row] = voidRows([judgeRatio(claim, [1, 1, 1], { atLeast: 0.5 })], 'Void: a lie.');
    expect(row).toMatchObject({ verdict: 'void', why: 'Void: a lie.' });
  });
});

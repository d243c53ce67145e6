import { describe, expect, it } from 'vitest';
import { cellsOn, makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

describe('record_day', () => {
  it('finds the best day of all history, of several the earliest', () => {
    const commits = cellsOn({ '2026-03-04': 7, '2019-05-05': 7, '2020-01-01': 6 });
    const value = metric.derive(makeInput({ cells: { commits }, from: '2026-03-01', to: '2026-03-08' }));
    expect(value).toEqual({
      value: 7,
      n: 1,
      detail: { day: '2019-05-05', from: '2019-05-05', to: '2019-05-05' },
      evidence: [{ label: '7 commits', value: 7, day: '2019-05-05' }],
    });
  });

  it('adds up what a day has in several cells, and ignores days after today', () => {
    const commits = [...cellsOn({ '2026-03-04': 2, '2030-01-01': 9 }), ...cellsOn({ '2026-03-04': 2 }, { part: 'x' })];
    expect(metric.derive(makeInput({ cells: { commits }, to: '2031-01-01', today: '2026-03-08' })).value).toBe(4);
  });

  it('has no value before the first commit', () => {
    expect(metric.derive(makeInput({ cells: { commits: [] }, to: '2026-03-08' }))).toEqual({
      value: null,
      reason: 'no activity yet',
      evidence: [],
    });
  });
});

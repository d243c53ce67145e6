import { describe, expect, it } from 'vitest';
import type { Cell } from '@devpulse/contract/metric';
import { makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

const grid: Cell[] = ['7-08', '7-23', '1-09', '1-10', '3-12'].map((part) => ({
  day: '2026-03-02',
  part,
  resource: null,
  value: 1,
}));

describe('commits_by_weekday', () => {
  it('lists all seven in the order of the week, and takes the earliest of two peaks in that order', () => {
    const value = metric.derive(makeInput({ cells: { grid }, to: '2026-03-08' }));
    expect(value.parts?.map(({ part, label, value: commits }) => [part, label, commits])).toEqual([
      ['1', 'Monday', 2],
      ['2', 'Tuesday', 0],
      ['3', 'Wednesday', 1],
      ['4', 'Thursday', 0],
      ['5', 'Friday', 0],
      ['6', 'Saturday', 0],
      ['7', 'Sunday', 2],
    ]);
    expect(value.detail).toEqual({ peak: '1', peakLabel: 'Monday', peakCommits: 2 });
  });

  it('begins with Sunday where the week does', () => {
    const value = metric.derive(makeInput({ cells: { grid }, to: '2026-03-08', weekStart: 7 }));
    expect(value.parts?.map(({ part }) => part)).toEqual(['7', '1', '2', '3', '4', '5', '6']);
    expect(value.detail).toMatchObject({ peak: '7' });
  });
});

import { describe, expect, it } from 'vitest';
import { findLongestGap } from './find-longest-gap.ts';
import { makePauseCalendar } from './make-pause-calendar.ts';

const noPause = makePauseCalendar({ freezes: [], restWeekdays: [], holidays: [] });

describe('findLongestGap', () => {
  it('runs up to the last day of the span', () => {
    const gap = findLongestGap(['2026-03-01', '2026-03-04'], { from: '2026-03-01', to: '2026-03-10' }, noPause);
    expect(gap).toEqual({ from: '2026-03-05', to: '2026-03-10', length: 6 });
  });

  it('takes the earliest of gaps of the same length', () => {
    const gap = findLongestGap(['2026-03-01', '2026-03-04'], { from: '2026-03-01', to: '2026-03-06' }, noPause);
    expect(gap).toEqual({ from: '2026-03-02', to: '2026-03-03', length: 2 });
  });

  it('leaves paused days out of the length', () => {
    const calendar = makePauseCalendar({
      freezes: ['2026-03-06'],
      restWeekdays: [],
      holidays: ['2026-03-07', '2026-03-08'],
    });
    const gap = findLongestGap(['2026-03-01', '2026-03-04'], { from: '2026-03-01', to: '2026-03-08' }, calendar);
    expect(gap).toEqual({ from: '2026-03-02', to: '2026-03-03', length: 2 });
  });

  it('cuts a gap that began before the span', () => {
    expect(findLongestGap(['2025-01-01', '2026-03-04'], { from: '2026-03-01', to: '2026-03-04' }, noPause)).toEqual({
      from: '2026-03-01',
      to: '2026-03-03',
      length: 3,
    });
  });

  it('finds none where every day is active', () => {
    expect(findLongestGap(['2026-03-01', '2026-03-02'], { from: '2026-03-01', to: '2026-03-02' }, noPause)).toBeNull();
  });
});

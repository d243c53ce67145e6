import { addDays, daysBetween } from '@devpulse/contract/day';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowBefore } from './window-before.ts';

// A Wednesday.
const today = '2026-03-11';
const before = (from: string, to: string, weekStart = 1) => windowBefore({ from, to }, { today, weekStart });

describe('windowBefore', () => {
  it('holds the week so far against the same weekdays of the week before', () => {
    expect(before('2026-03-09', '2026-03-11')).toEqual({ from: '2026-03-02', to: '2026-03-04' });
    expect(before('2026-03-08', '2026-03-11', 7)).toEqual({ from: '2026-03-01', to: '2026-03-04' });
  });

  it('holds four weeks, the last of them running, against the four before', () => {
    expect(before('2026-02-16', '2026-03-11')).toEqual({ from: '2026-01-19', to: '2026-02-11' });
  });

  it('takes the days right before a window that does not begin with a week, or is long', () => {
    expect(before('2026-03-10', '2026-03-11')).toEqual({ from: '2026-03-08', to: '2026-03-09' });
    expect(before('2025-03-12', '2026-03-11')).toEqual({ from: '2024-03-12', to: '2025-03-11' });
    expect(before('2025-03-10', '2026-03-11')).toEqual({ from: '2024-03-08', to: '2025-03-09' });
  });

  it('compares of a window that reaches into the future only the days that have come', () => {
    expect(before('2026-03-09', '2026-03-15')).toEqual({ from: '2026-03-02', to: '2026-03-04' });
    expect(before('2026-03-16', '2026-03-22')).toEqual({ from: '2026-03-09', to: '2026-03-15' });
  });

  it('never reaches into the window, and is as long as what has passed of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -500, max: 20 }),
        fc.nat(500),
        fc.integer({ min: 1, max: 7 }),
        (at, more, weekStart) => {
          const window = { from: addDays(today, at), to: addDays(today, at + more) };
          const { from, to } = windowBefore(window, { today, weekStart });
          expect(to < window.from).toBe(true);
          const passed = window.to > today && window.from <= today ? today : window.to;
          expect(daysBetween(from, to)).toBe(daysBetween(window.from, passed));
        },
      ),
    );
  });
});

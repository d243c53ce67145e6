import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '@devpulse/contract/day';
import { anyDay, anyPauses } from '../_golden/arbitrary-days.ts';
import { makePauseCalendar } from './make-pause-calendar.ts';

describe('makePauseCalendar', () => {
  it('counts a day once that is frozen, a holiday and a rest weekday at the same time', () => {
    const sunday = '2026-03-01';
    const calendar = makePauseCalendar({
      freezes: [sunday, '2026-03-03'],
      restWeekdays: [7],
      holidays: [sunday, '2026-03-03'],
    });
    expect(calendar.countOpenDays('2026-03-01', '2026-03-07')).toBe(5);
    expect(calendar.isPaused(sunday)).toBe(true);
    expect(calendar.isPaused('2026-03-02')).toBe(false);
  });

  it('counts nothing between a day and the day before it', () => {
    const calendar = makePauseCalendar({ freezes: [], restWeekdays: [], holidays: [] });
    expect(calendar.countOpenDays('2026-03-02', '2026-03-01')).toBe(0);
    expect(calendar.countOpenDays('2026-03-02', '2026-02-01')).toBe(0);
  });

  it('counts across a leap day and over centuries', () => {
    const calendar = makePauseCalendar({ freezes: [], restWeekdays: [6, 7], holidays: [] });
    expect(calendar.countOpenDays('2024-02-28', '2024-03-01')).toBe(3);
    expect(calendar.countOpenDays('1800-01-01', '2199-12-31')).toBe(104_355);
  });

  it('counts exactly the days that are not paused, one by one', () => {
    fc.assert(
      fc.property(anyPauses, anyDay, fc.integer({ min: 0, max: 60 }), (pauses, from, count) => {
        const calendar = makePauseCalendar(pauses);
        const days = Array.from({ length: count }, (_, offset) => addDays(from, offset));
        const open = days.filter((day) => !calendar.isPaused(day)).length;
        expect(calendar.countOpenDays(from, addDays(from, count - 1))).toBe(open);
      }),
    );
  });
});

import fc from 'fast-check';
import { addDays, type Day } from '@devpulse/contract/day';
import type { Cell, Pauses } from '@devpulse/contract/metric';

const firstDay = '2026-01-01';
const length = 120;

/** A day out of four months: few enough that runs, gaps and pauses meet. */
export const anyDay: fc.Arbitrary<Day> = fc
  .integer({ min: 0, max: length - 1 })
  .map((count) => addDays(firstDay, count));

/** Days with things counted, each day once, in any order. */
export const anyCells: fc.Arbitrary<Cell[]> = fc.uniqueArray(
  fc.record({ day: anyDay, part: fc.constant(''), resource: fc.constant(null), value: fc.integer({ min: 0, max: 3 }) }),
  {
    selector: (cell) => cell.day,
    maxLength: length,
  },
);

export const anyPauses: fc.Arbitrary<Pauses> = fc.record({
  freezes: fc.uniqueArray(anyDay, { maxLength: 8 }),
  restWeekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 3 }),
  holidays: fc.uniqueArray(anyDay, { maxLength: 8 }),
});

/** A window's last day and today, in either order. */
export const anyEnd: fc.Arbitrary<{ to: Day; today: Day }> = fc.record({ to: anyDay, today: anyDay });

import { addDays, type Day } from '@devpulse/contract/day';
import type { FreezeView } from '@devpulse/contract/wire/people';

/** At most so many freezes that were needed, in any row of so many days. */
export const freezeLimit = { freezes: 2, days: 30 } as const;

/** What became of a freeze: `returned` when the day got work, else `pending` until the day is over. */
export function stateOfFreeze(day: Day, today: Day, isWorked: boolean): FreezeView['state'] {
  if (isWorked) return 'returned';
  return day < today ? 'used' : 'pending';
}

/**
 * How many freezes are left today, and on which day the next one can be taken. A returned freeze does not count.
 * @example with freezes used on 1 and 10 March, on 20 March: none left, the next on 31 March
 */
export function judgeFreezes(
  freezes: readonly Pick<FreezeView, 'day' | 'state'>[],
  today: Day,
): { left: number; nextPossibleOn: Day } {
  const since = addDays(today, 1 - freezeLimit.days);
  const counted = freezes
    .filter((freeze) => freeze.state !== 'returned' && freeze.day >= since)
    .map((freeze) => freeze.day)
    .toSorted();
  const left = Math.max(0, freezeLimit.freezes - counted.length);
  const isFrozen = freezes.some((freeze) => freeze.day === today);
  // The one whose end makes room again: with more than the limit in the window, it is not the oldest.
  const lastInTheWay = counted[counted.length - freezeLimit.freezes];
  if (left === 0 && lastInTheWay !== undefined)
    return { left, nextPossibleOn: addDays(lastInTheWay, freezeLimit.days) };
  return { left: isFrozen ? 0 : left, nextPossibleOn: isFrozen ? addDays(today, 1) : today };
}

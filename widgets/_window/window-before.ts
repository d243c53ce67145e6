import { addDays, type Day, daysBetween, startOfWeek } from '@devpulse/contract/day';

const wholeWeeksMax = 26;

/**
 * The days that a window is compared with: as many as have passed of it, right before it. A window that begins with a
 * week is compared by whole weeks, so that Monday to Wednesday stands against Monday to Wednesday.
 */
export function windowBefore(
  window: { from: Day; to: Day },
  { today, weekStart }: { today: Day; weekStart: number },
): { from: Day; to: Day } {
  const length = daysBetween(window.from, window.to) + 1;
  const weeks = Math.ceil(length / 7);
  const byWeeks = startOfWeek(window.from, weekStart) === window.from && weeks <= wholeWeeksMax;
  const back = byWeeks ? weeks * 7 : length;
  // Of a window that reaches into the future only the days that have come are compared.
  const last = window.to > today && today >= window.from ? today : window.to;
  return { from: addDays(window.from, -back), to: addDays(last, -back) };
}

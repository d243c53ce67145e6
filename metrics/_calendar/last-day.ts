import { addDays, type Day } from '@devpulse/contract/day';
import type { DerivedInput } from '@devpulse/contract/metric';

/** The last day a derived number looks at: the window's end, but never a day that has not come yet. */
export function lastDay(input: Pick<DerivedInput, 'to' | 'today'>): Day {
  return input.to < input.today ? input.to : input.today;
}

/** The last day that is over. Today is not, so an empty today is never held against anybody. */
export function lastDayOver(input: Pick<DerivedInput, 'to' | 'today'>): Day {
  return input.to < input.today ? input.to : addDays(input.today, -1);
}

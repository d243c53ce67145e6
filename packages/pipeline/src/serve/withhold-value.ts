import type { Day } from '@devpulse/contract/day';
import type { MetricValue } from '@devpulse/contract/wire/metrics';
import { isCounted } from '../lens/items.ts';
import type { Standing } from './judge-state.ts';
import type { Resolved } from './resolve-question.ts';

/**
 * Takes back what a value cannot know. Where nobody has looked there is no number, least of all zero; and where nothing was
 * found while something waits that may belong there, nothing was counted yet.
 */
export function withholdValue(value: MetricValue, standing: Standing, resolved: Resolved): MetricValue {
  const reason =
    standing.state === 'unknown' ? standing.reason : value.n > 0 ? null : waitFor(value, standing, resolved);
  if (reason === null) return value;
  return { from: value.from, to: value.to, value: null, n: 0, complete: value.complete, reason };
}

/** What waits that may belong to this value, in words; null when nothing does. */
function waitFor(value: { from: Day; to: Day }, standing: Standing, resolved: Resolved): string | null {
  const { metric } = resolved;
  const seesHistory = !isCounted(metric) && Object.values(metric.needs).some((need) => need.span === 'history');
  const days = standing.daysToCount.filter((day) => day <= value.to && (seesHistory || day >= value.from)).length;
  if (days > 0) return days === 1 ? '1 day is still to be counted' : `${days} days are still to be counted`;
  // Of what is not read yet nobody knows the day.
  const events = standing.pendingEvents;
  if (events === 0) return null;
  return events === 1 ? '1 event is still to be worked in' : `${events} events are still to be worked in`;
}

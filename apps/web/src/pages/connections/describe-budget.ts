import type { Budget } from '@devpulse/contract/wire/budgets';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { formatCount } from '@devpulse/ui/format/format-number';

/** How it stands with one limit: what is left of it, and until when nothing is asked. */
export interface BudgetWords {
  resource: string;
  words: string;
  /** Nothing is asked until then. */
  throttledUntil: string | null;
}

const names: Record<string, string> = { core: 'Requests', graphql: 'GraphQL points', search: 'Searches' };

export function describeBudget(budget: Budget, zone: string, now: Date): BudgetWords {
  const { resource, limit, remaining, resetAt, blockedUntil, reason, historyUntil } = budget;
  const isAhead = (instant: string | null): instant is string => instant !== null && new Date(instant) > now;
  const at = (instant: string): string => formatInstant(instant, zone, now);
  const left =
    remaining === null || limit === null
      ? 'GitHub has not said yet how many'
      : `${formatCount(remaining)} of ${formatCount(limit)} left`;
  const parts = [left];
  if (isAhead(resetAt) && remaining !== limit) parts.push(`all of it again at ${at(resetAt)}`);
  if (isAhead(blockedUntil))
    parts.push(reason === 'pace' ? 'GitHub asked us to slow down' : 'the limit of this hour is used up');
  else if (isAhead(historyUntil)) parts.push(`history waits until ${at(historyUntil)}, news and people go first`);
  return {
    resource: names[resource] ?? resource,
    words: parts.join(' · '),
    throttledUntil: isAhead(blockedUntil) ? at(blockedUntil) : null,
  };
}

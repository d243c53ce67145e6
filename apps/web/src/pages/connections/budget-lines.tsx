import type { ReactElement } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { budgetsQuery } from './connections-api.ts';
import { StateChip } from '@devpulse/ui/state-chip.tsx';
import { useViewer } from '../../frame/use-viewer.ts';
import { useNow } from '../../use-now.ts';
import { describeBudget } from './describe-budget.ts';

/** What GitHub still lets be asked in this hour, by kind of limit. */
export function BudgetLines({ connectionId }: { connectionId: string }): ReactElement | null {
  const { me } = useViewer();
  const now = useNow(30_000);
  const { data, error } = useQuery(budgetsQuery);
  // The line is there before its words are: what stands beneath shall not move.
  if (data === undefined) return error === null ? <Skeleton width="16rem" /> : null;
  const budgets = data.budgets.filter((budget) => budget.connectionId === connectionId);
  if (budgets.length === 0) return null;
  return (
    <ul className="budget-lines" aria-label="Limits">
      {budgets.map((budget) => {
        const { resource, words, throttledUntil } = describeBudget(budget, me.effectiveZone, now);
        return (
          <li key={budget.resource}>
            {throttledUntil !== null && <StateChip state="throttled">Throttled until {throttledUntil}</StateChip>}
            <span>
              {resource}: {words}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

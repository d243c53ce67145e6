import type { BudgetList } from '@devpulse/contract/wire/budgets';
import type { Store } from '@devpulse/db/open-store';
import type { Governor } from '@devpulse/http-client/governor';
import { budgetOf, readConnections } from '../connections/connection-rows.ts';

/** What every connection of the workspace may still ask, and until when it waits. Read from the store; asks no source. */
export async function readBudgets(
  { store, governor }: { store: Pick<Store, 'inWorkspace'>; governor: Pick<Governor, 'states'> },
  workspaceId: string,
): Promise<BudgetList> {
  const connections = await store.inWorkspace(workspaceId, (trx) => readConnections(trx));
  const states = await governor.states([...new Set(connections.map(budgetOf))]);
  return {
    budgets: connections.flatMap((connection) =>
      states
        .filter((state) => state.budget === budgetOf(connection))
        .map((state) => ({
          connectionId: connection.id,
          resource: state.resource,
          limit: state.limit,
          remaining: state.left,
          resetAt: write(state.resetAt),
          blockedUntil: write(state.blockedUntil),
          reason: state.reason,
          historyUntil: write(state.historyUntil),
          heardAt: write(state.heardAt),
        })),
    ),
  };
}

function write(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}

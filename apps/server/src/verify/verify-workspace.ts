import type { LoadedMetric } from '@devpulse/contract/metric';
import type { Store } from '@devpulse/db/open-store';
import type { ParsePool } from '@devpulse/pipeline/derive/parse-pool';
import { verifyFacts } from './verify-facts.ts';
import { type Difference, verifyRollups } from './verify-rollups.ts';

/** What a verification looked at and found. */
export interface Verification {
  events: number;
  /** Events whose bodies retention removed: their facts are the source now. */
  stripped: number;
  cells: number;
  /** Days that wait to be counted again. */
  pending: number;
  differences: Difference[];
}

/** Rebuilds facts from raw events and days from facts beside what is stored, in one snapshot, and compares. Changes nothing. */
export async function verifyWorkspace(options: {
  store: Store;
  metrics: ReadonlyMap<string, LoadedMetric>;
  pool: ParsePool;
  workspaceId: string;
}): Promise<Verification> {
  const { store, workspaceId } = options;
  const rollups = await store.inWorkspace(workspaceId, (trx) => verifyRollups(trx, options.metrics), {
    snapshot: true,
  });
  const facts = await store.inWorkspace(workspaceId, (trx) => verifyFacts(trx, workspaceId, options.pool), {
    snapshot: true,
  });
  return {
    events: facts.events,
    stripped: facts.stripped,
    cells: rollups.compared,
    pending: rollups.pending,
    differences: [...facts.differences, ...rollups.differences],
  };
}

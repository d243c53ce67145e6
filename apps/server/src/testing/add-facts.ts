import type { Fact } from '@devpulse/contract/facts';
import type { Store } from '@devpulse/db/open-store';
import { applyFacts } from '@devpulse/pipeline/derive/apply-facts';
import { FactShaper } from '@devpulse/pipeline/derive/shape-facts';

/** Writes facts as if they had been read from events of a source. */
export async function addFacts(
  store: Store,
  origin: { workspaceId: string; source: string },
  facts: Fact[],
): Promise<void> {
  const shaper = new FactShaper();
  shaper.add(origin, facts);
  const rows = shaper.rows();
  const each = <Value>(map: (rows: unknown[]) => Value) =>
    Object.fromEntries(Object.entries(rows).map(([table, list]) => [table, map(list as unknown[])])) as Record<
      keyof typeof rows,
      Value
    >;
  const batch = { outcomes: [], rows: each((list) => JSON.stringify(list)), counts: each((list) => list.length) };
  await store.inWorkspace(origin.workspaceId, (trx) => applyFacts(trx, origin.workspaceId, batch));
}

import type { Fact } from '@devpulse/contract/facts';
import type { Store } from '@devpulse/db/open-store';
import { applyFacts } from '@devpulse/pipeline/derive/apply-facts';
import { packRows } from '@devpulse/pipeline/derive/pack-rows';
import { FactShaper } from '@devpulse/pipeline/derive/shape-facts';

/** Writes facts as if they had been read from events of a source. */
export async function addFacts(
  store: Store,
  origin: { workspaceId: string; source: string },
  facts: Fact[],
): Promise<void> {
  const shaper = new FactShaper();
  shaper.add(origin, facts);
  const batch = { outcomes: [], ...packRows(shaper) };
  await store.inWorkspace(origin.workspaceId, (trx) => applyFacts(trx, origin.workspaceId, batch));
}

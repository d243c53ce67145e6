import { AppError } from '@devpulse/contract/errors';
import { newId } from '@devpulse/db/ids';
import type { Store } from '@devpulse/db/open-store';
import { localDay, teamZone } from '@devpulse/scenarios/zone-time';
import { changeDemoState, type DemoState } from './demo-state.ts';

// The same people and the same year everywhere; only the day on which it ends differs.
const demoSeed = 'harbor';

/** Says that there shall be a demo. Where there is one already, or one that waits to be finished, this changes nothing. */
export async function orderDemo(store: Store, order: { accountId: string | null; now: Date }): Promise<DemoState> {
  const until = Math.floor(order.now.getTime() / 1000);
  const fresh = {
    workspaceId: newId(),
    personId: newId(),
    seed: demoSeed,
    endDay: localDay(teamZone, until),
    until,
    accountId: order.accountId,
  };
  const state = await changeDemoState(store, (known) => {
    if (known.state !== 'absent' && known.state !== 'failed') return null;
    return { state: 'making', plan: known.plan ?? fresh, progress: null, error: null, lease: null };
  });
  if (state.state === 'removing')
    throw new AppError('conflict', 'The demo is being removed; ask for it again in a moment.');
  return state;
}

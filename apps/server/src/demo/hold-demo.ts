import { randomUUID } from 'node:crypto';
import type { Store } from '@devpulse/db/open-store';
import { changeDemoState, type DemoPlan, type DemoState } from './demo-state.ts';

/** The demo was removed while it was being made, or another maker has taken over. */
export class DemoTaken extends Error {
  override name = 'DemoTaken';
}

/** The right to make the demo, kept alive until it is let go. */
export interface DemoHold {
  plan: DemoPlan;
  /** Aborted when the right is lost. */
  signal: AbortSignal;
  progress(progress: DemoState['progress']): void;
  /** Throws `DemoTaken` unless the right still holds. */
  assert(): Promise<void>;
  /** Lets go, and says how it ended; `null`: somebody shall go on later. */
  release(end: { state: 'ready' } | { state: 'failed'; error: string } | null): Promise<void>;
}

// Short, so that a demo whose maker was killed goes on soon; a maker renews it every second.
export const demoLeaseSeconds = 15;
const beatMs = 1000;

/** Takes the right to make the demo. `busy`: somebody makes it now; `null`: there is none to be made. */
export async function holdDemo(store: Store): Promise<DemoHold | 'busy' | null> {
  const owner = randomUUID();
  const taken = await changeDemoState(store, (state, now) => {
    if (state.state !== 'making' || (state.lease !== null && state.lease.until > now)) return null;
    return { ...state, lease: { owner, until: now + demoLeaseSeconds } };
  });
  if (taken.state !== 'making' || taken.plan === null) return null;
  if (taken.lease?.owner !== owner) return 'busy';
  return keepHold(store, owner, taken.plan);
}

function keepHold(store: Store, owner: string, plan: DemoPlan): DemoHold {
  const lost = new AbortController();
  let progress: DemoState['progress'] = null;
  const renew = async (): Promise<void> => {
    const state = await changeDemoState(store, (known, now) =>
      known.state === 'making' && known.lease?.owner === owner
        ? { ...known, progress, lease: { owner, until: now + demoLeaseSeconds } }
        : null,
    );
    if (state.state !== 'making' || state.lease?.owner !== owner)
      lost.abort(new DemoTaken('the demo was removed, or is made by somebody else now'));
  };
  // A beat that fails for once is made good by the next; the lease outlives many of them.
  const timer = setInterval(() => void renew().catch(() => undefined), beatMs);
  return {
    plan,
    signal: lost.signal,
    progress: (told) => {
      progress = told;
    },
    assert: async () => {
      await renew();
      lost.signal.throwIfAborted();
    },
    release: async (end) => {
      clearInterval(timer);
      await changeDemoState(store, (known) => {
        if (known.lease?.owner !== owner) return null;
        const free = { ...known, progress: null, lease: null };
        // Removal waits for the lease alone; it is not ours to say how it stands then.
        return end === null || known.state !== 'making' ? free : { ...free, error: null, ...end };
      });
    },
  };
}

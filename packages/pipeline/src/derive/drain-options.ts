import type { Log } from '@devpulse/db/connection';
import type { Store } from '@devpulse/db/open-store';
import type { Lane } from './claim-events.ts';
import type { ParsePool } from './parse-pool.ts';

/** What reading facts out of raw events works with. */
export interface DrainOptions {
  store: Store;
  /** One pool for each lane, so that a poisoned event cannot hold up the fresh ones. */
  pools: Record<Lane, ParsePool>;
  log: Log;
  batchSize?: number;
  /** For tests of what happens between the steps of a batch. */
  onStep?: (step: 'claimed' | 'parsed' | 'applied') => Promise<void> | void;
  /** Hears how long it took from a webhook's acknowledgement to the facts it told. */
  onDelivered?: (seconds: number) => void;
  signal?: AbortSignal;
}

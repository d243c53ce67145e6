import { ParsePool } from '@devpulse/pipeline/derive/parse-pool';
import type { DrainOptions } from '@devpulse/pipeline/derive/drain-options';
import { connectorRegistry } from './load-extensions.ts';

/** A parsing thread for a verification: nobody waits behind an event, and a single one may take as long as when it is alone. */
export function openVerifyPool(): ParsePool {
  return new ParsePool({ registry: connectorRegistry, eventTimeoutMs: 5000, batchTimeoutMs: 120_000 });
}

/** A parsing thread for each lane; they start when first needed. */
export function openPools(): DrainOptions['pools'] {
  return {
    // An event takes well below a millisecond. One that takes longer must not hold up the others: it is tried again alone.
    fresh: new ParsePool({ registry: connectorRegistry, setAsideMs: 25, eventTimeoutMs: 2000 }),
    retry: new ParsePool({ registry: connectorRegistry, batchTimeoutMs: 5000, isPatient: true }),
  };
}

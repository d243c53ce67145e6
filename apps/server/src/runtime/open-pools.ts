import { ParsePool } from '@devpulse/pipeline/derive/parse-pool';
import type { DrainOptions } from '@devpulse/pipeline/derive/drain-inbox';
import { connectorRegistry } from './load-extensions.ts';

/** A parsing thread for each lane; they start when first needed. */
export function openPools(): DrainOptions['pools'] {
  return {
    fresh: new ParsePool({ registry: connectorRegistry }),
    retry: new ParsePool({ registry: connectorRegistry, batchTimeoutMs: 5000 }),
  };
}

import type { Connector } from '@devpulse/contract/connector';
import type { LoadedMetric } from '@devpulse/contract/metric';
import type { Log } from '@devpulse/db/connection';
import type { Store } from '@devpulse/db/open-store';
import type { Capture } from '@devpulse/pipeline/capture/open-capture';
import type { DrainOptions } from '@devpulse/pipeline/derive/drain-options';
import type { DemoHold } from './hold-demo.ts';

/** What making the demo works with. */
export interface DemoTools {
  store: Store;
  capture: Capture;
  connectors: ReadonlyMap<string, Connector>;
  metrics: ReadonlyMap<string, LoadedMetric>;
  pools: DrainOptions['pools'];
  log: Log;
  now: () => Date;
  /** Where its repositories are written. */
  folder: string;
  signal: AbortSignal;
  onProgress?: (progress: NonNullable<Parameters<DemoHold['progress']>[0]>) => void;
}

import type { LoadedMetric } from '@devpulse/contract/metric';
import type { Log } from '@devpulse/db/connection';
import type { Store } from '@devpulse/db/open-store';
import { drainInbox, type DrainResult } from '@devpulse/pipeline/derive/drain-inbox';
import type { DrainOptions } from '@devpulse/pipeline/derive/drain-options';
import { rollUp } from '@devpulse/pipeline/rollup/roll-up';
import { announceCounts } from '../live/announce-counts.ts';

export interface WorkOptions {
  store: Store;
  metrics: ReadonlyMap<string, LoadedMetric>;
  pools: DrainOptions['pools'];
  workspaceId: string;
  log: Log;
  signal: AbortSignal;
}

/** Reads what is in the inbox into facts; harmless beside a server that does the same. */
export function readInbox(options: WorkOptions): Promise<DrainResult> {
  const { store, pools, log, signal } = options;
  return drainInbox({ store, pools, log, signal }, options.workspaceId, 'fresh');
}

/** The same, and then counts the days that were touched. */
export async function settleWork(options: WorkOptions): Promise<{ failed: number; days: number }> {
  const { failed } = await readInbox(options);
  const { cells } = await rollUp({ ...options, announce: announceCounts }, options.workspaceId);
  return { failed, days: cells };
}

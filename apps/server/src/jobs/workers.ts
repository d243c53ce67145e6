import type { Connector } from '@devpulse/contract/connector';
import type { LoadedMetric } from '@devpulse/contract/metric';
import type { Log } from '@devpulse/db/connection';
import type { Store } from '@devpulse/db/open-store';
import type { Capture } from '@devpulse/pipeline/capture/open-capture';
import type { DrainOptions } from '@devpulse/pipeline/derive/drain-options';
import type { Telemetry } from '../deps.ts';
import type { GithubParts } from '../connections/github-parts.ts';
import type { FaultRecorder } from '../faults/fault-recorder.ts';
import type { Logger } from '../log.ts';

/** What jobs work with. */
export interface Workers {
  store: Store;
  capture: Capture;
  connectors: ReadonlyMap<string, Connector>;
  metrics: ReadonlyMap<string, LoadedMetric>;
  pools: DrainOptions['pools'];
  logger: Logger;
  log: Log;
  now: () => Date;
  /** Asks for another job soon; folded into one that waits already. */
  ask(
    job:
      | 'drain-inbox'
      | 'retry-events'
      | 'roll-up'
      | 'make-demo'
      | 'work-transfers'
      | 'hear-deliveries'
      | 'check-sights',
    delayMs?: number,
  ): void;
  /** Has one source read as soon as a worker is free. */
  readSoon(source: { workspaceId: string; sourceId: string }): void;
  telemetry: Pick<Telemetry, 'derived' | 'delivered' | 'rolledUp' | 'jobRan'>;
  faults: Pick<FaultRecorder, 'record'>;
  /** What connections to GitHub stand on. */
  githubParts: GithubParts;
  /** Where people sign in with GitHub: `https://github.com`, or a GitHub Enterprise server. */
  githubUrl: string;
  /** Where the repositories of the demo are written. */
  demoFolder: string;
}

import { checkConnectionsJob } from './check-connections.ts';
import { checkSightsJob } from './check-sights.ts';
import { eraseSourcesJob } from './erase-sources.ts';
import { drainInboxJob, retryEventsJob } from './drain-inbox.ts';
import { hearDeliveriesJob } from './hear-deliveries.ts';
import type { Job } from './job.ts';
import { makeDemoJob } from './make-demo.ts';
import { proveIdentitiesJob } from './prove-identities.ts';
import { readSourceJob } from './read-source.ts';
import { readSourcesJob } from './read-sources.ts';
import { rollUpJob } from './roll-up.ts';
import { sweepHooksJob } from './sweep-hooks.ts';
import { stripPayloadsJob } from './strip-payloads.ts';
import { trimAuditJob } from './trim-audit.ts';
import { trimDeliveriesJob } from './trim-deliveries.ts';
import { trimFaultsJob } from './trim-faults.ts';
import { trimJobRunsJob } from './trim-job-runs.ts';
import { trimSignInsJob } from './trim-sign-ins.ts';
import { workTransfersJob } from './work-transfers.ts';
import { trimViewerLogJob } from './trim-viewer-log.ts';

/** Every job there is, in one table. */
export const allJobs: readonly Job[] = [
  drainInboxJob,
  retryEventsJob,
  hearDeliveriesJob,
  rollUpJob,
  readSourceJob,
  readSourcesJob,
  makeDemoJob,
  proveIdentitiesJob,
  stripPayloadsJob,
  trimJobRunsJob,
  trimFaultsJob,
  trimDeliveriesJob,
  trimViewerLogJob,
  trimAuditJob,
  trimSignInsJob,
  eraseSourcesJob,
  checkConnectionsJob,
  checkSightsJob,
  sweepHooksJob,
  workTransfersJob,
];

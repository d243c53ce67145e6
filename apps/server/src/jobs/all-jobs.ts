import { eraseSourcesJob } from './erase-sources.ts';
import { drainInboxJob, retryEventsJob } from './drain-inbox.ts';
import type { Job } from './job.ts';
import { makeDemoJob } from './make-demo.ts';
import { readSourceJob } from './read-source.ts';
import { readSourcesJob } from './read-sources.ts';
import { rollUpJob } from './roll-up.ts';
import { stripPayloadsJob } from './strip-payloads.ts';
import { trimAuditJob } from './trim-audit.ts';
import { trimFaultsJob } from './trim-faults.ts';
import { trimJobRunsJob } from './trim-job-runs.ts';
import { trimSignInsJob } from './trim-sign-ins.ts';
import { workTransfersJob } from './work-transfers.ts';
import { trimViewerLogJob } from './trim-viewer-log.ts';

/** Every job there is, in one table. */
export const allJobs: readonly Job[] = [
  drainInboxJob,
  retryEventsJob,
  rollUpJob,
  readSourceJob,
  readSourcesJob,
  makeDemoJob,
  stripPayloadsJob,
  trimJobRunsJob,
  trimFaultsJob,
  trimViewerLogJob,
  trimAuditJob,
  trimSignInsJob,
  eraseSourcesJob,
  workTransfersJob,
];

import { drainInboxJob, retryEventsJob } from './drain-inbox.ts';
import type { Job } from './job.ts';
import { readSourcesJob } from './read-sources.ts';
import { rollUpJob } from './roll-up.ts';
import { stripPayloadsJob } from './strip-payloads.ts';
import { trimJobRunsJob } from './trim-job-runs.ts';

/** Every job there is, in one table. */
export const allJobs: readonly Job[] = [
  drainInboxJob,
  retryEventsJob,
  rollUpJob,
  readSourcesJob,
  stripPayloadsJob,
  trimJobRunsJob,
];

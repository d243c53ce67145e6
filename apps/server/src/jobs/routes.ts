import { z } from 'zod';
import { jobListSchema } from '@devpulse/contract/wire/machinery';
import type { App, ServerDeps } from '../deps.ts';
import { allJobs } from './all-jobs.ts';
import { readLastRuns } from './read-last-runs.ts';

/** The table of all jobs, for whoever keeps the machinery running. */
export function registerJobRoutes(app: App, deps: ServerDeps): void {
  app.get('/api/v1/jobs', {
    config: { permission: 'machinery.operate', instance: true },
    schema: {
      operationId: 'listJobs',
      tags: ['Machinery'],
      summary: 'Every job with its schedule and its last run',
      querystring: z.strictObject({}),
      response: { 200: jobListSchema },
    },
    handler: async () => {
      const runs = await readLastRuns(deps.store);
      return {
        jobs: allJobs.map((job) => {
          const run = runs.get(job.name);
          const lastRun =
            run === undefined
              ? null
              : { ...run, startedAt: run.startedAt.toISOString(), finishedAt: run.finishedAt?.toISOString() ?? null };
          return { name: job.name, title: job.title, schedule: job.schedule ?? null, lastRun };
        }),
      };
    },
  });
}

import { allJobs } from '../jobs/all-jobs.ts';
import { readLastRuns } from '../jobs/read-last-runs.ts';
import type { Command } from './command.ts';
import { formatTable } from './terminal.ts';
import { withRuntime } from './with-runtime.ts';

export const jobsCommand: Command = {
  name: 'jobs',
  summary: 'Lists every job with its schedule and its last run',
  usage: 'devpulse jobs',
  run: (_args, context) =>
    withRuntime(context, async ({ store }) => {
      const runs = await readLastRuns(store);
      const rows = allJobs.map((job) => {
        const run = runs.get(job.name);
        const last =
          run === undefined ? 'never ran' : `${run.outcome} ${run.startedAt.toISOString()} ${run.detail ?? ''}`;
        return [job.name, job.schedule ?? 'when asked', last, job.title];
      });
      context.terminal.print(formatTable(rows));
      return 0;
    }),
};

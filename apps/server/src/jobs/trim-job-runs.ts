import { sql } from 'kysely';
import { z } from 'zod';
import { defineJob } from './job.ts';

const daysKept = 30;

export const trimJobRunsJob = defineJob({
  name: 'trim-job-runs',
  title: 'Forgets job runs older than a month',
  payload: z.object({}),
  schedule: '41 3 * * *',
  run: async (workers) => {
    const result =
      await sql`delete from job_runs where started_at < now() - make_interval(days => ${daysKept})`.execute(
        workers.store.app,
      );
    const removed = Number(result.numAffectedRows ?? 0n);
    return removed === 0 ? undefined : `${removed} runs forgotten`;
  },
});

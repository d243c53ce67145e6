import { sql } from 'kysely';
import type { Store } from '@devpulse/db/open-store';

/** The last recorded run of a job. */
export interface LastRun {
  startedAt: Date;
  finishedAt: Date | null;
  outcome: 'done' | 'failed' | null;
  detail: string | null;
}

/** The last run of every job that ever ran, by name. */
export async function readLastRuns(store: Store): Promise<Map<string, LastRun>> {
  const { rows } = await sql<LastRun & { name: string }>`
    select distinct on (name) name, started_at as "startedAt", finished_at as "finishedAt", outcome, detail
    from job_runs order by name, started_at desc`.execute(store.app);
  return new Map(rows.map(({ name, ...run }) => [name, run]));
}

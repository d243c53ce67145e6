import { newId } from '@devpulse/db/ids';
import { redactText } from '../redact-secrets.ts';
import type { Job } from './job.ts';
import type { Workers } from './workers.ts';

// A nudged job may run many times a second; one line a minute that says it ran is enough.
const quietMs = 60_000;
const lastRecorded = new Map<string, number>();

/** Runs a job once and keeps a record of it: always when it failed, else at most once a minute. */
export async function runJob(workers: Workers, job: Job, payload: unknown, signal: AbortSignal): Promise<void> {
  const startedAt = workers.now();
  const started = performance.now();
  const tell = (outcome: 'done' | 'failed'): void =>
    workers.telemetry.jobRan({ name: job.name, outcome, seconds: (performance.now() - started) / 1000 });
  try {
    const detail = await job.run(workers, job.payload.parse(payload ?? {}), signal);
    tell('done');
    if (Date.now() - (lastRecorded.get(job.name) ?? 0) < quietMs) return;
    lastRecorded.set(job.name, Date.now());
    await record(workers, { name: job.name, startedAt, outcome: 'done', detail });
  } catch (error) {
    tell('failed');
    const message = redactText(error instanceof Error ? error.message : String(error));
    workers.logger.error({ job: job.name, err: error }, 'a job failed');
    workers.faults.record({ error, origin: `job ${job.name}` });
    await record(workers, { name: job.name, startedAt, outcome: 'failed', detail: message }).catch((fault: Error) =>
      workers.logger.warn({ job: job.name, error: fault.message }, 'the failure of a job could not be recorded'),
    );
    throw error;
  }
}

interface Run {
  name: string;
  startedAt: Date;
  outcome: 'done' | 'failed';
  detail: string | undefined;
}

async function record(workers: Workers, run: Run): Promise<void> {
  const { name, outcome } = run;
  await workers.store.app
    .insertInto('job_runs')
    .values({
      id: newId(),
      name,
      started_at: run.startedAt,
      finished_at: workers.now(),
      outcome,
      detail: run.detail?.slice(0, 1000) ?? null,
    })
    .execute();
}

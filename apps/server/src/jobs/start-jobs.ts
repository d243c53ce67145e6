import type { JobQueue } from '@devpulse/queue/queue';
import { allJobs } from './all-jobs.ts';
import { runJob } from './run-job.ts';
import type { Workers } from './workers.ts';

/** Lets this process do jobs, start what is due, or both. What a stopped instance missed is caught up with at the start. */
export async function startJobs(queue: JobQueue, workers: Workers, roles: readonly string[]): Promise<void> {
  if (roles.includes('worker')) {
    for (const job of allJobs) {
      await queue.work(job.name, (payload, context) => runJob(workers, job, payload, context.signal), {
        concurrency: job.concurrency ?? 1,
      });
    }
  }
  if (!roles.includes('scheduler')) return;
  for (const job of allJobs) {
    if (job.schedule === undefined) continue;
    await queue.schedule(job.name, job.schedule, { zone: 'UTC' });
    await queue.enqueue(job.name, {}, { key: 'nudge' });
  }
}

/** A function that has one source read soon; asked again before it began, it is read once. */
export function createReadSoon(
  queue: JobQueue,
  onError: (error: Error) => void,
): (source: { workspaceId: string; sourceId: string }) => void {
  // A look that is under way when this is asked for may not see what is new: `busy` then, and the schedule finds it.
  return (source) => {
    queue.enqueue('read-source', source, { key: source.sourceId }).catch(onError);
  };
}

// Many captures in one breath need one nudge.
const nudgePauseMs = 20;

/** A function that asks for a job, at most once in a short while. Losing a nudge is harmless: schedules find the work. */
export function createNudge(queue: JobQueue, onError: (error: Error) => void): (job: string, delayMs?: number) => void {
  const waiting = new Set<string>();
  return (job, delayMs = 0) => {
    const key = `${job} ${delayMs}`;
    if (waiting.has(key)) return;
    waiting.add(key);
    setTimeout(() => {
      waiting.delete(key);
      queue.enqueue(job, {}, { key: 'nudge', ...(delayMs > 0 ? { delayMs } : {}) }).catch(onError);
    }, nudgePauseMs);
  };
}

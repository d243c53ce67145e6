import type { JobQueue, QueueLog } from '@devpulse/queue/queue';
import { type Logins, StoreUnusable } from '@devpulse/db/prepare-roles';
import { allJobs } from '../jobs/all-jobs.ts';

/** The queue that the configuration asks for. Only its engine is loaded: the one on Redis takes a tenth of a second and 15 MB. */
export async function openQueue(options: {
  logins: Logins;
  redisUrl: string | undefined;
  log: QueueLog;
}): Promise<JobQueue> {
  const names = allJobs.map((job) => job.name);
  const { log } = options;
  if (options.redisUrl === undefined) {
    const { openPostgresQueue } = await import('@devpulse/queue/open-postgres-queue');
    return openPostgresQueue({ connection: { ...options.logins.app }, names, log });
  }
  const { openRedisQueue } = await import('@devpulse/queue/open-redis-queue');
  return openRedisQueue({ url: options.redisUrl, prefix: 'devpulse', names, log }).catch((error: Error) => {
    throw new StoreUnusable(`${error.message}; check REDIS_URL, or leave it out: PostgreSQL then carries the jobs`, {
      cause: error,
    });
  });
}

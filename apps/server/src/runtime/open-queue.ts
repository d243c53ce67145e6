import { openPostgresQueue } from '@devpulse/queue/open-postgres-queue';
import { openRedisQueue } from '@devpulse/queue/open-redis-queue';
import type { JobQueue } from '@devpulse/queue/queue';
import type { Logins } from '@devpulse/db/prepare-roles';
import { allJobs } from '../jobs/all-jobs.ts';
import type { Logger } from '../log.ts';

/** The queue that the configuration asks for. */
export function openQueue(options: { logins: Logins; redisUrl: string | undefined; log: Logger }): Promise<JobQueue> {
  const names = allJobs.map((job) => job.name);
  const { log } = options;
  return options.redisUrl === undefined
    ? openPostgresQueue({ connection: { ...options.logins.app }, names, log })
    : openRedisQueue({ url: options.redisUrl, prefix: 'devpulse', names, log });
}

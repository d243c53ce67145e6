import type { z } from 'zod';
import type { Workers } from './workers.ts';

/**
 * A job: declared where it can be seen, its schedule beside it, its code loaded where it runs. Jobs are nudges: what is to
 * be done stands in the store, so running one twice or too late does no harm.
 */
export interface Job<Payload extends object = object> {
  /** Stable name; small letters and dashes. */
  name: string;
  title: string;
  payload: z.ZodType<Payload>;
  /** Cron with five fields, in UTC; nothing for jobs that only run when nudged. */
  schedule?: string;
  /** How many of it a process does side by side; one when left out. */
  concurrency?: number;
  /** Does the work and says in a few words what was done; nothing when there was nothing to do. */
  run(workers: Workers, payload: Payload, signal: AbortSignal): Promise<string | undefined>;
}

/** Declares a job; the only thing this does is to check the types. */
export function defineJob<Payload extends object>(job: Job<Payload>): Job<Payload> {
  return job;
}

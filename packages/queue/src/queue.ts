/** What a handler learns about the job it runs. */
export interface JobContext {
  id: string;
  /** 1 for the first run; a run that failed or died with its process counts. */
  attempt: number;
  /** Aborted when the run lasts too long, its lease is lost, or the queue closes before it is done. */
  signal: AbortSignal;
}

/** How a name is worked in this process. */
export interface WorkOptions {
  /** Jobs of this name run side by side in this process; 1 by default. */
  concurrency?: number;
}

/** How a job is queued. */
export interface EnqueueOptions {
  /**
   * At most one waiting job per key; a repeat while one waits is folded into it. The first payload stays, the earlier
   * of the two due times counts. A job that runs, or waits to be tried again, does not hold its key.
   */
  key?: string;
  delayMs?: number;
  /** Runs at most, 1 to 20. */
  attempts?: number;
  /**
   * Pause before the second run; each later one about doubles it, up to five minutes. PostgreSQL rounds up to whole
   * seconds.
   */
  backoffMs?: number;
}

/** Jobs by state; finished ones are counted for as long as they are kept. */
export interface QueueStats {
  waiting: number;
  active: number;
  /** Waiting for its time: delayed, or about to be tried again. The next tick of a schedule is not a job yet. */
  delayed: number;
  failed: number;
  completed: number;
}

/**
 * Nudges and schedules behind five verbs. It never holds the only copy of work: losing everything in it may cost time,
 * never data.
 *
 * Delivery is at least once. Two jobs of one key may overlap when a nudge arrives during a run and another worker is
 * free; who may do what is decided by leases and fences in the database, not here.
 *
 * @example
 * await queue.work('derive', async () => drainInbox());
 * await queue.enqueue('derive', { workspace }, { key: workspace });
 */
export interface JobQueue {
  enqueue(name: string, payload: object, options?: EnqueueOptions): Promise<'queued' | 'folded'>;
  /** One handler per name and process. */
  work(name: string, handler: JobHandler, options?: WorkOptions): Promise<void>;
  /**
   * Replaces the schedule of that name: cron with five fields (minute to weekday) in the given IANA zone, UTC by
   * default. However many processes ask, a due tick runs once; ticks nobody could run yet are folded into one.
   * PostgreSQL also runs the tick of the minute in which the schedule was made. Redis alone accepts a sixth field,
   * seconds, in front.
   */
  schedule(name: string, cron: string, options?: ScheduleOptions): Promise<void>;
  /** Takes back a waiting job by its key, or the schedule; false when there was none. */
  cancel(name: string, what: { key: string } | { schedule: true }): Promise<boolean>;
  stats(name?: string): Promise<QueueStats>;
  /** Is the engine reachable? For readiness. */
  ping(): Promise<boolean>;
  /** Finishes what is in hand, then closes. After `timeoutMs` what still runs is aborted and left to be run again. */
  close(options?: { timeoutMs?: number }): Promise<void>;
}

/** Does the work of one job; a throw is a failed attempt. */
export type JobHandler = (payload: unknown, context: JobContext) => Promise<void>;

/** The zone a schedule is read in and what its jobs carry. */
export interface ScheduleOptions {
  zone?: string;
  payload?: object;
}

/** The part of a logger the queue needs; a pino logger fits. */
export interface QueueLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

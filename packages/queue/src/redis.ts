import { randomUUID } from 'node:crypto';
import { type Job, type JobsOptions, type Queue, Worker, type WorkerOptions } from 'bullmq';
import { type Redis } from 'ioredis';
import { assertDeclared, assertEnqueueOptions, assertSchedule } from './assert-arguments.ts';
import {
  type EnqueueOptions,
  type JobHandler,
  type JobQueue,
  type QueueLog,
  type QueueStats,
  type ScheduleOptions,
  type WorkOptions,
} from './queue.ts';
import {
  ANSWER_TIMEOUT_MS,
  CLOSE_TIMEOUT_MS,
  DEFAULT_ATTEMPTS,
  DEFAULT_BACKOFF_MS,
  HAND_BACK_MS,
  MAX_ATTEMPTS,
  MAX_BACKOFF_MS,
  type QueueSettings,
} from './queue-settings.ts';
import { assertScheduler, pendingTicks, removeScheduler, type ScheduleDefinition } from './redis-schedules.ts';
import { runBounded } from './run-bounded.ts';
import { runHandler } from './run-handler.ts';
import { within } from './within.ts';
import { type WorkerConnection } from './worker-connection.ts';

// A job that stalls kills its process for all we know: after three dead runs it is left alone. Starts of any kind end
// at 20.
const STALLS_MAX = 2;

const FINISHED_MAX = 1000;

/** Where the connections and queues of the Redis engine come together. */
interface RedisQueueParts {
  /** Fails at once while Redis is away: a request must not hang on a nudge. */
  commands: Redis;
  /** Waits for Redis to come back; made with the first worker. */
  connectWorkers: () => WorkerConnection;
  queues: ReadonlyMap<string, Queue>;
  prefix: string;
  settings: QueueSettings;
  log: QueueLog;
  report: (error: unknown) => void;
}

/** The queue on Redis: one BullMQ queue per job name behind the five verbs. */
export class RedisQueue implements JobQueue {
  readonly #parts: RedisQueueParts;
  readonly #names: ReadonlySet<string>;
  readonly #workers = new Map<string, Worker>();
  readonly #schedules = new Map<string, ScheduleDefinition>();
  readonly #abandon = new AbortController();
  readonly #sweep: NodeJS.Timeout;
  readonly #running = new Set<Promise<void>>();
  #workerConnection: WorkerConnection | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: RedisQueueParts) {
    this.#parts = parts;
    this.#names = new Set(parts.queues.keys());
    // Redis may come back empty (a restart without persistence, FLUSHALL): schedules are put back from memory.
    this.#sweep = setInterval(() => void this.#assertSchedules(), parts.settings.sweepSeconds * 1000);
    this.#sweep.unref();
    parts.commands.on('ready', () => void this.#assertSchedules());
  }

  async enqueue(name: string, payload: object, options: EnqueueOptions = {}): Promise<'queued' | 'folded'> {
    const queue = this.#queue(name);
    assertEnqueueOptions(options);
    const { key, delayMs = 0, attempts, backoffMs } = options;
    // The key stands in the id, so that waiting jobs of a key are found by their ids alone.
    const jobId = `${encodeKey(key)}${randomUUID()}`;
    const job = await queue.add(name, payload, {
      jobId,
      delay: delayMs,
      ...retryOptions(attempts, backoffMs),
      ...(key !== undefined && { deduplication: { id: encodeKey(key) } }),
    });
    if (job.id === jobId) return 'queued';
    await this.#pullForward(queue, job.id ?? '', delayMs);
    return 'folded';
  }

  async work(name: string, handler: JobHandler, { concurrency = 1 }: WorkOptions = {}): Promise<void> {
    this.#queue(name);
    if (this.#workers.has(name)) throw new Error(`job "${name}" already has its handler in this process`);
    this.#workerConnection ??= this.#parts.connectWorkers();
    const worker = new Worker(
      name,
      async (job, _token, signal) => this.#work(job, handler, signal),
      workerOptions(this.#parts, this.#workerConnection, concurrency),
    );
    worker.on('error', this.#parts.report);
    worker.on('lockRenewalFailed', (ids: string[]) => {
      for (const id of ids) worker.cancelJob(id, 'the lease of this job is lost');
    });
    this.#workers.set(name, worker);
  }

  async schedule(name: string, cron: string, { zone = 'UTC', payload = {} }: ScheduleOptions = {}): Promise<void> {
    const queue = this.#queue(name);
    assertSchedule(cron, zone, 'second');
    const definition = { cron, zone, payload };
    await assertScheduler(queue, definition, retryOptions());
    this.#schedules.set(name, definition);
  }

  async cancel(name: string, what: { key: string } | { schedule: true }): Promise<boolean> {
    const queue = this.#queue(name);
    if ('schedule' in what) {
      this.#schedules.delete(name);
      return removeScheduler(queue);
    }
    const prefix = encodeKey(what.key);
    const waiting = await queue.getRanges(['wait', 'prioritized', 'delayed'], 0, -1);
    const removed = await Promise.all(waiting.filter((id) => id.startsWith(prefix)).map((id) => queue.remove(id)));
    return removed.includes(1);
  }

  async stats(name?: string): Promise<QueueStats> {
    const queues = name === undefined ? [...this.#parts.queues.values()] : [this.#queue(name)];
    const sum: QueueStats = { waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0 };
    for (const counts of await Promise.all(queues.map(countJobs))) {
      for (const state of Object.keys(sum) as (keyof QueueStats)[]) sum[state] += counts[state];
    }
    return sum;
  }

  async ping(): Promise<boolean> {
    if (this.#closing) return false;
    try {
      return await within(ANSWER_TIMEOUT_MS, this.#parts.commands.ping());
    } catch (error) {
      this.#parts.report(error);
      return false;
    }
  }

  close({ timeoutMs = CLOSE_TIMEOUT_MS }: { timeoutMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    const { commands, log, queues, report } = this.#parts;
    clearInterval(this.#sweep);
    const workersDone = Promise.all([...this.#workers.values()].map((worker) => worker.close()));
    // Without Redis BullMQ waits for its connections; only what the handlers do is then worth waiting for.
    const inHand = commands.status === 'ready' ? workersDone : Promise.allSettled(this.#running);
    // The run ends as failed, which puts its job back for another process instead of leaving it to its lease.
    if (!(await within(timeoutMs, inHand))) this.#abandon.abort(new Error('the queue closed before the job was done'));
    const noted = await within(HAND_BACK_MS, workersDone);
    if (!noted) log.error({}, 'queue gave up waiting for Redis while closing');
    await this.#workerConnection?.endAll();
    if (!noted) await within(HAND_BACK_MS, workersDone);
    commands.disconnect();
    await Promise.all([...queues.values()].map((queue) => queue.close())).catch(report);
  }

  async #work(job: Job, handler: JobHandler, claim: AbortSignal | undefined): Promise<void> {
    const run = this.#run(job, handler, claim);
    this.#running.add(run);
    try {
      await run;
    } finally {
      this.#running.delete(run);
    }
  }

  async #run(job: Job, handler: JobHandler, claim: AbortSignal | undefined): Promise<void> {
    // Before the handler reads anything: from here on a nudge is a new job, since this run may already have looked past
    // it.
    await job.removeDeduplicationKey();
    const { log, settings } = this.#parts;
    const signals = claim ? [claim, this.#abandon.signal] : [this.#abandon.signal];
    await runBounded(settings.maxRunSeconds, signals, (signal) => {
      const context = { id: job.id ?? '', attempt: job.attemptsStarted, signal };
      return runHandler({ name: job.name, handler, payload: job.data, context, log });
    });
  }

  /**
   * A repeat that is due before the job it was folded into brings that job forward, or "now" would wait for a delay.
   */
  async #pullForward(queue: Queue, id: string, delayMs: number): Promise<void> {
    const waiting = await queue.getJob(id);
    if (!waiting || waiting.timestamp + waiting.delay <= Date.now() + delayMs) return;
    if (!(await waiting.isDelayed())) return;
    try {
      await waiting.changeDelay(delayMs);
    } catch (error) {
      if (await waiting.isDelayed()) throw error;
    }
  }

  async #assertSchedules(): Promise<void> {
    for (const [name, definition] of this.#schedules) {
      if (this.#closing) return;
      try {
        await assertScheduler(this.#queue(name), definition, retryOptions());
      } catch (error) {
        this.#parts.report(error);
      }
    }
  }

  #queue(name: string): Queue {
    if (this.#closing) throw new Error('the queue is closed');
    assertDeclared(this.#names, name);
    return this.#parts.queues.get(name) as Queue;
  }
}

/** BullMQ forbids ':' in ids, and '|' cannot occur in what is encoded: no key is the beginning of another. */
function encodeKey(key = ''): string {
  return `${encodeURIComponent(key)}|`;
}

function retryOptions(attempts = DEFAULT_ATTEMPTS, backoffMs = DEFAULT_BACKOFF_MS): JobsOptions {
  return { attempts, backoff: { type: 'capped', delay: backoffMs } };
}

function workerOptions(parts: RedisQueueParts, connection: Redis, concurrency: number): WorkerOptions {
  const keep = { age: parts.settings.keepFinishedSeconds, count: FINISHED_MAX };
  return {
    connection,
    prefix: parts.prefix,
    concurrency,
    lockDuration: parts.settings.leaseSeconds * 1000,
    stalledInterval: parts.settings.sweepSeconds * 1000,
    maxStalledCount: STALLS_MAX,
    maxStartedAttempts: MAX_ATTEMPTS,
    // 15 s by default: how long a worker would stay idle after Redis is back.
    runRetryDelay: 1000,
    removeOnComplete: keep,
    removeOnFail: keep,
    settings: { backoffStrategy },
  };
}

/** As pg-boss does it: doubled each time, up to twice as long at random, capped. */
function backoffStrategy(attemptsMade: number, _type?: string, _error?: Error, job?: { opts: JobsOptions }): number {
  const { backoff } = job?.opts ?? {};
  const base = typeof backoff === 'object' ? (backoff.delay ?? DEFAULT_BACKOFF_MS) : DEFAULT_BACKOFF_MS;
  return Math.min(MAX_BACKOFF_MS, Math.round(base * 2 ** (attemptsMade - 1) * (1 + Math.random())));
}

async function countJobs(queue: Queue): Promise<QueueStats> {
  const [counts, ticks] = await Promise.all([
    queue.getJobCounts('wait', 'prioritized', 'active', 'delayed', 'failed', 'completed'),
    pendingTicks(queue),
  ]);
  const { wait = 0, prioritized = 0, active = 0, delayed = 0, failed = 0, completed = 0 } = counts;
  return { waiting: wait + prioritized, active, delayed: Math.max(0, delayed - ticks), failed, completed };
}

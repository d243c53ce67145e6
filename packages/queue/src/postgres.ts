import { randomUUID } from 'node:crypto';
import { type PgBoss, type SendOptions } from 'pg-boss';
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
import { ANSWER_TIMEOUT_MS, CLOSE_TIMEOUT_MS, HAND_BACK_MS, type QueueSettings } from './queue-settings.ts';
import { runHandler } from './run-handler.ts';
import { within } from './within.ts';

// pg-boss folds per (name, singleton key) and treats "no key" as one more key, so every job gets one of its own kind.
const TICK_KEY = 'tick';
const keyOf = (key: string): string => `key:${key}`;
const unkeyed = (): string => `once:${randomUUID()}`;

/** Where a started pg-boss and its facts come together. */
interface PostgresQueueParts {
  boss: PgBoss;
  schema: string;
  names: ReadonlySet<string>;
  settings: QueueSettings;
  log: QueueLog;
  report: (error: unknown) => void;
}

/** The queue on PostgreSQL: pg-boss behind the five verbs. */
export class PostgresQueue implements JobQueue {
  readonly #parts: PostgresQueueParts;
  readonly #workerIds = new Map<string, string[]>();
  #closing: Promise<void> | undefined;

  constructor(parts: PostgresQueueParts) {
    this.#parts = parts;
  }

  async enqueue(name: string, payload: object, options: EnqueueOptions = {}): Promise<'queued' | 'folded'> {
    this.#assertUsable(name);
    assertEnqueueOptions(options);
    const delaySeconds = (options.delayMs ?? 0) / 1000;
    const id = await this.#parts.boss.send(name, payload, sendOptions(options, delaySeconds));
    if (id === null && options.key !== undefined) await this.#pullForward(name, options.key, delaySeconds);
    this.#wake(name);
    return id === null ? 'folded' : 'queued';
  }

  async work(name: string, handler: JobHandler, { concurrency = 1 }: WorkOptions = {}): Promise<void> {
    this.#assertUsable(name);
    if (this.#workerIds.has(name)) throw new Error(`job "${name}" already has its handler in this process`);
    const { boss, log, settings } = this.#parts;
    const ids: string[] = [];
    this.#workerIds.set(name, ids);
    // One pg-boss worker per slot and not `localConcurrency`: only the first of those can be woken.
    for (let slot = 0; slot < concurrency; slot += 1) {
      const id = await boss.work<object>(name, { pollingIntervalSeconds: settings.pollSeconds }, async ([job]) => {
        if (!job) return;
        try {
          const context = { id: job.id, attempt: job.retryCount + 1, signal: job.signal };
          await runHandler({ name, handler, payload: job.data, context, log });
        } finally {
          // Without this the worker sleeps a poll between two waiting jobs: 1 job per second at most.
          boss.notifyWorker(ids[slot] ?? '');
        }
      });
      ids.push(id);
    }
  }

  async schedule(name: string, cron: string, { zone = 'UTC', payload = {} }: ScheduleOptions = {}): Promise<void> {
    this.#assertUsable(name);
    // pg-boss accepts seconds but sends one job a minute, which would be a silent lie.
    assertSchedule(cron, zone, 'minute');
    await this.#parts.boss.schedule(name, cron, payload, { tz: zone, singletonKey: TICK_KEY });
  }

  async cancel(name: string, what: { key: string } | { schedule: true }): Promise<boolean> {
    this.#assertUsable(name);
    const { boss } = this.#parts;
    if ('schedule' in what) {
      const had = await boss.getSchedule(name);
      await boss.unschedule(name);
      return had !== null;
    }
    // By state in one statement: looking the job up first and deleting it by id could hit it when it already runs.
    const removed = await this.#sql(
      `DELETE FROM ${this.#parts.schema}.job WHERE name = $1 AND singleton_key = $2 AND state < 'active' RETURNING id`,
      [name, keyOf(what.key)],
    );
    return removed.length > 0;
  }

  async stats(name?: string): Promise<QueueStats> {
    if (name !== undefined) this.#assertUsable(name);
    const names = name === undefined ? [...this.#parts.names] : [name];
    const [row] = await this.#sql(
      `SELECT count(*) FILTER (WHERE state < 'active' AND start_after <= now())::int AS waiting,
              count(*) FILTER (WHERE state = 'active')::int AS active,
              count(*) FILTER (WHERE state < 'active' AND start_after > now())::int AS delayed,
              count(*) FILTER (WHERE state = 'failed')::int AS failed,
              count(*) FILTER (WHERE state = 'completed')::int AS completed
         FROM ${this.#parts.schema}.job
        WHERE name = ANY($1)`,
      [names],
    );
    return row as QueueStats;
  }

  async ping(): Promise<boolean> {
    if (this.#closing) return false;
    try {
      return await within(ANSWER_TIMEOUT_MS, this.#sql('SELECT 1', []));
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
    const { boss, report, log } = this.#parts;
    const names = [...this.#workerIds.keys()];
    // Not pg-boss's own graceful stop: it looks twice a second whether all is done, so that even an idle stop takes 0.5
    // s.
    await within(timeoutMs, Promise.all(names.map((name) => boss.offWork(name, { wait: true }))));
    const stopped = boss.stop({ graceful: false, close: true }).catch(report);
    if (!(await within(HAND_BACK_MS, stopped))) log.error({}, 'queue gave up waiting for PostgreSQL while closing');
  }

  /**
   * A repeat that is due before the job it was folded into brings that job forward, or "now" would wait for a delay.
   */
  async #pullForward(name: string, key: string, delaySeconds: number): Promise<void> {
    await this.#sql(
      `UPDATE ${this.#parts.schema}.job SET start_after = now() + make_interval(secs => $3)
        WHERE name = $1 AND singleton_key = $2 AND state = 'created'
          AND start_after > now() + make_interval(secs => $3)`,
      [name, keyOf(key), delaySeconds],
    );
  }

  #wake(name: string): void {
    for (const id of this.#workerIds.get(name) ?? []) this.#parts.boss.notifyWorker(id);
  }

  async #sql(text: string, values: unknown[]): Promise<object[]> {
    const { rows } = await this.#parts.boss.getDb().executeSql(text, values);
    return rows as object[];
  }

  #assertUsable(name: string): void {
    if (this.#closing) throw new Error('the queue is closed');
    assertDeclared(this.#parts.names, name);
  }
}

function sendOptions(options: EnqueueOptions, delaySeconds: number): SendOptions {
  return {
    singletonKey: options.key === undefined ? unkeyed() : keyOf(options.key),
    ...(delaySeconds > 0 && { startAfter: delaySeconds }),
    ...(options.attempts !== undefined && { retryLimit: options.attempts - 1 }),
    ...(options.backoffMs !== undefined && { retryDelay: Math.max(1, Math.ceil(options.backoffMs / 1000)) }),
  };
}

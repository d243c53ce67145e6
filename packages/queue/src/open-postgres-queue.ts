import { type PoolConfig } from 'pg';
import { type ConstructorOptions, PgBoss } from 'pg-boss';
import { assertQueueNames } from './assert-arguments.ts';
import { PostgresQueue } from './postgres.ts';
import { type JobQueue, type QueueLog } from './queue.ts';
import {
  ANSWER_TIMEOUT_MS,
  DEFAULT_ATTEMPTS,
  DEFAULT_BACKOFF_MS,
  MAX_BACKOFF_MS,
  QUEUE_SETTINGS,
  type QueueSettings,
} from './queue-settings.ts';
import { reportErrors } from './report-errors.ts';

// pg-boss forwards due ticks through a queue of its own, one row a tick, and would keep each for a week.
const TICK_QUEUE = '__pgboss__send-it';

const DAY_SECONDS = 24 * 60 * 60;

/** What the PostgreSQL engine is opened with. */
export interface PostgresQueueOptions {
  /**
   * Of the application role: it neither owns nor migrates the schema. The queue opens a small pool of its own with it.
   */
  connection: PoolConfig;
  /** Made by `installQueueSchema`; `pgboss` by default. */
  schema?: string;
  /** Every job name there is; others are refused. */
  names: readonly string[];
  log: QueueLog;
  settings?: Partial<QueueSettings>;
}

/**
 * Opens the queue on PostgreSQL. Its schema must have been installed; a server that does not answer is an error.
 *
 * @example
 * const queue = await openPostgresQueue({ connection, names: ['derive', 'rollup'], log });
 */
export async function openPostgresQueue(options: PostgresQueueOptions): Promise<JobQueue> {
  assertQueueNames(options.names);
  const { log, names, schema = 'pgboss' } = options;
  const settings = { ...QUEUE_SETTINGS, ...options.settings };
  const boss = new PgBoss(bossOptions(options.connection, schema, settings));
  const report = reportErrors(log, 'pg-boss');
  boss.on('error', report);
  boss.on('warning', report);
  try {
    await boss.start();
    await declareQueues(boss, names, settings);
  } catch (error) {
    await boss.stop({ graceful: false, close: true }).catch(report);
    throw error;
  }
  return new PostgresQueue({ boss, schema, names: new Set(names), settings, log, report });
}

function bossOptions(connection: PoolConfig, schema: string, settings: QueueSettings): ConstructorOptions {
  return {
    // Polls, heartbeats and sends are all short: two connections carry dozens of workers, and an idle one costs 5 MiB.
    ...({
      max: 2,
      application_name: 'devpulse queue',
      connectionTimeoutMillis: ANSWER_TIMEOUT_MS,
      ...connection,
    } as ConstructorOptions),
    schema,
    migrate: false,
    createSchema: false,
    superviseIntervalSeconds: settings.sweepSeconds,
    monitorIntervalSeconds: settings.sweepSeconds,
    maintenanceIntervalSeconds: settings.sweepSeconds,
    cronMonitorIntervalSeconds: settings.tickSeconds,
    cronWorkerIntervalSeconds: settings.tickSeconds,
    // Both need ownership or monitor rights, and tables kept this small have neither bloat nor a vacuum to worry about.
    reindex: false,
    monitorVacuum: false,
    // Job graphs are not among the five verbs; the resolver would write a row every 5 s for nothing.
    flowIntervalSeconds: DAY_SECONDS,
  };
}

/**
 * Names become pg-boss queues; their policy is fixed at creation, everything else follows the settings of this release.
 */
async function declareQueues(boss: PgBoss, names: readonly string[], settings: QueueSettings): Promise<void> {
  const shared = {
    retryLimit: DEFAULT_ATTEMPTS - 1,
    retryDelay: DEFAULT_BACKOFF_MS / 1000,
    retryBackoff: true,
    retryDelayMax: MAX_BACKOFF_MS / 1000,
    expireInSeconds: settings.maxRunSeconds,
    heartbeatSeconds: settings.leaseSeconds,
    deleteAfterSeconds: settings.keepFinishedSeconds,
  };
  for (const name of names) {
    await boss.createQueue(name, { ...shared, policy: 'short' });
    await boss.updateQueue(name, shared);
  }
  await boss.updateQueue(TICK_QUEUE, { deleteAfterSeconds: settings.keepFinishedSeconds });
}

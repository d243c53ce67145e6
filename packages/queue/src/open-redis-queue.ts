import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { assertQueueNames } from './assert-arguments.ts';
import { type JobQueue, type QueueLog } from './queue.ts';
import { ANSWER_TIMEOUT_MS, QUEUE_SETTINGS, type QueueSettings } from './queue-settings.ts';
import { reconnectPause } from './reconnect-pause.ts';
import { RedisQueue } from './redis.ts';
import { reportErrors } from './report-errors.ts';
import { within } from './within.ts';
import { WorkerConnection } from './worker-connection.ts';

// BullMQ writes every change of state to a stream, 10,000 entries a queue by default, which nobody here reads.
const EVENTS_MAX = 100;

/** What the Redis engine is opened with. */
export interface RedisQueueOptions {
  /** `redis://` or `rediss://`, with user, password and database as Redis URLs have them. */
  url: string;
  /** In front of every Redis key, so that several instances can share a server. */
  prefix: string;
  /** Every job name there is; others are refused. */
  names: readonly string[];
  log: QueueLog;
  settings?: Partial<QueueSettings>;
}

/**
 * Opens the queue on Redis 6.2 or later, which must run with `maxmemory-policy noeviction`; a server that does not
 * answer is an error.
 *
 * @example
 * const queue = await openRedisQueue({ url, prefix: 'devpulse', names: ['derive', 'rollup'], log });
 */
export async function openRedisQueue({ url, prefix, names, log, settings }: RedisQueueOptions): Promise<JobQueue> {
  assertQueueNames(names);
  const report = reportErrors(log, 'bullmq');
  const commands = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: ANSWER_TIMEOUT_MS,
    connectTimeout: ANSWER_TIMEOUT_MS,
    retryStrategy: reconnectPause,
  });
  commands.on('error', report);
  await connect(commands);
  return new RedisQueue({
    commands,
    connectWorkers: () => connectWorkers(url, report),
    queues: new Map(names.map((name) => [name, openQueue(name, prefix, commands, report)])),
    prefix,
    settings: { ...QUEUE_SETTINGS, ...settings },
    log,
    report,
  });
}

async function connect(commands: Redis): Promise<void> {
  try {
    if (await within(ANSWER_TIMEOUT_MS, commands.connect())) return;
  } catch (cause) {
    commands.disconnect();
    throw new Error(`Redis at ${commands.options.host}:${commands.options.port} cannot be used`, { cause });
  }
  commands.disconnect();
  throw new Error(`Redis at ${commands.options.host}:${commands.options.port} does not answer`);
}

function connectWorkers(url: string, report: (error: unknown) => void): WorkerConnection {
  const workers = new WorkerConnection(url);
  workers.on('error', report);
  return workers;
}

function openQueue(name: string, prefix: string, connection: Redis, report: (error: unknown) => void): Queue {
  const queue = new Queue(name, { connection, prefix, streams: { events: { maxLen: EVENTS_MAX } } });
  queue.on('error', report);
  return queue;
}

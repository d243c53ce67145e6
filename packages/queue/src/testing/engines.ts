import pg from 'pg';
import { installQueueSchema } from '../install-postgres-queue.ts';
import { openPostgresQueue } from '../open-postgres-queue.ts';
import { openRedisQueue } from '../open-redis-queue.ts';
import { type JobQueue, type QueueLog } from '../queue.ts';
import { type QueueSettings } from '../queue-settings.ts';
import { startPostgresForTests } from './start-postgres.ts';
import { startRedisForTests } from './start-redis.ts';

/** Everything a process needs to open the same queue as another; survives JSON. */
export type OpenArguments = { names: readonly string[]; settings: Partial<QueueSettings> } & (
  | { engine: 'postgres'; connection: pg.PoolConfig }
  | { engine: 'redis'; url: string; prefix: string }
);

/** A running server with the queue's engine on it. */
export interface TestEngine {
  openArguments(names: readonly string[], settings?: Partial<QueueSettings>): OpenArguments;
  /** Ends the server as a crash would. */
  halt: () => Promise<void>;
  /** The same, and starts it again; Redis comes back empty. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
}

/** The engines under test and the finest cron expression each honours. */
export const ENGINES: readonly {
  title: string;
  start: () => Promise<TestEngine>;
  finestCron: (hours: string) => string;
  tickMs: number;
}[] = [
  { title: 'PostgreSQL', start: startPostgresEngine, finestCron: (hours) => `* ${hours} * * *`, tickMs: 60_000 },
  { title: 'Redis', start: startRedisEngine, finestCron: (hours) => `* * ${hours} * * *`, tickMs: 1000 },
];

// Waiting is what makes these tests slow, so all that is waited for comes as fast as the engines allow.
const QUICK: Partial<QueueSettings> = { sweepSeconds: 1, pollSeconds: 0.5, tickSeconds: 1 };

const silent: QueueLog = { warn: () => undefined, error: () => undefined };

/** Opens a queue from arguments that may have come from another process. */
export async function openTestQueue(options: OpenArguments, log: QueueLog = silent): Promise<JobQueue> {
  return options.engine === 'postgres' ? openPostgresQueue({ ...options, log }) : openRedisQueue({ ...options, log });
}

async function startPostgresEngine(): Promise<TestEngine> {
  const server = await startPostgresForTests();
  const client = new pg.Client(server.owner);
  await client.connect();
  await installQueueSchema({ ownerClient: client, appRole: server.appRole });
  await client.end();
  return {
    openArguments: (names, settings) => ({
      engine: 'postgres',
      connection: { ...server.app, max: 2 },
      names,
      settings: { ...QUICK, leaseSeconds: 10, ...settings },
    }),
    halt: server.halt,
    restart: server.restart,
    stop: server.stop,
  };
}

async function startRedisEngine(): Promise<TestEngine> {
  const server = await startRedisForTests();
  return {
    openArguments: (names, settings) => ({
      engine: 'redis',
      url: server.url,
      prefix: 'test',
      names,
      settings: { ...QUICK, leaseSeconds: 2, ...settings },
    }),
    halt: server.halt,
    restart: server.restart,
    stop: server.halt,
  };
}

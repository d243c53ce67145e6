import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRedisQueue } from './open-redis-queue.ts';
import { type JobQueue } from './queue.ts';
import { startRedisForTests, type TestRedis } from './testing/start-redis.ts';
import { until } from './testing/until.ts';
import { WorkerConnection } from './worker-connection.ts';

const log = { warn: () => undefined, error: () => undefined };

describe('openRedisQueue', { timeout: 60_000 }, () => {
  let server: TestRedis;
  let admin: Redis;

  beforeAll(async () => {
    server = await startRedisForTests();
    admin = new Redis(server.url);
  });

  afterAll(async () => {
    admin.disconnect();
    await server.halt();
  });

  async function open(prefix: string): Promise<JobQueue> {
    return openRedisQueue({
      url: server.url,
      prefix,
      names: ['nudge', 'tick'],
      log,
      settings: { sweepSeconds: 1, leaseSeconds: 2 },
    });
  }

  it('goes on after everything in Redis was deleted, schedules included', async () => {
    const queue = await open('flushed');
    const release = Promise.withResolvers<void>();
    const ran: unknown[] = [];
    let ticks = 0;
    await queue.work('nudge', async (payload) => {
      ran.push(payload);
      if (ran.length === 1) await release.promise;
    });
    await queue.work('tick', async () => {
      ticks += 1;
    });
    await queue.schedule('tick', '* * * * * *');
    await queue.enqueue('nudge', { number: 1 }, { key: 'k' });
    await until(() => ran.length === 1 && ticks > 0);

    await admin.flushall();
    ticks = 0;
    release.resolve();

    expect(await queue.enqueue('nudge', { number: 2 }, { key: 'k' })).toBe('queued');
    await until(() => ran.length === 2 && ticks > 1);
    expect(ran).toEqual([{ number: 1 }, { number: 2 }]);
    await queue.close();
  });

  it('puts back a schedule whose next tick is lost', async () => {
    const queue = await open('stuck');
    let ticks = 0;
    await queue.work('tick', async () => {
      ticks += 1;
    });
    await queue.schedule('tick', '* * * * * *');
    await until(() => ticks > 0);

    // As if a process died between taking a tick and making the next one.
    await until(async () => (await admin.zpopmin('stuck:tick:delayed')).length > 0);
    ticks = 0;

    await until(() => ticks > 1);
    expect(await queue.cancel('tick', { schedule: true })).toBe(true);
    await queue.close();
  });

  it('does not lose a due tick that still waits when a schedule is asserted again', async () => {
    const queue = await open('waiting');
    await queue.schedule('tick', '* * * * * *');
    await until(
      async () => (await queue.stats('tick')).delayed === 0 && (await admin.zcard('waiting:tick:delayed')) === 1,
    );
    const [due] = await admin.zrange('waiting:tick:delayed', '0', '0');
    await admin.zrem('waiting:tick:delayed', due ?? '');
    await admin.lpush('waiting:tick:wait', due ?? '');

    await queue.schedule('tick', '* * * * * *');

    expect(await admin.lrange('waiting:tick:wait', 0, -1)).toEqual([due]);
    await queue.close();
  });

  it('tells a handler that its lease is lost', async () => {
    const queue = await open('leases');
    const told = Promise.withResolvers<void>();
    let id = '';
    await queue.work('nudge', async (_payload, context) => {
      id = context.id;
      context.signal.addEventListener('abort', () => told.resolve());
      await told.promise;
    });
    await queue.enqueue('nudge', {});
    await until(() => id !== '');

    expect(await admin.del(`leases:nudge:${id}:lock`)).toBe(1);

    await told.promise;
    await queue.close();
  });

  it('keeps no two instances on one Redis apart but by their prefix', async () => {
    const [one, other] = [await open('one'), await open('other')];

    expect(await one.enqueue('nudge', {}, { key: 'k' })).toBe('queued');
    expect(await other.enqueue('nudge', {}, { key: 'k' })).toBe('queued');

    expect((await one.stats()).waiting).toBe(1);
    await Promise.all([one.close(), other.close()]);
  });

  it('names the server it cannot use, but not the password', async () => {
    const guarded = await startRedisForTests();
    const { port } = new URL(guarded.url);
    const client = new Redis(guarded.url);
    await client.config('SET', 'requirepass', 'sesam');
    client.disconnect();
    const attempt = async (): Promise<unknown> =>
      openRedisQueue({ url: `redis://:geheim@127.0.0.1:${port}`, prefix: 'x', names: [], log }).catch(
        (error: unknown) => error,
      );

    const refused = await attempt();
    await guarded.halt();
    const away = await attempt();

    for (const error of [refused, away]) {
      expect(String(error)).toContain(`Redis at 127.0.0.1:${port} cannot be used`);
      expect(String(error)).not.toContain('geheim');
    }
  });
});

describe('WorkerConnection', () => {
  it('ends with its copies although Redis is away', async () => {
    const server = await startRedisForTests();
    const connection = new WorkerConnection(server.url);
    const copy = connection.duplicate();
    for (const each of [connection, copy]) {
      each.on('error', () => undefined);
      await each.ping();
    }
    await server.halt();
    await until(() => copy.status === 'reconnecting');
    // What BullMQ does when its worker closes, which leaves the copy between two attempts for ever.
    copy.disconnect();

    await connection.endAll();

    await until(() => connection.status === 'end' && copy.status === 'end');
    expect(connection.status).toBe('end');
  });
});

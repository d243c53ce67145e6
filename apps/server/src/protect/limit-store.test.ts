import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { openRedisLimits } from '@devpulse/queue/redis-limits';
import { startRedisForTests } from '@devpulse/queue/testing/start-redis';
import { budgetOf, parseLimits, usualLimits } from './limit-classes.ts';
import { forgetLimit, type LimitStore, openRedisBackedLimits, openStoreLimits } from './limit-store.ts';
import { openLimiter } from './open-limiter.ts';

const hourUs = 3_600_000_000;
const slow = (most: number) => ({ name: 'slow', most, everyUs: hourUs });
const quick = { name: 'quick', most: 3, everyUs: 40_000 };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

let test: TestStore;
let redis: Awaited<ReturnType<typeof startRedisForTests>>;
let redisLimits: ReturnType<typeof openRedisLimits>;
const notes: string[] = [];
const log = { warn: (_fields: object, text: string) => void notes.push(text) };

beforeAll(async () => {
  [test, redis] = await Promise.all([createTestStore(), startRedisForTests()]);
  redisLimits = openRedisLimits({ url: redis.url, prefix: 'test', report: () => undefined });
  await vi.waitFor(() => redisLimits.take([]));
});
afterAll(async () => {
  await redisLimits.close();
  await Promise.all([test.close(), redis.halt()]);
});

const never: LimitStore = {
  take: () => Promise.reject(new Error('the store was asked although Redis is there')),
};

describe.each<[string, () => LimitStore]>([
  ['PostgreSQL', () => openStoreLimits(test.store)],
  ['Redis', () => openRedisBackedLimits(redisLimits, never, log as never)],
])('budgets in %s', (title, open) => {
  const key = (name: string) => `${title} ${name}`;

  it('give what they hold, part of it where that is all, and then say how long to wait', async () => {
    const take = async (units: number) => (await open().take([{ key: key('a'), budget: slow(10), units }]))[0];
    expect(await take(1)).toEqual({ granted: 1, spare: 9, waitMs: 0 });
    expect(await take(6)).toEqual({ granted: 6, spare: 3, waitMs: 0 });
    expect(await take(6)).toEqual({ granted: 3, spare: 0, waitMs: 0 });
    const refused = await take(1);
    expect(refused).toMatchObject({ granted: 0, spare: 0 });
    expect(refused?.waitMs).toBeGreaterThan(3_590_000);
    expect(refused?.waitMs).toBeLessThanOrEqual(3_600_000);
  });

  it('answer each wish of a call in its place, whatever the order', async () => {
    const wishes = [5, 1, 3].map((units, index) => ({ key: key(`place ${9 - index}`), budget: slow(4), units }));
    expect((await open().take(wishes)).map((grant) => grant.granted)).toEqual([4, 1, 3]);
  });

  it('fill up again with time, and no further than they hold', async () => {
    const take = async () => (await open().take([{ key: key('b'), budget: quick, units: 9 }]))[0]?.granted;
    expect(await take()).toBe(3);
    await expect.poll(take, { interval: 5 }).toBeGreaterThan(0);
    await sleep(500);
    expect(await take()).toBe(3);
  });

  it('never give more than they hold to all processes together', async () => {
    const processes = Array.from({ length: 5 }, () => openLimiter(open()));
    const draw = { key: key('c'), budget: slow(200), failOpen: false };
    const verdicts = await Promise.all(
      Array.from({ length: 600 }, async (_, index) => processes[index % 5]?.draw([draw])),
    );
    const passed = verdicts.filter((verdict) => verdict?.waitMs === 0).length;
    expect(passed).toBeLessThanOrEqual(200);
    // What a process has leased and does not need is held back until the budget would have had it again.
    expect(passed).toBeGreaterThanOrEqual(200 - 5 * 12);
    for (const refused of verdicts.filter((verdict) => verdict?.waitMs !== 0))
      expect(refused?.waitMs).toBeGreaterThan(0);
  });
});

describe('budgets in PostgreSQL', () => {
  it('are whole again once forgotten, and swept when they are full', async () => {
    const store = openStoreLimits(test.store);
    const take = async () => (await store.take([{ key: 'once', budget: slow(1), units: 1 }]))[0]?.granted;
    expect([await take(), await take()]).toEqual([1, 0]);
    await forgetLimit(test.store, 'once');
    expect(await take()).toBe(1);
  });
});

describe('budgets in Redis', () => {
  it('are those in the store while Redis is away', async () => {
    const gone = openRedisLimits({ url: 'redis://127.0.0.1:1', prefix: 'test', report: () => undefined });
    const limits = openRedisBackedLimits(gone, openStoreLimits(test.store), log as never);
    const take = async () => (await limits.take([{ key: 'away', budget: slow(2), units: 1 }]))[0]?.granted;
    expect([await take(), await take(), await take()]).toEqual([1, 1, 0]);
    expect(notes).toEqual(['limits are counted in the store while Redis does not answer']);
    await gone.close();
  });
});

describe('openLimiter', () => {
  it('asks the store once for many requests of one key', async () => {
    const store = openStoreLimits(test.store);
    let calls = 0;
    const limiter = openLimiter({ take: (wishes) => ((calls += 1), store.take(wishes)) });
    const draw = { key: 'often', budget: slow(2000), failOpen: false };
    for (let count = 0; count < 1000; count += 1) expect((await limiter.draw([draw])).waitMs).toBe(0);
    expect(calls).toBeLessThanOrEqual(11);
  });

  it('takes from every budget of a request or from none', async () => {
    const limiter = openLimiter(openStoreLimits(test.store));
    const wide = { key: 'wide', budget: slow(3), failOpen: false };
    const tight = { key: 'tight', budget: slow(1), failOpen: false };
    expect((await limiter.draw([wide, tight])).waitMs).toBe(0);
    for (let count = 0; count < 5; count += 1) expect((await limiter.draw([wide, tight])).waitMs).toBeGreaterThan(0);
    expect((await limiter.draw([wide])).waitMs).toBe(0);
    expect((await limiter.draw([wide])).waitMs).toBe(0);
    expect((await limiter.draw([wide])).waitMs).toBeGreaterThan(0);
  });

  it('lets what may go on go on at the pace of its budget while the store is away, and nothing else', async () => {
    let time = 0;
    const limiter = openLimiter({ take: () => Promise.reject(new Error('away')) }, () => time);
    const budget = { name: 'x', most: 100, everyUs: 100_000 };
    await expect(limiter.draw([{ key: 'closed', budget, failOpen: false }])).rejects.toThrow('away');
    for (time = 0; time < 3000; time += 100)
      expect((await limiter.draw([{ key: 'open', budget, failOpen: true }])).waitMs).toBe(0);
  });

  it('lets a lease run out when its budget would have it back', async () => {
    let time = 0;
    let calls = 0;
    const limiter = openLimiter(
      { take: async (wishes) => ((calls += 1), wishes.map(({ units }) => ({ granted: units, spare: 0, waitMs: 0 }))) },
      () => time,
    );
    const draw = { key: 'x', budget: { name: 'x', most: 200, everyUs: 1_000_000 }, failOpen: false };
    await limiter.draw([draw]);
    time = 9_999;
    await limiter.draw([draw]);
    expect(calls).toBe(1);
    time = 10_001;
    await limiter.draw([draw]);
    expect(calls).toBe(2);
  });
});

describe('settings of limits', () => {
  it('change what they name and leave the rest', () => {
    expect(parseLimits('reads=120, costly=6')).toEqual({ ...usualLimits, reads: 120, costly: 6 });
    expect(parseLimits('off')).toBeNull();
    for (const wrong of ['', 'reads', 'reads=0', 'reads=1.5', 'nothing=5', 'reads=99999999']) {
      expect(() => parseLimits(wrong), wrong).toThrow(/must/);
    }
  });

  it('let through what they say in a minute, and a third of it at once', () => {
    for (const perMinute of [1, 60, 90, 6000, 600_000]) {
      const { most, everyUs } = budgetOf('x', perMinute);
      expect(Math.round(60_000_000 / everyUs)).toBe(perMinute);
      expect(most).toBe(Math.max(1, Math.floor(perMinute / 3)));
    }
  });
});

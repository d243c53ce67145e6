import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Store } from '@devpulse/db/open-store';
import type { Logger } from '../log.ts';
import type { Budget } from './limit-classes.ts';

/** So many units out of one budget of one key. */
export interface LimitWish {
  key: string;
  budget: Budget;
  units: number;
}

/** What the store answers to it. */
export interface LimitGrant {
  granted: number;
  /** Left in the budget after that. */
  spare: number;
  /** Until the next unit, where none was granted. */
  waitMs: number;
}

/** Where budgets are kept, for all processes. Answers stand in the order of the wishes; no key may occur twice in a call. */
export interface LimitStore {
  take(wishes: readonly LimitWish[]): Promise<readonly LimitGrant[]>;
}

/** The same in a Redis, in one round trip; see `@devpulse/queue/redis-limits`. */
export interface RedisLimits {
  take(
    wishes: readonly { key: string; units: number; everyUs: number; most: number }[],
  ): Promise<readonly { granted: number; spare: number; waitUs: number }[]>;
}

interface GrantRow {
  key: Buffer;
  granted: number;
  spare: number;
  wait_us: number;
}

const sweepEveryMs = 10 * 60_000;

/** Budgets in PostgreSQL. */
export function openStoreLimits(store: Pick<Store, 'app'>): LimitStore {
  let sweptAt = performance.now();
  return {
    take: async (wishes) => {
      const { rows } = await sql<GrantRow>`
        select * from take_limits(${wishes.map((wish) => hashKey(wish.key))}::bytea[], ${wishes.map((wish) => wish.units)}::integer[],
          ${wishes.map((wish) => wish.budget.everyUs)}::bigint[], ${wishes.map((wish) => wish.budget.most)}::integer[])`.execute(
        store.app,
      );
      if (performance.now() - sweptAt > sweepEveryMs) {
        sweptAt = performance.now();
        await sql`select sweep_limits()`.execute(store.app);
      }
      const grants = new Map(rows.map((row) => [row.key.toString('hex'), row]));
      return wishes.map((wish) => {
        const row = grants.get(hashKey(wish.key).toString('hex'));
        if (row === undefined) throw new Error('the store gave no answer for a budget');
        return { granted: row.granted, spare: row.spare, waitMs: Math.ceil(row.wait_us / 1000) };
      });
    },
  };
}

// After a failure the store is asked alone for this long: no request shall wait for a Redis that is known to be away.
const restMs = 2_000;

/** Budgets in Redis; while that is away, those in the store: they are shared as well, and only dearer. */
export function openRedisBackedLimits(redis: RedisLimits, store: LimitStore, log: Pick<Logger, 'warn'>): LimitStore {
  let restsUntil = 0;
  return {
    take: async (wishes) => {
      if (performance.now() < restsUntil) return store.take(wishes);
      try {
        const grants = await redis.take(
          wishes.map(({ key, units, budget }) => ({
            key: hashKey(key).toString('hex'),
            units,
            everyUs: budget.everyUs,
            most: budget.most,
          })),
        );
        return grants.map(({ granted, spare, waitUs }) => ({ granted, spare, waitMs: Math.ceil(waitUs / 1000) }));
      } catch (error) {
        if (restsUntil === 0) log.warn({ err: error }, 'limits are counted in the store while Redis does not answer');
        restsUntil = performance.now() + restMs;
        return store.take(wishes);
      }
    },
  };
}

/** The budget of a key is whole again. */
export async function forgetLimit(store: Pick<Store, 'app'>, key: string): Promise<void> {
  await sql`select forget_limit(${hashKey(key)})`.execute(store.app);
}

/** Names of people and addresses stay out of the table. */
function hashKey(key: string): Buffer {
  return createHash('sha256').update('devpulse limit 1\n').update(key).digest().subarray(0, 16);
}

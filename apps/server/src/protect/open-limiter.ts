import type { Budget } from './limit-classes.ts';
import type { LimitGrant, LimitStore, LimitWish } from './limit-store.ts';

/** One budget that a request draws on. */
export interface Draw {
  key: string;
  budget: Budget;
  /** While the store does not answer: true lets the request go on, false has it fail. */
  failOpen: boolean;
}

/** How it stands with the tightest of the budgets. */
export interface Verdict {
  budget: Budget;
  /** 0: go on. */
  waitMs: number;
  /** As far as this process knows; others may draw on the same budget. */
  left: number;
}

/**
 * Counts requests against budgets that all processes share. A process takes units in leases, a twentieth of a budget at a
 * time, and spends them without asking: of a thousand requests of one key, some have to wait for the store, none for a second
 * one. What is leased is gone from the budget, so all processes together never let through more than it holds; what a process
 * does not spend expires in the time in which the budget has it back.
 */
export interface Limiter {
  /** Takes one unit from each, or from none. Answers at once where leases suffice. */
  draw(draws: readonly Draw[]): Verdict | Promise<Verdict>;
  /** How long the key is known to have nothing; 0: as far as is known it has. Asks nobody and takes nothing. */
  isSpent(key: string): number;
  /** Was anything ever drawn on it here, and lately? */
  knows(key: string): boolean;
}

interface Lease {
  units: number;
  spare: number;
  expiresAt: number;
  blockedUntil: number;
  /** Requests that wait for more. */
  waiting: number;
  refill: Promise<void> | null;
}

const leaseShare = 20;
// Some hundred bytes each; whoever makes up addresses to fill this makes others ask the store once more, nothing worse.
const leasesMax = 50_000;
// While the store is away, what may go on may do so at the pace of its budget.
const awayMs = 1_000;

/** Opens the leases of one process. `now` is a clock in milliseconds that only goes forward. */
export function openLimiter(store: LimitStore, now: () => number = () => performance.now()): Limiter {
  const leases = new Map<string, Lease>();
  const take = batchTakes(store);

  const leaseOf = (key: string): Lease => {
    let lease = leases.get(key);
    if (lease === undefined) {
      if (leases.size >= leasesMax) dropIdle(leases, now());
      lease = { units: 0, spare: 0, expiresAt: 0, blockedUntil: 0, waiting: 0, refill: null };
      leases.set(key, lease);
    }
    if (lease.units > 0 && lease.expiresAt <= now()) lease.units = 0;
    return lease;
  };

  const refill = async (draw: Draw, lease: Lease): Promise<void> => {
    const share = Math.max(1, Math.floor(draw.budget.most / leaseShare));
    // One turn later everybody who asks at this moment has been counted.
    await Promise.resolve();
    const units = Math.max(share, lease.waiting);
    try {
      note(lease, await take({ key: draw.key, budget: draw.budget, units }), draw.budget, now());
    } catch (error) {
      if (!draw.failOpen) throw error;
      const spare = Math.max(units, Math.floor((awayMs * 1000) / draw.budget.everyUs));
      note(lease, { granted: spare, spare, waitMs: 0 }, draw.budget, now());
    }
  };

  const startRefill = (draw: Draw, lease: Lease): Promise<void> => {
    lease.refill ??= refill(draw, lease).finally(() => {
      lease.refill = null;
    });
    return lease.refill;
  };

  /** Makes sure of one unit; 0 when there is one, else how long to wait. */
  const secure = async (draw: Draw, lease: Lease): Promise<number> => {
    lease.waiting += 1;
    try {
      while (lease.units < 1 && lease.blockedUntil <= now()) await startRefill(draw, lease);
    } finally {
      lease.waiting -= 1;
    }
    return lease.units < 1 ? lease.blockedUntil - now() : 0;
  };

  const spend = (draws: readonly Draw[]): Verdict => {
    let tightest: Verdict | null = null;
    for (const draw of draws) {
      const lease = leaseOf(draw.key);
      lease.units -= 1;
      // Ahead of time, so that the next one need not wait; if that fails, the one who needs it will say so.
      if (isLow(lease, draw.budget) && lease.blockedUntil <= now()) startRefill(draw, lease).catch(() => undefined);
      const left = lease.units + lease.spare;
      if (tightest === null || left < tightest.left) tightest = { budget: draw.budget, waitMs: 0, left };
    }
    if (tightest === null) throw new Error('a request that is limited draws on something');
    return tightest;
  };

  const drawSlowly = async (draws: readonly Draw[]): Promise<Verdict> => {
    for (;;) {
      for (const draw of draws) {
        const waitMs = await secure(draw, leaseOf(draw.key));
        if (waitMs > 0) return { budget: draw.budget, waitMs, left: 0 };
      }
      // While one was waited for, others may have spent what there was of another.
      if (draws.every((draw) => leaseOf(draw.key).units >= 1)) return spend(draws);
    }
  };

  return {
    draw: (draws) => (draws.every((draw) => leaseOf(draw.key).units >= 1) ? spend(draws) : drawSlowly(draws)),
    isSpent: (key) => {
      const lease = leases.get(key);
      return lease === undefined || lease.units >= 1 ? 0 : Math.max(0, lease.blockedUntil - now());
    },
    knows: (key) => leases.has(key),
  };
}

function isLow(lease: Lease, budget: Budget): boolean {
  return budget.most > leaseShare && lease.units < budget.most / leaseShare / 4;
}

function note(lease: Lease, grant: LimitGrant, budget: Budget, at: number): void {
  lease.units += grant.granted;
  lease.spare = grant.spare;
  if (grant.granted > 0) lease.expiresAt = at + (lease.units * budget.everyUs) / 1000;
  else lease.blockedUntil = at + Math.max(1, grant.waitMs);
}

function dropIdle(leases: Map<string, Lease>, at: number): void {
  for (const [key, lease] of leases) {
    const isIdle = lease.waiting === 0 && lease.refill === null && lease.expiresAt <= at && lease.blockedUntil <= at;
    if (isIdle) leases.delete(key);
  }
  // All in use: the oldest go. Whoever waits on one holds it still and is served.
  for (const key of leases.keys()) {
    if (leases.size < leasesMax) return;
    leases.delete(key);
  }
}

/** What is wished for in the same turn goes to the store in one call. */
function batchTakes(store: LimitStore): (wish: LimitWish) => Promise<LimitGrant> {
  let batch: { wishes: LimitWish[]; grants: Promise<readonly LimitGrant[]> } | null = null;
  return async (wish) => {
    if (batch?.wishes.some((other) => other.key === wish.key) === true) batch = null;
    if (batch === null) {
      const wishes: LimitWish[] = [];
      const grants = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        if (batch?.wishes === wishes) batch = null;
        return store.take(wishes);
      });
      batch = { wishes, grants };
    }
    const own = batch;
    const place = own.wishes.push(wish) - 1;
    const grant = (await own.grants)[place];
    if (grant === undefined) throw new Error('the store gave no answer for a budget');
    return grant;
  };
}

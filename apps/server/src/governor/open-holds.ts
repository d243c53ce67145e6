import type { Ask } from '@devpulse/http-client/governor';

/** That nothing may be asked for a while. */
export interface Hold {
  reason: 'quota' | 'pace';
  waitMs: number;
  until: Date;
}

/**
 * What one process remembers of blocks, by a clock that only goes forward: should the store's clock jump ahead, nobody here asks
 * too early, and while a block lasts the store is not asked at all.
 */
export interface Holds {
  add(ask: Pick<Ask, 'budget' | 'resource'>, hold: Hold): void;
  find(ask: Pick<Ask, 'budget' | 'resource'>): Hold | null;
}

const holdsMax = 10_000;

export function openHolds(clock: () => number): Holds {
  const holds = new Map<string, { endsAt: number; hold: Hold }>();

  const keysOf = ({ budget, resource }: Pick<Ask, 'budget' | 'resource'>) => ({
    // Too much at a time is the account's, a quota the resource's.
    pace: JSON.stringify([budget]),
    quota: JSON.stringify([budget, resource]),
  });

  const look = (key: string): Hold | null => {
    const found = holds.get(key);
    if (found === undefined) return null;
    const waitMs = Math.ceil(found.endsAt - clock());
    if (waitMs <= 0) holds.delete(key);
    return waitMs <= 0 ? null : { ...found.hold, waitMs };
  };

  return {
    add: (ask, hold) => {
      const key = keysOf(ask)[hold.reason];
      if ((look(key)?.waitMs ?? 0) >= hold.waitMs) return;
      if (holds.size >= holdsMax) holds.clear();
      holds.set(key, { endsAt: clock() + hold.waitMs, hold });
    },
    find: (ask) => {
      const keys = keysOf(ask);
      const [pace, quota] = [look(keys.pace), look(keys.quota)];
      if (pace === null || quota === null) return pace ?? quota;
      return pace.waitMs > quota.waitMs ? pace : quota;
    },
  };
}

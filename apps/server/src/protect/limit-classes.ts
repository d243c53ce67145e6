/** What a route costs us, or what somebody could try there; each class has budgets of its own. */
export const limitClasses = {
  reads: { perMinute: 60_000, means: 'Reading, by each token or session' },
  writes: { perMinute: 12_000, means: 'Changing something, by each token or session' },
  costly: { perMinute: 120, means: 'Starting work that takes minutes, by each token or session' },
  ingest: { perMinute: 600_000, means: 'Sending raw events in, by each token' },
  visits: { perMinute: 6_000, means: 'Reading what needs no sign-in, by each address' },
  doors: { perMinute: 600, means: 'Where one becomes somebody: signing in, links, pairing; by each address' },
  keys: { perMinute: 300, means: 'Tokens and sessions that turned out to count for nothing, by each address' },
} as const satisfies Record<string, { perMinute: number; means: string }>;

export type LimitClass = keyof typeof limitClasses;
export const limitClassNames = Object.keys(limitClasses) as LimitClass[];

/** Requests a minute for each class; null: no limits at all. */
export type LimitSettings = Record<LimitClass, number> | null;

/** A budget as the stores know it: so many units at once, and one more after each pause. */
export interface Budget {
  name: string;
  most: number;
  everyUs: number;
}

// What may come at once: a third of a minute's worth, so that a page full of questions never meets its limit.
const burstSeconds = 20;

/** The budget that lets through so many a minute in the long run, and 20 seconds' worth of them at once. */
export function budgetOf(name: string, perMinute: number): Budget {
  const everyUs = Math.max(1, Math.floor(60_000_000 / perMinute));
  return { name, everyUs, most: Math.max(1, Math.floor((burstSeconds * 1_000_000) / everyUs)) };
}

export const usualLimits: Record<LimitClass, number> = perMinuteOf((name) => limitClasses[name].perMinute);

/**
 * Reads `off`, or a list such as `reads=6000,doors=60`; what is not named keeps its default. Throws what is wrong with it.
 */
export function parseLimits(text: string): LimitSettings {
  if (text === 'off') return null;
  const given = new Map(
    text.split(',').map((entry) => {
      const [name = '', number = ''] = entry.split('=').map((word) => word.trim());
      if (!limitClassNames.includes(name as LimitClass))
        throw new Error(`must be off, or name classes among ${limitClassNames.join(', ')}`);
      if (!/^[1-9]\d{0,6}$/.test(number)) throw new Error('must give each class a whole number of requests a minute');
      return [name, Number(number)] as const;
    }),
  );
  return perMinuteOf((name) => given.get(name) ?? limitClasses[name].perMinute);
}

function perMinuteOf(choose: (name: LimitClass) => number): Record<LimitClass, number> {
  return Object.fromEntries(limitClassNames.map((name) => [name, choose(name)])) as Record<LimitClass, number>;
}

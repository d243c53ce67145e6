import type { Clock } from './clock.ts';

export type Resource = 'core' | 'graphql' | 'search';

interface Budget {
  limit: number;
  remaining: number;
  /** Seconds since 1970. */
  reset: number;
}

/** How a refusal looks; GitHub's own differ. */
export interface RefusalLook {
  status?: 200 | 403 | 429;
  /** Seconds in `retry-after`; without it there is no such header. */
  retryAfter?: number;
  /** `right`, all of them missing values, or a moment of reset that is over. */
  headers?: 'right' | 'blank' | 'past';
}

interface Secondary extends RefusalLook {
  /** Seconds since 1970. */
  until: number;
}

export interface Limits {
  /** Sets what somebody has left: a login, `installation:<id>`, or everybody. */
  set(who: string, change: Partial<Budget> & { resource?: Resource; resetIn?: number }): void;
  /** How refusals of spent budgets look from now on. */
  look: RefusalLook;
  /** From now on whoever asks is refused for so many seconds. `who` as above; `*`: everybody. */
  secondary(who: string, seconds: number, look?: RefusalLook): void;
  clear(): void;
  state(who: string, resource: Resource): Budget;
  /** Takes `cost` from the budget, or says why not. */
  take(who: string, resource: Resource, cost: number): { look: RefusalLook; isSecondary: boolean } | undefined;
  /** Gives back what was taken, for an answer that is free. */
  give(who: string, resource: Resource, cost: number): void;
  /** Refused and told so since when; whoever asks while this stands broke the rule. */
  told: Map<string, number>;
}

const ordinary: Record<Resource, number> = { core: 5000, graphql: 5000, search: 30 };

export function openLimits(clock: Clock): Limits {
  const budgets = new Map<string, Budget>();
  const chosen = new Map<string, Partial<Budget>>();
  const bans = new Map<string, Secondary>();
  const told = new Map<string, number>();
  const span = (resource: Resource) => (resource === 'search' ? 60 : 3600);
  const state = (who: string, resource: Resource): Budget => {
    const key = `${who} ${resource}`;
    const known = budgets.get(key);
    if (known !== undefined && known.reset > clock.seconds()) return known;
    const set = known === undefined ? (chosen.get(key) ?? chosen.get(`* ${resource}`)) : undefined;
    const limit = set?.limit ?? known?.limit ?? (who === 'anonymous' ? 60 : ordinary[resource]);
    const made = { limit, remaining: set?.remaining ?? limit, reset: set?.reset ?? clock.seconds() + span(resource) };
    budgets.set(key, made);
    told.delete(who);
    return made;
  };
  return {
    look: {},
    told,
    state,
    set: (who, { resource = 'core', resetIn, ...change }) => {
      const made = { ...change, ...(resetIn === undefined ? {} : { reset: clock.seconds() + resetIn }) };
      chosen.set(`${who} ${resource}`, made);
      for (const key of budgets.keys()) {
        if (key === `${who} ${resource}` || (who === '*' && key.endsWith(` ${resource}`))) budgets.delete(key);
      }
    },
    secondary: (who, seconds, look = {}) => {
      bans.set(who, { ...look, until: clock.seconds() + seconds });
    },
    clear: () => {
      for (const map of [budgets, chosen, bans, told]) map.clear();
    },
    take(who, resource, cost) {
      const ban = bans.get(who) ?? bans.get('*');
      if (ban !== undefined && ban.until > clock.seconds()) return { look: ban, isSecondary: true };
      const budget = state(who, resource);
      if (budget.remaining < cost) return { look: this.look, isSecondary: false };
      budget.remaining -= cost;
      told.delete(who);
      return undefined;
    },
    give: (who, resource, cost) => {
      const budget = state(who, resource);
      budget.remaining = Math.min(budget.limit, budget.remaining + cost);
    },
  };
}

type Parts = { limits: Limits; clock: Clock };

export function limitHeaders({ limits, clock }: Parts, who: string, resource: Resource, look: RefusalLook = {}) {
  const { limit, remaining, reset } = limits.state(who, resource);
  if (look.headers === 'blank')
    return { 'x-ratelimit-limit': '', 'x-ratelimit-remaining': '', 'x-ratelimit-reset': '' };
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-used': String(limit - remaining),
    'x-ratelimit-reset': String(look.headers === 'past' ? clock.seconds() - 60 : reset),
    'x-ratelimit-resource': resource,
  };
}

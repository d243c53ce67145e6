import type { AskLane } from '@devpulse/contract/source-client';

/** What a source counts apart from each other, as its header `x-ratelimit-resource` names it: `core`, `graphql`, `search`, … */
export type Resource = string;

/** One request that somebody wants to make. */
export interface Ask {
  /** Whose budget, see `Credential.budget`. */
  budget: string;
  resource: Resource;
  lane: AskLane;
  /** What it takes from the quota of the hour: one request, or the points of a GraphQL question. */
  cost: number;
  /** What it counts for in a minute: reading 1, writing 5. */
  points: number;
  /** Whose screens are told when a wait begins and ends. */
  workspaceId?: string;
}

/** How much a source said is left. */
export interface Quota {
  resource: Resource;
  limit: number;
  left: number;
  /** When it is whole again by the source's clock, in seconds; `null` where it did not say. */
  resetAt: number | null;
  /** How far away that was by the source's own clock when it answered; negative when it is over. */
  resetInMs: number | null;
}

/** The source said no because too much was asked. */
export interface LimitAnswer {
  /** `quota`: that of the hour is used up. `pace`: too much at a time, which sources do not announce. */
  kind: 'quota' | 'pace';
  /** How long it asked us to wait; `null` where it did not say. */
  retryAfterMs: number | null;
}

/** What an answer tells about limits. */
export interface Heard {
  quota: Quota | null;
  limited: LimitAnswer | null;
}

/** The right to make one request. It runs out by itself, so that a process that dies holds up nobody for long. */
export interface Turn {
  /** Gives it back with what was heard; `null`: no answer came. Must be called before the answer is used. */
  end(heard: Heard | null): Promise<void>;
}

/** Why a budget is to be left alone: the hour's quota is used up, we went too fast, or the rest is kept for more urgent lanes. */
export type WaitReason = 'quota' | 'pace' | 'reserve';

/** How it stands with one resource of one budget. Times are of our clock. */
export interface BudgetState {
  budget: string;
  resource: Resource;
  /** `null`: the source has not said. */
  limit: number | null;
  left: number | null;
  resetAt: Date | null;
  /** Nothing is asked before that; `null`: not blocked. */
  blockedUntil: Date | null;
  reason: Exclude<WaitReason, 'reserve'> | null;
  /** History waits until then, to leave the rest to people and to what just happened. */
  historyUntil: Date | null;
  heardAt: Date | null;
}

/** Keeps all processes together within the limits of a source. */
export interface Governor {
  /** Waits for a turn, for up to half a minute; throws `SourceRefused('throttled')` when it would take longer. */
  take(ask: Ask, signal?: AbortSignal): Promise<Turn>;
  /** What is known of these budgets, for screens; asks no source. */
  states(budgets: readonly string[]): Promise<BudgetState[]>;
}

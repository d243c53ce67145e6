import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Store } from '@devpulse/db/open-store';
import type { Ask, BudgetState, Heard, Resource, WaitReason } from '@devpulse/http-client/governor';

/** What the store answers to somebody who wants to ask. */
interface TakeAnswer {
  granted: boolean;
  waitMs: number;
  until: Date;
  reason: WaitReason | 'turn';
  /** A block is over. */
  ended: boolean;
}

interface EndAnswer {
  waitMs: number;
  until: Date | null;
  reason: 'quota' | 'pace' | null;
  began: boolean;
}

/**
 * How many points at once, and how often another one. GitHub allows 900 points of REST and 2,000 of GraphQL in a minute, and 30
 * searches (10 of code), without saying when its minute begins: a full burst and a minute's refill together stay below that.
 */
const paces: Record<string, { everyUs: number; burst: number }> = {
  graphql: { everyUs: 50_000, burst: 800 },
  search: { everyUs: 3_000_000, burst: 10 },
  code_search: { everyUs: 10_000_000, burst: 4 },
};
const usualPace = { everyUs: 100_000, burst: 300 };

/** GitHub wants requests one after the other, and allows a hundred at a time: one of history, and always room for another. */
const atATime = 2;
// Longer than a request may take, see the time-out of the client.
const leaseMs = 90_000;

export async function takeTurn(
  store: Pick<Store, 'app'>,
  { id, ask, lane }: { id: string; ask: Ask; lane: number },
): Promise<TakeAnswer> {
  const { everyUs, burst } = paceOf(ask.resource);
  const { rows } = await sql<Omit<TakeAnswer, 'waitMs'> & { wait_ms: number }>`
    select * from take_turn(${id}, ${hashBudget(ask.budget)}, ${ask.resource}, ${lane}, ${ask.cost}, ${Math.min(ask.points, burst)},
      ${everyUs}, ${burst}, ${atATime}, ${leaseMs})`.execute(store.app);
  const [row] = rows;
  if (row === undefined) throw new Error('the store gave no answer for a turn');
  return { granted: row.granted, waitMs: row.wait_ms, until: row.until, reason: row.reason, ended: row.ended };
}

export async function endTurn(
  store: Pick<Store, 'app'>,
  { id, ask, heard }: { id: string; ask: Ask; heard: Heard | null },
): Promise<EndAnswer> {
  const quota = heard?.quota ?? null;
  const limited = heard?.limited ?? null;
  const { rows } = await sql<Omit<EndAnswer, 'waitMs'> & { wait_ms: number }>`
    select * from end_turn(${id}, ${hashBudget(ask.budget)}, ${heard !== null}, ${quota?.resource ?? null},
      ${bound(quota?.limit)}, ${bound(quota?.left)}, ${quota?.resetAt ?? null}, ${quota?.resetInMs ?? null},
      ${limited?.kind ?? null}, ${limited?.retryAfterMs ?? null})`.execute(store.app);
  const [row] = rows;
  if (row === undefined) throw new Error('the store gave no answer for a turn');
  return { waitMs: row.wait_ms, until: row.until, reason: row.reason, began: row.began };
}

export async function leaveTurn(store: Pick<Store, 'app'>, id: string): Promise<void> {
  await sql`select leave_turn(${id})`.execute(store.app);
}

export async function sweepGovernor(store: Pick<Store, 'app'>): Promise<void> {
  await sql`select sweep_governor()`.execute(store.app);
}

interface StateRow {
  key: Buffer;
  resource: Resource;
  quota: number | null;
  left_over: number | null;
  resets_at: Date | null;
  blocked_until: Date | null;
  reason: BudgetState['reason'];
  history_until: Date | null;
  heard_at: Date | null;
}

export async function readBudgetStates(store: Pick<Store, 'app'>, budgets: readonly string[]): Promise<BudgetState[]> {
  if (budgets.length === 0) return [];
  const names = new Map(budgets.map((budget) => [hashBudget(budget).toString('hex'), budget]));
  const { rows } = await sql<StateRow>`select * from read_budgets(${budgets.map(hashBudget)}::bytea[])`.execute(
    store.app,
  );
  return rows.flatMap((row) => {
    const budget = names.get(row.key.toString('hex'));
    if (budget === undefined) return [];
    return [
      {
        budget,
        resource: row.resource,
        limit: row.quota,
        left: row.left_over,
        resetAt: row.resets_at,
        blockedUntil: row.blocked_until,
        reason: row.reason,
        historyUntil: row.history_until,
        heardAt: row.heard_at,
      },
    ];
  });
}

function paceOf(resource: Resource): { everyUs: number; burst: number } {
  return paces[resource] ?? usualPace;
}

/** Numbers of strangers; the column is an integer. */
function bound(count: number | undefined): number | null {
  return count === undefined ? null : Math.min(count, 2_000_000_000);
}

/** Names of accounts stay out of the table. */
function hashBudget(budget: string): Buffer {
  return createHash('sha256').update('devpulse budget 1\n').update(budget).digest().subarray(0, 16);
}

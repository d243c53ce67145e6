import { setTimeout as wait } from 'node:timers/promises';
import { type AskLane, SourceRefused } from '@devpulse/contract/source-client';
import { newId } from '@devpulse/db/ids';
import type { Store } from '@devpulse/db/open-store';
import type { Ask, Governor, Heard, WaitReason } from '@devpulse/http-client/governor';
import { announceChange } from '../live/announce-change.ts';
import type { Logger } from '../log.ts';
import { endTurn, leaveTurn, readBudgetStates, sweepGovernor, takeTurn } from './governor-store.ts';
import { openHolds } from './open-holds.ts';

export interface GovernorParts {
  store: Pick<Store, 'app'>;
  log: Pick<Logger, 'info'>;
  /** How long somebody is kept waiting before they are told when to come again. */
  patienceMs?: number;
  /** A clock in milliseconds that only goes forward. */
  clock?(): number;
  sleep?(ms: number, signal?: AbortSignal): Promise<void>;
}

interface Refused {
  waitMs: number;
  until: Date;
  reason: WaitReason | 'turn';
}

const lanes: Record<AskLane, number> = { person: 0, live: 1, history: 2 };
const patienceMs = 30_000;
const stepMs = 1_000;
const sweepEveryMs = 3_600_000;

const reasons: Record<WaitReason | 'turn', string> = {
  quota: 'the quota is used up',
  pace: 'the source asked us to slow down',
  reserve: 'too little of the quota is left, and that is kept for what is more urgent',
  turn: 'others are asking',
};

/** Opens the governor of one process. Budgets are in the store, shared by all: who may ask is decided there, by its clock. */
export function openGovernor(parts: GovernorParts): Governor {
  const { store, log, patienceMs: patience = patienceMs } = parts;
  const clock = parts.clock ?? (() => performance.now());
  const sleep = parts.sleep ?? ((ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }));
  const holds = openHolds(clock);
  const told = openNotices(store);
  let sweptAt = clock();

  const sweepSometimes = async (): Promise<void> => {
    if (clock() - sweptAt < sweepEveryMs) return;
    sweptAt = clock();
    await sweepGovernor(store);
  };

  /** Null: the turn is there. */
  const tryTake = async (id: string, ask: Ask): Promise<Refused | null> => {
    const held = holds.find(ask);
    if (held !== null) {
      await told.begin(ask, held.until);
      return held;
    }
    const { granted, ended, ...refused } = await takeTurn(store, { id, ask, lane: lanes[ask.lane] });
    const { reason } = refused;
    if (granted) await told.end(ask, ended);
    if (granted) return null;
    if (reason === 'pace' || reason === 'quota') {
      holds.add(ask, { ...refused, reason });
      await told.begin(ask, refused.until);
    }
    return refused;
  };

  const end = async (id: string, ask: Ask, heard: Heard | null): Promise<void> => {
    const { reason, until, waitMs, began } = await endTurn(store, { id, ask, heard });
    if (reason === null || until === null) return;
    const blocked = { ...ask, resource: heard?.quota?.resource ?? ask.resource };
    holds.add(blocked, { reason, until, waitMs });
    if (began)
      log.info({ lane: ask.lane, resource: blocked.resource, reason, until }, 'a source is not asked for a while');
    await told.begin(blocked, until);
  };

  return {
    take: async (ask, signal) => {
      const id = newId();
      const startedAt = clock();
      await sweepSometimes();
      try {
        for (;;) {
          signal?.throwIfAborted();
          const refused = await tryTake(id, ask);
          if (refused === null) return { end: (heard) => end(id, ask, heard) };
          if (clock() - startedAt + refused.waitMs > patience) throw refuse(refused, patience);
          await sleep(Math.min(refused.waitMs, stepMs), signal);
        }
      } catch (error) {
        await leaveTurn(store, id);
        throw error;
      }
    },
    states: (budgets) => readBudgetStates(store, budgets),
  };
}

function refuse({ reason, until }: Refused, patience: number): SourceRefused {
  // Whoever stood in line in vain comes again later, not at the moment at which they gave up.
  const at = reason === 'turn' ? new Date(until.getTime() + patience) : until;
  return new SourceRefused('throttled', `Not asked before ${at.toISOString()}: ${reasons[reason]}.`, { until: at });
}

const noticesMax = 10_000;
// Two looks at one block differ by a little.
const toleranceMs = 2_000;

/** Tells the screens of a workspace once that a block began, and once that it is over. */
function openNotices(store: Pick<Store, 'app'>): {
  begin(ask: Ask, until: Date): Promise<void>;
  end(ask: Ask, isOver: boolean): Promise<void>;
} {
  const notices = new Map<string, number>();
  const announce = (workspaceId: string): Promise<void> => announceChange(store.app, workspaceId, { sources: true });
  const keyOf = ({ workspaceId, budget, resource }: Ask): string => JSON.stringify([workspaceId, budget, resource]);
  return {
    begin: async (ask, until) => {
      if (ask.workspaceId === undefined) return;
      const known = notices.get(keyOf(ask));
      if (known !== undefined && Math.abs(known - until.getTime()) < toleranceMs) return;
      if (notices.size >= noticesMax) notices.clear();
      notices.set(keyOf(ask), until.getTime());
      await announce(ask.workspaceId);
    },
    end: async (ask, isOver) => {
      const wasTold = notices.delete(keyOf(ask));
      if (ask.workspaceId !== undefined && (wasTold || isOver)) await announce(ask.workspaceId);
    },
  };
}

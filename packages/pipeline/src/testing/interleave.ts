import { setTimeout as sleep } from 'node:timers/promises';
import { type KyselyPlugin, sql } from 'kysely';
import type { Store } from '@devpulse/db/open-store';

/** Somebody who works on the store, statement by statement, next to others. */
export interface Actor {
  name: string;
  /** Works on the store that it is lent; its every statement waits for its turn. */
  run(store: Store): Promise<unknown>;
}

/** Says whose turn it is, of those that wait for one. */
export type Choose = (waiting: readonly string[]) => string;

/**
 * Lets several transactions run against a real database in one chosen order of their statements. After every statement its actor
 * waits for a turn; one that waits for a lock of the database is left alone until another's progress lets it go on.
 */
export async function interleave(store: Store, actors: readonly Actor[], choose: Choose): Promise<void> {
  const stages = actors.map((actor) => new Stage(actor, store));
  while (stages.some((stage) => stage.state !== 'done')) {
    await settle(store, stages);
    const waiting = stages.filter((stage) => stage.state === 'waiting');
    // Nobody waits when a lock was given back a moment ago and its next holder is not yet on its way.
    if (waiting.length === 0) continue;
    const chosen = choose(waiting.map((stage) => stage.name));
    waiting.find((stage) => stage.name === chosen)?.go();
  }
  const faults = stages.flatMap((stage) => (stage.fault === undefined ? [] : [stage.fault]));
  if (faults.length > 0) throw new AggregateError(faults, `failed: ${faults.map(String).join('; ')}`);
}

type StageState = 'running' | 'waiting' | 'done';

class Stage {
  readonly name: string;
  state: StageState = 'running';
  fault: unknown;
  #go: () => void = () => undefined;
  #stopped = Promise.withResolvers<void>();

  constructor(actor: Actor, store: Store) {
    this.name = actor.name;
    void this.#play(actor, store);
  }

  async #play(actor: Actor, store: Store): Promise<void> {
    try {
      await this.#turn();
      await actor.run(this.#lend(store));
    } catch (error) {
      this.fault = error;
    } finally {
      this.#stop('done');
    }
  }

  go(): void {
    this.state = 'running';
    this.#stopped = Promise.withResolvers<void>();
    this.#go();
  }

  /** Resolves when it runs no more. */
  stopped(): Promise<void> {
    return this.#stopped.promise;
  }

  #stop(state: StageState): void {
    this.state = state;
    this.#stopped.resolve();
  }

  async #turn(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#go = resolve;
      this.#stop('waiting');
    });
  }

  #lend(store: Store): Store {
    const stopAfterEach: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        await this.#turn();
        return result;
      },
    };
    return {
      ...store,
      inWorkspace: (workspaceId, work, options) =>
        store.inWorkspace(workspaceId, (trx) => work(trx.withPlugin(stopAfterEach)), options),
    };
  }
}

// Most statements are done before; asking the database who waits for a lock costs more than they do.
const patienceMs = 10;

/** Waits until everybody waits for a turn, waits for a lock, or is done. */
async function settle(store: Store, stages: readonly Stage[]): Promise<void> {
  for (;;) {
    const running = stages.filter((stage) => stage.state === 'running');
    if (running.length === 0) return;
    const late = new AbortController();
    await Promise.race([
      Promise.all(running.map((stage) => stage.stopped())),
      sleep(patienceMs, undefined, late).catch(() => undefined),
    ]);
    late.abort();
    const still = stages.filter((stage) => stage.state === 'running').length;
    if (still === 0 || still === (await countLocked(store))) return;
  }
}

async function countLocked(store: Store): Promise<number> {
  const { rows } = await sql<{ locked: number }>`
    select count(*) as locked from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(
    store.app,
  );
  return rows[0]?.locked ?? 0;
}

/** One actor goes so many steps, then the others do all they can, then it goes on. */
export function pauseAfter(name: string, steps: number): Choose & { wasPaused(): boolean } {
  let left = steps;
  let paused = false;
  const choose = (waiting: readonly string[]): string => {
    const others = waiting.filter((other) => other !== name);
    if (waiting.includes(name) && (left > 0 || others.length === 0)) {
      left -= 1;
      return name;
    }
    paused ||= waiting.includes(name);
    return others[0] ?? name;
  };
  return Object.assign(choose, { wasPaused: () => paused });
}

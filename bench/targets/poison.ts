import { openCapture } from '@devpulse/pipeline/capture/open-capture';
import { drainInbox } from '@devpulse/pipeline/derive/drain-inbox';
import type { DrainOptions } from '@devpulse/pipeline/derive/drain-options';
import { ParsePool } from '@devpulse/pipeline/derive/parse-pool';
import { commitOf, reachOf } from '@devpulse/pipeline/testing/history';
import { type BenchServer, openBenchServer } from '../method/bench-store.ts';
import { divideRounds, measureInTurns } from '../method/rounds.ts';
import { type BenchContext, type BenchTarget, bySize } from '../method/target.ts';
import { timeSeconds } from '../method/time-seconds.ts';
import { judgeRatio, type Row, voidRows } from '../method/verdict.ts';

/** F26: events that throw, loop or hoard must not slow down the others. */
export const poison: BenchTarget = { id: 'F26', title: 'Good events among poisoned ones', run: measurePoison };

const poisonKinds = ['throws', 'loops', 'devours'];
const poisoned = 20;

type Way = 'alone' | 'throwing' | 'mixed' | 'beside';

async function measurePoison(context: BenchContext): Promise<Row[]> {
  const good = bySize(context, { quick: 2000, default: 5000 });
  const run = new PoisonRuns(await openBenchServer(context.scope), good);
  const measure = (way: Way) => () => run.measure(way);
  const { alone, throwing, mixed, beside } = await measureInTurns(
    { alone: measure('alone'), throwing: measure('throwing'), mixed: measure('mixed'), beside: measure('beside') },
    { rounds: context.rounds, onStep: (text) => context.say(text) },
  );
  const baseline = `the same ${good} events without poisoned ones, in the same rounds`;
  const judge = (what: string, seconds: number[]): Row =>
    judgeRatio({ target: 'F26', what, baseline, samples: { alone, seconds } }, divideRounds(alone, seconds), {
      atLeast: 0.9,
    });
  const rows = [
    judge(`${poisoned} that throw among them (good events a second)`, throwing),
    judge(`${poisoned} that throw, loop or hoard among them, met for the first time`, mixed),
    judge(`${poisoned} that throw, loop or hoard, tried again beside them`, beside),
  ];
  return run.fault === null ? rows : voidRows(rows, `Void: ${run.fault}.`);
}

class PoisonRuns {
  fault: string | null = null;
  readonly #server: BenchServer;
  readonly #good: number;

  constructor(server: BenchServer, good: number) {
    this.#server = server;
    this.#good = good;
  }

  /** Seconds until the lane of fresh events is empty. */
  async measure(way: Way): Promise<number> {
    const database = await this.#server.addDatabase();
    const { store, admin, workspaceId } = database;
    const pools = openPoisonPools();
    const capture = openCapture({ store });
    if (way === 'beside') {
      await capture.add(makePoison(workspaceId, poisonKinds));
      await admin.query('update raw_events set attempts = 1');
    }
    await capture.add(
      this.#makeEvents(workspaceId, way === 'throwing' ? ['throws'] : way === 'mixed' ? poisonKinds : []),
    );
    await capture.close();
    await admin.query('checkpoint');
    // Threads that start when first needed are not what is measured.
    await Promise.all([pools.fresh.parse(workspaceId, []), pools.retry.parse(workspaceId, [])]);
    const stop = new AbortController();
    const drain = { store, pools, log: (): void => undefined, signal: stop.signal };
    const retrying = way === 'beside' ? drainInbox(drain, workspaceId, 'retry') : null;
    const seconds = await timeSeconds(() => drainInbox(drain, workspaceId, 'fresh'));
    stop.abort();
    await retrying;
    const { rows } = await admin.query(`select count(*) as done from raw_events where state = 'done'`);
    if (Number(rows[0]?.['done']) !== this.#good)
      this.fault = `${Number(rows[0]?.['done'])} of ${this.#good} good events were read`;
    await Promise.all([pools.fresh.close(), pools.retry.close()]);
    await database.drop();
    return seconds;
  }

  #makeEvents(workspaceId: string, kinds: string[]): EventRow[] {
    const events = Array.from({ length: this.#good }, (_, index) =>
      makeEvent(
        workspaceId,
        'facts',
        `good ${index}`,
        JSON.stringify([commitOf(index + 1), reachOf('a', [index + 1])]),
      ),
    );
    const every = Math.floor(this.#good / poisoned);
    for (const [index, row] of makePoison(workspaceId, kinds).entries()) events.splice(index * (every + 1), 0, row);
    return events;
  }
}

type EventRow = Parameters<ReturnType<typeof openCapture>['add']>[0][number];

function makePoison(workspaceId: string, kinds: string[]): EventRow[] {
  if (kinds.length === 0) return [];
  return Array.from({ length: poisoned }, (_, index) => {
    const kind = kinds[index % kinds.length] ?? '';
    return makeEvent(workspaceId, kind, `${kind} ${index}`, '{}');
  });
}

function makeEvent(workspaceId: string, kind: string, key: string, body: string): EventRow {
  return { workspaceId, source: 'plain', key, kind, arrival: 'push', body: Buffer.from(body) };
}

/** As the program opens them, with the connector of the tests, which can do all this. */
function openPoisonPools(): DrainOptions['pools'] {
  const registry = import.meta.resolve('@devpulse/pipeline/testing/registry');
  return {
    fresh: new ParsePool({ registry, setAsideMs: 25, eventTimeoutMs: 2000 }),
    retry: new ParsePool({ registry, batchTimeoutMs: 5000, isPatient: true }),
  };
}

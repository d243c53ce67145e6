import path from 'node:path';
import { openCapture } from '@devpulse/pipeline/capture/open-capture';
import { replayRawEvents } from '@devpulse/pipeline/capture/read-events';
import { drainInbox } from '@devpulse/pipeline/derive/drain-inbox';
import type { DrainOptions } from '@devpulse/pipeline/derive/drain-options';
import { openPools } from '@devpulse/server/runtime/open-pools';
import { type BenchDatabase, type BenchServer, openBenchServer } from './bench-store.ts';
import { findDurabilityFault } from './durability.ts';
import { countFacts, countMarks, countWrittenSince, factTables, readTransaction } from './fact-tables.ts';
import { captureEvents, collectEvents } from './git-events.ts';
import { shareHistory } from './git-history.ts';
import { measureInTurns } from './rounds.ts';
import { Scope } from './scope.ts';
import { type BenchContext, shareInRun } from './target.ts';
import { timeSeconds } from './time-seconds.ts';

/** Seconds of each round, and what was found beside them. */
export interface Backfill {
  facts: number;
  first: number[];
  replay: number[];
  copy: number[];
  /** Seconds of the first load spent in the parsing thread, and in writing facts and marks. */
  parse: number[];
  apply: number[];
  rowsChanged: number;
  marks: number;
  /** What makes the figures worthless. */
  fault: string | null;
}

/** Loads the same history again and again, replays it, and copies the same rows: what T5 and T7 are judged by. */
export const measureBackfill: (context: BenchContext) => Promise<Backfill> = shareInRun(async (context) => {
  const scope = new Scope();
  context.scope.defer(() => scope.close());
  const history = await shareHistory(context);
  const server = await openBenchServer(scope);
  const events = await collectEvents(history.folder);
  const pools = openPools();
  scope.defer(() => Promise.all([pools.fresh.close(), pools.retry.close()]));
  const load = { server, events, pools };
  const sum: Backfill = {
    facts: 0,
    first: [],
    replay: [],
    copy: [],
    parse: [],
    apply: [],
    rowsChanged: 0,
    marks: 0,
    fault: null,
  };
  context.say('a first load, from which the rows to copy are taken');
  const sample = await loadOnce(load);
  sum.facts = sample.facts;
  sum.fault = (await findDurabilityFault(sample.database.admin)) ?? sample.fault;
  const floor = await prepareCopies(sample.database);
  const { copy } = await measureInTurns(
    {
      load: async () => {
        const once = await loadOnce(load);
        await once.database.drop();
        sum.first.push(once.first);
        sum.replay.push(once.replay);
        sum.parse.push(once.parse);
        sum.apply.push(once.apply);
        sum.rowsChanged += once.rowsChanged;
        sum.marks += once.marks;
        sum.fault ??= once.fault;
        return once.first;
      },
      copy: floor,
    },
    { rounds: context.rounds, onStep: (text) => context.say(text) },
  );
  sum.copy = copy;
  await scope.close();
  return sum;
});

interface Load {
  server: BenchServer;
  events: Awaited<ReturnType<typeof collectEvents>>;
  pools: DrainOptions['pools'];
}

type Once = Record<'facts' | 'first' | 'replay' | 'parse' | 'apply' | 'rowsChanged' | 'marks', number> & {
  database: BenchDatabase;
  fault: string | null;
};

async function loadOnce({ server, events, pools }: Load): Promise<Once> {
  const database = await server.addDatabase();
  const { store, admin, workspaceId } = database;
  const capture = openCapture({ store });
  await captureEvents(capture, workspaceId, events);
  await capture.close();
  await admin.query('checkpoint');
  const stages = new StageClock();
  const drain = { store, pools, log: (): void => undefined };
  const first = await timeSeconds(() =>
    drainInbox({ ...drain, onStep: (step) => stages.pass(step) }, workspaceId, 'fresh'),
  );
  const facts = await countFacts(admin);
  await admin.query('delete from rollup_stale');
  const before = await readTransaction(admin);
  await replayRawEvents({ store, workspaceId });
  await admin.query('vacuum raw_events');
  await admin.query('checkpoint');
  const replay = await timeSeconds(() => drainInbox(drain, workspaceId, 'fresh'));
  const { rows } = await admin.query(`select count(*) as events from raw_events where state = 'done'`);
  const done = Number(rows[0]?.['events']);
  return {
    database,
    facts,
    first,
    replay,
    ...stages.seconds,
    rowsChanged: await countWrittenSince(admin, before),
    marks: await countMarks(admin),
    fault: done === events.length ? null : `${events.length - done} of ${events.length} events were not read`,
  };
}

/** Adds up how long batches stay in each stage. */
class StageClock {
  readonly seconds = { parse: 0, apply: 0 };
  #last = 0;

  pass(step: 'claimed' | 'parsed' | 'applied'): void {
    const now = performance.now() / 1000;
    if (step === 'parsed') this.seconds.parse += now - this.#last;
    if (step === 'applied') this.seconds.apply += now - this.#last;
    this.#last = now;
  }
}

/** The floor B3: the server copies the same rows from files into empty tables with the same keys and indexes, and no more. */
async function prepareCopies({ admin }: BenchDatabase): Promise<() => Promise<number>> {
  const { rows } = await admin.query('show data_directory');
  const folder = String(rows[0]?.['data_directory']);
  const fileOf = (table: string): string => `'${path.join(folder, `bench_${table}.copy`)}'`;
  for (const table of factTables) await admin.query(`copy ${table} to ${fileOf(table)}`);
  return async () => {
    await admin.query('drop schema if exists floor cascade; create schema floor');
    for (const table of factTables) await admin.query(`create table floor.${table} (like ${table} including all)`);
    await admin.query('checkpoint');
    return timeSeconds(async () => {
      for (const table of factTables) await admin.query(`copy floor.${table} from ${fileOf(table)}`);
    });
  };
}

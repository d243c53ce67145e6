import { openCapture } from '@devpulse/pipeline/capture/open-capture';
import { replayRawEvents } from '@devpulse/pipeline/capture/read-events';
import { findAckFault } from '../method/acks.ts';
import { dashboardPaths } from '../method/dashboard.ts';
import { findDurabilityFault } from '../method/durability.ts';
import { captureEvents, collectEvents } from '../method/git-events.ts';
import { shareHistory } from '../method/git-history.ts';
import { type BenchProgram, openProgram } from '../method/open-program.ts';
import { divideRounds, measureInTurns } from '../method/rounds.ts';
import { runLoad } from '../method/run-load.ts';
import { awaitSettled } from '../method/settle.ts';
import { countStored } from '../method/stored-events.ts';
import { type BenchContext, type BenchTarget, bySize } from '../method/target.ts';
import { judgeCeiling, judgeRatio, type Row, voidRows } from '../method/verdict.ts';

const acksPerSecond = 100;
const readsPerSecond = 20;

/** T3: how long a sender waits while the same process backfills, counts and serves. */
export const ackUnderLoad: BenchTarget = { id: 'T3', title: 'Acknowledgement under load', run: measureUnderLoad };

async function measureUnderLoad(context: BenchContext): Promise<Row[]> {
  const program = await openProgram(context.scope);
  const events = await collectEvents((await shareHistory(context)).folder);
  const capture = openCapture({ store: program.store });
  context.say(`storing ${events.length} events to read`);
  await captureEvents(capture, program.workspaceId, events);
  await capture.close();
  const door = new Door(context, program);
  await door.send(1);
  await awaitSettled(program.admin);
  const seconds = bySize(context, { quick: 3, default: 8 });
  const p99 = await measureInTurns(
    {
      quiet: () => door.send(seconds),
      loaded: () => door.sendUnderLoad(seconds),
    },
    { rounds: context.rounds, onStep: (text) => context.say(text) },
  );
  const what = `${acksPerSecond} acknowledgements a second beside a first load of ${events.length} events, the counting of all its days and ${readsPerSecond} dashboard reads a second`;
  const rows = [
    judgeRatio(
      {
        target: 'T3',
        what: `${what}: p99`,
        baseline: 'p99 of the same senders while nothing else happens',
        samples: p99,
      },
      divideRounds(p99.loaded, p99.quiet),
      { atMost: 5 },
    ),
    judgeCeiling({ target: 'T3', what: 'The slowest of these acknowledgements', baseline: 'none' }, door.slowest, {
      atMost: 2000,
      unit: 'ms',
    }),
    judgeCeiling(
      { target: 'T3', what: 'Answers other than 2xx to senders and readers', baseline: 'none' },
      [door.failed],
      { atMost: 0, unit: 'answers' },
    ),
  ];
  const fault = (await findDurabilityFault(program.admin)) ?? door.fault;
  return fault === null ? rows : voidRows(rows, `Void: ${fault}.`);
}

class Door {
  readonly #context: BenchContext;
  readonly #program: BenchProgram;
  #phases = 0;
  readonly slowest: number[] = [];
  failed = 0;
  fault: string | null = null;

  constructor(context: BenchContext, program: BenchProgram) {
    this.#context = context;
    this.#program = program;
  }

  async send(seconds: number): Promise<number> {
    const { result } = await this.#send(seconds);
    return result.p99;
  }

  /** Forgets all facts and has them read anew, while others send and read. */
  async sendUnderLoad(seconds: number): Promise<number> {
    const { admin, store, workspaceId, port, token } = this.#program;
    await admin.query(
      'truncate fact_commits, fact_commit_credits, fact_commit_files, fact_commit_reach, rollup_days cascade',
    );
    await replayRawEvents({ store, workspaceId, filter: { source: 'git' } });
    const reading = runLoad(this.#context.scope, {
      port,
      token,
      mode: 'open',
      rate: readsPerSecond,
      connections: 20,
      seconds,
      warmupSeconds: 1,
      paths: dashboardPaths({ from: '2022-01-01', to: '2022-12-31' }),
    });
    const { result, prefix } = await this.#send(seconds);
    const { rows } = await admin.query(`select count(*) as commits from fact_commits`);
    if (Number(rows[0]?.['commits']) === 0) this.fault ??= 'nothing was loaded while the acknowledgements were timed';
    const reads = await reading;
    this.failed += reads.failed;
    this.slowest.push(result.max);
    await awaitSettled(admin);
    await admin.query('delete from raw_events where item_key like $1', [`${prefix}-%`]);
    return result.p99;
  }

  async #send(seconds: number): Promise<{ result: Awaited<ReturnType<typeof runLoad>>; prefix: string }> {
    const { port, token, admin } = this.#program;
    const prefix = `busy${(this.#phases += 1)}`;
    const result = await runLoad(this.#context.scope, {
      port,
      token,
      mode: 'open',
      rate: acksPerSecond,
      connections: 32,
      seconds,
      warmupSeconds: 1,
      events: { path: '/api/v1/events', prefix, bytes: 8192, secret: 'bench' },
    });
    this.failed += result.failed;
    this.fault ??= findAckFault(result, await countStored(admin, prefix));
    return { result, prefix };
  }
}

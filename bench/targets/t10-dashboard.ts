import { loadMetrics } from '@devpulse/server/runtime/load-extensions';
import { readMetric } from '@devpulse/pipeline/serve/read-metric';
import { findAckFault } from '../method/acks.ts';
import { dashboardPaths } from '../method/dashboard.ts';
import { type FactHistory, lastDay, shareFactHistories } from '../method/fact-history.ts';
import { divideRounds, measureInTurns } from '../method/rounds.ts';
import { runLoad } from '../method/run-load.ts';
import { countStored, emptyInbox } from '../method/stored-events.ts';
import { type BenchContext, type BenchTarget, bySize } from '../method/target.ts';
import { timeSeconds } from '../method/time-seconds.ts';
import { judgeCeiling, judgeRatio, type Row, voidRows } from '../method/verdict.ts';

const firstDay = '2025-07-01';
const readsPerSecond = 50;

/** T10: what a dashboard costs when the history is long. */
export const dashboard: BenchTarget = { id: 'T10', title: 'Dashboard over a long history', run: measureDashboard };

async function measureDashboard(context: BenchContext): Promise<Row[]> {
  const { small, large } = await shareFactHistories(context);
  const steps = { rounds: context.rounds, onStep: (text: string) => context.say(text) };
  const reads = new Reads(context);
  await reads.send(small, 1);
  await reads.send(large, 1);
  const seconds = bySize(context, { quick: 2, default: 5 });
  const database = await measureInTurns({ read: () => readOnce(large), raw: () => aggregateOnce(large) }, steps);
  const p99 = await measureInTurns(
    { large: () => reads.send(large, seconds), small: () => reads.send(small, seconds) },
    steps,
  );
  const size = `${large.facts} facts`;
  const rows = [
    judgeRatio(
      {
        target: 'T10',
        what: `A year of commits by day over ${size}, in the store`,
        baseline: 'the same numbers grouped from the facts of the whole history',
        samples: database,
      },
      divideRounds(database.read, database.raw),
      { atMost: 0.01 },
    ),
    judgeRatio(
      {
        target: 'T10',
        what: `Dashboard reads over the API, ${readsPerSecond} a second, over ${size}: p99`,
        baseline: `p99 of the same at ${small.facts} facts`,
        samples: p99,
      },
      divideRounds(p99.large, p99.small),
      { atMost: 1.5 },
    ),
    ...(await measureBesideAcks(context, large, reads)),
  ];
  return reads.failed === 0 ? rows : voidRows(rows, `Void: ${reads.failed} reads failed: ${reads.firstFailure ?? ''}.`);
}

/** Half of what the door takes at most is measured here first: the figure must be of this machine and this minute. */
async function measureBesideAcks(context: BenchContext, history: FactHistory, reads: Reads): Promise<Row[]> {
  const { port, token, admin } = history.program;
  let phases = 0;
  let fault: string | null = null;
  const send = async (mode: 'closed' | 'open', seconds: number, rate?: number): Promise<number> => {
    const prefix = `beside${(phases += 1)}`;
    const events = { path: '/api/v1/events', prefix, bytes: 8192, secret: 'bench' };
    const result = await runLoad(context.scope, {
      port,
      token,
      mode,
      connections: 32,
      seconds,
      warmupSeconds: 1,
      events,
      ...(rate === undefined ? {} : { rate }),
    });
    fault ??= findAckFault(result, await countStored(admin, prefix));
    await emptyInbox(admin);
    return result.rate;
  };
  const most = await send('closed', 3);
  const half = Math.floor(most / 2);
  const seconds = bySize(context, { quick: 2, default: 5 });
  const found: number[] = [];
  for (let round = 0; round < context.rounds; round += 1) {
    context.say(`reads beside ${half} acknowledgements a second ${round + 1}/${context.rounds}`);
    const acks = send('open', seconds, half);
    found.push(await reads.send(history, seconds));
    await acks;
  }
  const row = judgeCeiling(
    {
      target: 'T10',
      what: `The same reads while ${half} events a second are taken in (half of the most): p99`,
      baseline: 'none',
      samples: { p99: found },
    },
    found,
    { atMost: 50, unit: 'ms' },
  );
  return fault === null ? [row] : voidRows([row], `Void: ${String(fault)}.`);
}

class Reads {
  readonly #context: BenchContext;
  failed = 0;
  firstFailure: string | null = null;

  constructor(context: BenchContext) {
    this.#context = context;
  }

  async send({ program }: FactHistory, seconds: number): Promise<number> {
    const result = await runLoad(this.#context.scope, {
      port: program.port,
      token: program.token,
      mode: 'open',
      rate: readsPerSecond,
      connections: 16,
      seconds,
      warmupSeconds: 1,
      paths: dashboardPaths({ from: firstDay, to: lastDay }),
    });
    this.failed += result.failed;
    this.firstFailure ??= result.firstFailure;
    return result.p99;
  }
}

/** The whole way of a number through the serving code, which is more than the store's share of it. */
async function readOnce({ program }: FactHistory): Promise<number> {
  const { store, workspaceId, ownerId } = program;
  const question = {
    store,
    metrics: loadMetrics(),
    viewer: { workspaceId, personId: ownerId },
    metricId: 'commits',
    query: { subject: 'workspace', from: firstDay, to: lastDay, by: 'day' } as const,
    now: new Date(`${lastDay}T20:00:00Z`),
  };
  const times = 20;
  return (
    (await timeSeconds(async () => {
      for (let count = 0; count < times; count += 1) await readMetric(question);
    })) / times
  );
}

async function aggregateOnce({ program }: FactHistory): Promise<number> {
  const commits = loadMetrics().get('commits');
  if (commits === undefined || !('sql' in commits)) throw new Error('there is no metric of commits');
  return timeSeconds(() =>
    program.admin
      .query(`select (at at time zone 'Europe/Berlin')::date, count(distinct item) from (${commits.sql}) items
      where workspace_id = '${program.workspaceId}' and left_out is null group by 1`),
  );
}

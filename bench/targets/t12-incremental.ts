import { markCommitsStale } from '@devpulse/pipeline/derive/mark-stale';
import { rollUp } from '@devpulse/pipeline/rollup/roll-up';
import { loadMetrics } from '@devpulse/server/runtime/load-extensions';
import { type FactHistory, shareFactHistories, writeCommits } from '../method/fact-history.ts';
import { divideRounds, measureInTurns } from '../method/rounds.ts';
import { type BenchContext, type BenchTarget, bySize } from '../method/target.ts';
import { timeSeconds } from '../method/time-seconds.ts';
import { judgeRatio, type Row } from '../method/verdict.ts';

const days = 30;
const factsPerCommit = 5.9;

/** T12: counting only what new facts touched. */
export const incremental: BenchTarget = { id: 'T12', title: 'Incremental counting', run: measureIncremental };

async function measureIncremental(context: BenchContext): Promise<Row[]> {
  const { small, large } = await shareFactHistories(context);
  const facts = bySize(context, { quick: 2000, default: 10_000 });
  const commits = Math.round(facts / factsPerCommit);
  const counting = { small: new Counting(small, commits), large: new Counting(large, commits) };
  const seconds = await measureInTurns(
    {
      large: () => counting.large.add(),
      small: () => counting.small.add(),
      upsert: () => counting.large.upsert(),
    },
    { rounds: context.rounds, onStep: (text) => context.say(text) },
  );
  // The large history's rows a second, by what was really in the touched days in each round.
  const rate = counting.large.rows.map((rows, index) => rows / (seconds.large[index] ?? Number.NaN));
  const floor = counting.large.upserted.map((rows, index) => rows / (seconds.upsert[index] ?? Number.NaN));
  const what = `Counting the days of ${facts} new facts of the last ${days} days`;
  return [
    judgeRatio(
      {
        target: 'T12',
        what: `${what} at a history of ${large.facts} (time)`,
        baseline: `the same at a history of ${small.facts}`,
        samples: { large: seconds.large, small: seconds.small },
      },
      divideRounds(seconds.large, seconds.small),
      { atMost: 1.5 },
    ),
    judgeRatio(
      {
        target: 'T12',
        what: `${what} (rows of days a second)`,
        baseline: 'a raw upsert of the same rows into the same table',
        samples: { counted: rate, upserted: floor },
      },
      divideRounds(rate, floor),
      { atLeast: 0.5 },
    ),
  ];
}

class Counting {
  readonly #history: FactHistory;
  readonly #commits: number;
  #next: number;
  readonly rows: number[] = [];
  readonly upserted: number[] = [];

  constructor(history: FactHistory, commits: number) {
    this.#history = history;
    this.#commits = commits;
    this.#next = history.commits + 1;
  }

  /** Adds new commits and counts the days they touch; writing the commits is not part of the time. */
  async add(): Promise<number> {
    const { program } = this.#history;
    const { store, workspaceId, admin } = program;
    const shas = await writeCommits(program, { from: this.#next, to: this.#next + this.#commits - 1, days });
    this.#next += this.#commits;
    await store.inWorkspace(workspaceId, (trx) => markCommitsStale(trx, shas));
    await admin.query(
      'drop table if exists bench_cells; create table bench_cells as select distinct subject_kind, subject_id, day from rollup_stale',
    );
    const seconds = await timeSeconds(() => rollUp({ store, metrics: loadMetrics() }, workspaceId));
    const { rows } = await admin.query(
      `select count(*) as rows from rollup_days join bench_cells using (subject_kind, subject_id, day)`,
    );
    this.rows.push(Number(rows[0]?.['rows']));
    return seconds;
  }

  /** Writes the rows of the days touched last once more, as they are. */
  async upsert(): Promise<number> {
    const { admin } = this.#history.program;
    // The first round begins with the large history, later ones may begin here.
    await admin.query(
      'drop table if exists bench_rows; create table bench_rows as select d.* from rollup_days d join bench_cells using (subject_kind, subject_id, day)',
    );
    const { rows } = await admin.query('select count(*) as rows from bench_rows');
    this.upserted.push(Number(rows[0]?.['rows']));
    return timeSeconds(() =>
      admin.query(`insert into rollup_days select * from bench_rows
        on conflict (workspace_id, subject_kind, subject_id, metric, resource_id, day, part) do update
        set n = excluded.n, value = excluded.value, base = excluded.base, samples = excluded.samples`),
    );
  }
}

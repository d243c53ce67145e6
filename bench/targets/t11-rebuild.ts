import { isCounted } from '@devpulse/pipeline/lens/items';
import { markWorkspaceStale } from '@devpulse/pipeline/derive/mark-stale';
import { rollUp } from '@devpulse/pipeline/rollup/roll-up';
import { openClient } from '@devpulse/db/connection';
import { loadMetrics } from '@devpulse/server/runtime/load-extensions';
import { enterWorkspace, shareFactHistories, type FactHistory } from '../method/fact-history.ts';
import { readRss } from '../method/memory.ts';
import type { Querying } from '../method/querying.ts';
import { divideRounds, measureInTurns } from '../method/rounds.ts';
import { straightness } from '../method/statistics.ts';
import type { BenchContext, BenchTarget } from '../method/target.ts';
import { timeSeconds } from '../method/time-seconds.ts';
import { formatFigure, judgeCeiling, judgeRatio, type Row, tellRatio } from '../method/verdict.ts';

/** T11: counting every day anew, beside grouping the same items once. */
export const rebuild: BenchTarget = { id: 'T11', title: 'Rebuild of all days', run: measureRebuild };

async function measureRebuild(context: BenchContext): Promise<Row[]> {
  const { small, large } = await shareFactHistories(context);
  const client = await openClient(small.program.store.logins.app, 'bench floor', () => undefined);
  context.scope.defer(() => client.end());
  await enterWorkspace(client, small.program.workspaceId);
  await client.query('set max_parallel_workers_per_gather = 0');
  const seconds = await measureInTurns(
    {
      rebuild: () => rebuildOnce(small),
      groups: () => timeSeconds(() => groupEveryMetric(client)),
      commits: () => timeSeconds(() => groupCommits(client)),
    },
    { rounds: context.rounds, onStep: (text) => context.say(text) },
  );
  const what = `Rebuild of all days of ${small.facts} facts (time)`;
  return [
    judgeRatio(
      {
        target: 'T11',
        what,
        baseline:
          'B4: for each of the same metrics one plain GROUP BY of its items by person, repository, day and part, one processor',
        samples: seconds,
      },
      divideRounds(seconds.rebuild, seconds.groups),
      { atMost: 2.5 },
    ),
    tellRatio(
      { target: 'T11', what, baseline: 'a single GROUP BY of commits by day', samples: seconds },
      divideRounds(seconds.rebuild, seconds.commits),
    ),
    ...(await judgeGrowth(context, { small, large, seconds: seconds.rebuild })),
  ];
}

async function judgeGrowth(
  context: BenchContext,
  known: { small: FactHistory; large: FactHistory; seconds: number[] },
): Promise<Row[]> {
  const { small, large } = known;
  const before = readRss(process.pid);
  let peak = before;
  const timer = setInterval(() => (peak = Math.max(peak, readRss(process.pid))), 100);
  context.say(`rebuilding half of ${large.facts} facts`);
  // The whole of the large history was timed when it was made; a minute more for the same figure is not worth it.
  const points = [
    { x: 0, y: 0 },
    ...known.seconds.map((y) => ({ x: small.facts, y })),
    { x: large.facts / 2, y: await rebuildShare(large, 0.5) },
    { x: large.facts, y: large.rollupSeconds },
  ];
  clearInterval(timer);
  const line = straightness(points);
  const extra = (peak - before) / 2 ** 20;
  return [
    {
      target: 'T11',
      what: `Straightness of time over size, to ${large.facts} facts (R²)`,
      wanted: '≥ 0.98',
      figure: formatFigure(line),
      value: line,
      spread: null,
      verdict: line >= 0.98 ? 'pass' : 'miss',
      baseline: 'none',
      samples: { facts: points.map(({ x }) => x), seconds: points.map(({ y }) => y) },
    },
    judgeCeiling(
      { target: 'T11', what: `Memory of the counting process on top (${large.facts} facts)`, baseline: 'none' },
      [extra],
      { atMost: 256, unit: 'MiB' },
    ),
  ];
}

async function rebuildOnce({ program }: FactHistory): Promise<number> {
  const { store, workspaceId } = program;
  await store.inWorkspace(workspaceId, (trx) => markWorkspaceStale(trx));
  return timeSeconds(() => rollUp({ store, metrics: loadMetrics() }, workspaceId));
}

/** Counts the older part of the days anew: a history of that share of the size. */
async function rebuildShare(history: FactHistory, share: number): Promise<number> {
  const { store, workspaceId, admin } = history.program;
  await store.inWorkspace(workspaceId, (trx) => markWorkspaceStale(trx));
  await admin.query(
    `delete from rollup_stale where day > (select min(day) + ((max(day) - min(day)) * $1::float)::int from rollup_stale)`,
    [share],
  );
  return timeSeconds(() => rollUp({ store, metrics: loadMetrics() }, workspaceId));
}

async function groupEveryMetric(client: Querying): Promise<void> {
  for (const metric of [...loadMetrics().values()].filter(isCounted)) {
    await client.query(`select count(*) from (
      select workspace_id, person_id, resource_id, (at at time zone 'Europe/Berlin')::date, part, count(*), sum(amount)
      from (${metric.sql}) items where left_out is null group by 1, 2, 3, 4, 5) grouped`);
  }
}

async function groupCommits(client: Querying): Promise<void> {
  await client.query(
    `select workspace_id, (authored_at at time zone 'Europe/Berlin')::date, is_merge, count(*) from fact_commits group by 1, 2, 3`,
  );
}

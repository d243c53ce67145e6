import { openClient } from '@devpulse/db/connection';
import { loadMetrics } from '@devpulse/server/runtime/load-extensions';
import { isCounted } from '@devpulse/pipeline/lens/items';
import { enterWorkspace, lastDay, shareFactHistories } from '../method/fact-history.ts';
import type { Querying } from '../method/querying.ts';
import { divideRounds, measureInTurns } from '../method/rounds.ts';
import { quantile } from '../method/statistics.ts';
import { type BenchContext, type BenchTarget, bySize } from '../method/target.ts';
import { judgeRatio, type Row } from '../method/verdict.ts';

/** T22: what row-level security costs. */
export const isolationPrice: BenchTarget = { id: 'T22', title: 'Price of row-level security', run: measurePrice };

async function measurePrice(context: BenchContext): Promise<Row[]> {
  const { program, facts } = (await shareFactHistories(context)).large;
  const bound = await openClient(program.store.logins.app, 'bench bound', () => undefined);
  context.scope.defer(() => bound.end());
  await enterWorkspace(bound, program.workspaceId);
  const rows: Row[] = [];
  for (const { name, text, times } of queriesOf(program.workspaceId)) {
    const most = bySize(context, { quick: Math.ceil(times / 5), default: times });
    const p50 = await measureInTurns(
      { bound: () => timeQuery(bound, text, most), free: () => timeQuery(program.admin, text, most) },
      { rounds: context.rounds, onStep: (step) => context.say(`${name}: ${step}`) },
    );
    rows.push(
      judgeRatio(
        {
          target: 'T22',
          what: `${name}, over ${facts} facts: p50`,
          baseline: 'the same query as superuser, whom no policy binds',
          samples: p50,
        },
        divideRounds(p50.bound, p50.free),
        { atMost: 1.3 },
      ),
    );
  }
  return rows;
}

/** Both sides get the same text, with the workspace named in it: without a policy it would have to be. */
function queriesOf(workspaceId: string): { name: string; text: string; times: number }[] {
  const commits = loadMetrics().get('commits');
  if (commits === undefined || !isCounted(commits)) throw new Error('there is no metric of commits');
  return [
    {
      name: 'A year of days as a dashboard reads them',
      times: 200,
      text: `select day, part, resource_id, n, value from rollup_days where workspace_id = '${workspaceId}' and subject_kind = 'workspace'
             and subject_id = '${workspaceId}' and metric = 'commits' and resource_id = '00000000-0000-0000-0000-000000000000'
             and day between date '${lastDay}' - 364 and date '${lastDay}' order by day, part`,
    },
    {
      name: 'The newest 50 commits as a receipt lists them',
      times: 200,
      text: `select sha, authored_at, repository_id from lens_commit_credits where workspace_id = '${workspaceId}'
             and authored_at > timestamptz '${lastDay}' - interval '7 days' order by authored_at desc, sha limit 50`,
    },
    {
      name: 'A month of commits counted from facts',
      times: 20,
      text: `select person_id, count(*) from (${commits.sql}) items where workspace_id = '${workspaceId}' and left_out is null
             and at >= timestamptz '${lastDay}' - interval '30 days' group by 1`,
    },
  ];
}

async function timeQuery(client: Querying, text: string, times: number): Promise<number> {
  const found: number[] = [];
  await client.query(text);
  for (let count = 0; count < times; count += 1) {
    const began = performance.now();
    await client.query(text);
    found.push(performance.now() - began);
  }
  return quantile(found, 0.5);
}

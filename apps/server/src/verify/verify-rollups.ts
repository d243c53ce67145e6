import { sql } from 'kysely';
import type { LoadedMetric } from '@devpulse/contract/metric';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { isCounted, type LoadedCounted } from '@devpulse/pipeline/lens/items';
import { type CellKey, computeCells } from '@devpulse/pipeline/rollup/compute-cells';

/** A cell whose stored row is not what facts give. */
export interface Difference {
  what: string;
  where: string;
  stored: string | null;
  expected: string | null;
}

const cellsPerRound = 4000;

/** Computes every day anew from facts, in memory of this transaction, and compares. Cells that wait to be counted are left out. */
export async function verifyRollups(
  trx: WorkspaceTransaction,
  metrics: ReadonlyMap<string, LoadedMetric>,
): Promise<{ compared: number; pending: number; differences: Difference[] }> {
  await sql`
    create temp table verify_cells on commit drop as
    select distinct kind, id, day, exists (
      select 1 from rollup_stale s where s.workspace_id = ${ownWorkspace} and s.subject_kind = cells.kind and s.subject_id = cells.id and s.day = cells.day
    ) as pending
    from (
      select 'person' as kind, coalesce(l.person_id, a.identity_id) as id,
             (a.at at time zone coalesce(p.zone, w.zone))::date as day
      from lens_acts a
      join workspaces w on w.id = a.workspace_id
      left join people_links l on l.workspace_id = a.workspace_id and l.identity_id = a.identity_id
      left join people p on p.workspace_id = a.workspace_id and p.id = coalesce(l.person_id, a.identity_id)
      where a.workspace_id = ${ownWorkspace} and a.identity_id is not null
      union select 'workspace', w.id, (a.at at time zone w.zone)::date
      from lens_acts a join workspaces w on w.id = a.workspace_id where a.workspace_id = ${ownWorkspace}
      union select subject_kind, subject_id, day from rollup_days where workspace_id = ${ownWorkspace}
    ) cells`.execute(trx);
  const { rows } = await sql<CellKey>`
    select c.kind, c.id, c.day, case when c.kind = 'workspace' then w.zone else coalesce(p.zone, w.zone) end as zone
    from verify_cells c
    join workspaces w on w.id = ${ownWorkspace}
    left join people p on p.workspace_id = w.id and p.id = c.id
    where not c.pending order by c.day, c.kind, c.id`.execute(trx);
  const pending = await sql<{
    count: number;
  }>`select count(*)::integer as count from verify_cells where pending`.execute(trx);
  const differences: Difference[] = [];
  for (let start = 0; start < rows.length; start += cellsPerRound) {
    const cells = rows.slice(start, start + cellsPerRound);
    for (const metric of metrics.values()) {
      if (isCounted(metric)) differences.push(...(await compareMetric(trx, metric, cells)));
    }
  }
  differences.push(...(await findUnknownMetrics(trx, metrics)));
  return { compared: rows.length, pending: pending.rows[0]?.count ?? 0, differences };
}

async function compareMetric(
  trx: WorkspaceTransaction,
  metric: LoadedCounted,
  cells: CellKey[],
): Promise<Difference[]> {
  const { rows } = await sql<{
    kind: string;
    subject_id: string;
    day: string;
    resource_id: string;
    part: string;
    stored: string | null;
    expected: string | null;
  }>`
    with expected as (select * from (${computeCells(metric, cells)}) computed),
    stored as (
      select d.subject_kind as kind, d.subject_id, d.metric, d.resource_id, d.day, d.part, d.n, d.value, d.base, d.samples, d.zone, d.metric_version
      from rollup_days d
      join json_to_recordset(${JSON.stringify(cells)}::json) as c (kind text, id uuid, day date)
        on c.kind = d.subject_kind and c.id = d.subject_id and c.day = d.day
      where d.workspace_id = ${ownWorkspace} and d.metric = ${metric.id}
    )
    select coalesce(e.kind, s.kind) as kind, coalesce(e.subject_id, s.subject_id) as subject_id, coalesce(e.day, s.day) as day,
           coalesce(e.resource_id, s.resource_id) as resource_id, coalesce(e.part, s.part) as part,
           to_jsonb(s.*)::text as stored, to_jsonb(e.*)::text as expected
    from expected e
    full join stored s on (s.kind, s.subject_id, s.resource_id, s.day, s.part) = (e.kind, e.subject_id, e.resource_id, e.day, e.part)
    where to_jsonb(s.*) is distinct from to_jsonb(e.*)`.execute(trx);
  return rows.map((row) => ({
    what: metric.id,
    where: `${row.kind} ${row.subject_id}, ${row.day}, repository ${row.resource_id}${row.part === '' ? '' : `, part ${row.part}`}`,
    stored: row.stored,
    expected: row.expected,
  }));
}

/** Rows of metrics that this program does not have cannot be proved. */
async function findUnknownMetrics(
  trx: WorkspaceTransaction,
  metrics: ReadonlyMap<string, LoadedMetric>,
): Promise<Difference[]> {
  const { rows } = await sql<{ metric: string; rows: number }>`
    select metric, count(*)::integer as rows from rollup_days where workspace_id = ${ownWorkspace} group by metric order by metric`.execute(
    trx,
  );
  return rows
    .filter((row) => !metrics.has(row.metric))
    .map((row) => ({
      what: row.metric,
      where: `${row.rows} rows`,
      stored: 'a metric that is not installed',
      expected: null,
    }));
}

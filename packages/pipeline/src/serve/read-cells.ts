import { type RawBuilder, sql } from 'kysely';
import type { Day } from '@devpulse/contract/day';
import type { Cell, DerivedMetric } from '@devpulse/contract/metric';
import { allResources } from '@devpulse/db/ids';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { Resolved } from './resolve-question.ts';

/** A row of `rollup_days` as serving needs it. */
export interface DayRow {
  day: Day;
  part: string;
  resource: string;
  n: number;
  value: number;
  base: number | null;
  samples: number[] | null;
}

/** Which of a subject's days. */
export interface WantedDays {
  metric: string;
  /** Null for all there was. */
  from: Day | null;
  to: Day;
  perResource?: boolean;
}

// A clock that was wrong by 2,000 years can date a commit before it; such a day has no text that days are compared by.
const dawn: Day = '0001-01-01';

/** One metric's days of a subject, ordered by day. */
export async function readDays(trx: WorkspaceTransaction, resolved: Resolved, what: WantedDays): Promise<DayRow[]> {
  const { rows } = await sql<DayRow>`
    select day, part, resource_id as resource, n, value, base, samples from rollup_days
    where workspace_id = ${ownWorkspace} and ${whichDays(resolved, what)} order by day, part, resource_id`.execute(trx);
  return rows;
}

/** The condition on `rollup_days` that picks one metric's days of a subject. */
export function whichDays(resolved: Resolved, what: WantedDays): RawBuilder<unknown> {
  const resource =
    resolved.resource !== null
      ? sql`resource_id = ${resolved.resource}::uuid`
      : what.perResource === true
        ? sql`resource_id <> ${allResources}::uuid`
        : sql`resource_id = ${allResources}::uuid`;
  return sql`subject_kind = ${resolved.subject.kind} and subject_id = ${resolved.subject.id}::uuid and metric = ${what.metric}
      and ${resource} and ${resolved.part === null ? sql`true` : sql`part = ${resolved.part}`}
      and day between ${what.from ?? dawn}::date and ${what.to}::date`;
}

/** What a derived metric reads, by the names it gave; history reaches back to the first fact. */
export async function readNeeds(
  trx: WorkspaceTransaction,
  metric: DerivedMetric,
  resolved: Resolved,
): Promise<Record<string, Cell[]>> {
  const cells: Record<string, Cell[]> = {};
  for (const [name, need] of Object.entries(metric.needs)) {
    const rows = await readDays(trx, resolved, {
      metric: need.metric,
      from: need.span === 'history' ? null : resolved.from,
      to: resolved.to,
      perResource: need.per === 'resource',
    });
    cells[name] = rows.map(({ day, part, resource, value }) => ({
      day,
      part,
      value,
      resource: need.per === 'resource' ? resource : null,
    }));
  }
  return cells;
}

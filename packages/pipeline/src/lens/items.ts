import { type RawBuilder, sql } from 'kysely';
import type { CountedMetric, LoadedMetric } from '@devpulse/contract/metric';
import { ownWorkspace } from '@devpulse/db/own-workspace';

/** A counted metric together with its items query. */
export type LoadedCounted = CountedMetric & { sql: string };

/** True for metrics that are counted from facts. */
export function isCounted(metric: LoadedMetric): metric is LoadedCounted {
  return metric.kind !== 'derived';
}

/**
 * A metric's items as a subquery, cut down to instants that can matter. A local day reaches at most 14 hours east and 12
 * hours west of its UTC day, so the bounds are wider than any zone; the exact day is cut by `dayOf`. Both bounds are instants:
 * comparing an instant with a local time is not leakproof, so row-level security would keep it from the index.
 */
export function itemsBetween(metric: LoadedCounted, from: string, to: string): RawBuilder<unknown> {
  return sql`(
    select * from (${sql.raw(metric.sql)}) every_item
    where workspace_id = ${ownWorkspace} and at >= (${from}::date - interval '26 hours') at time zone 'UTC'
      and at < (${to}::date + interval '50 hours') at time zone 'UTC'
  )`;
}

/**
 * A metric's items at the instants of commits whose files no source could tell, cut down as above. Whatever a metric reports
 * as unknown is such a commit, and an index knows them: asking the items themselves reads every line of the window.
 */
export function itemsOfUnknown(metric: LoadedCounted, from: string, to: string): RawBuilder<unknown> {
  return sql`(
    select every_item.* from (select distinct authored_at from ${unreadCommits(from, to)} c) unread
    -- The offset keeps the planner from turning this round, and reading all items to find these few among them.
    cross join lateral (select * from (${sql.raw(metric.sql)}) item where item.workspace_id = ${ownWorkspace} and item.at = unread.authored_at offset 0) every_item
  )`;
}

/** The commits at instants that can matter whose files no source could tell. */
export function unreadCommits(from: string, to: string): RawBuilder<unknown> {
  return sql`(
    select authored_at from fact_commits
    where workspace_id = ${ownWorkspace} and files_changed is null and authored_at >= (${from}::date - interval '26 hours') at time zone 'UTC'
      and authored_at < (${to}::date + interval '50 hours') at time zone 'UTC'
  )`;
}

/**
 * The local day of an instant. Never by comparing with the instants of midnight: where the clock goes back over midnight,
 * midnight happens twice.
 */
export function dayOf(at: RawBuilder<unknown>, zone: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(${at} at time zone ${zone})::date`;
}

/** The part of the item `i`, by the metric's manifest. */
export function partOf(metric: LoadedCounted, zone: RawBuilder<unknown>): RawBuilder<unknown> {
  switch (metric.parts) {
    case 'none':
      return sql`''`;
    case 'query':
      return sql`i.part`;
    case 'person':
      return sql`coalesce(i.person_id::text, '')`;
    case 'weekday-hour':
      return sql`to_char(i.at at time zone ${zone}, 'ID-HH24')`;
  }
}

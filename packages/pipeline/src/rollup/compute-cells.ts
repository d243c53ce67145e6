import { type RawBuilder, sql } from 'kysely';
import type { SubjectKind } from '@devpulse/contract/metric';
import { allResources } from '@devpulse/db/ids';
import { dayOf, itemsBetween, type LoadedCounted, partOf } from '../lens/items.ts';

/** One subject's day, and the zone in which it is cut. */
export interface CellKey {
  kind: SubjectKind;
  id: string;
  day: string;
  zone: string;
}

/**
 * The rows of `rollup_days` that facts give for these cells of one metric. This text is the whole meaning of a rollup: the
 * pipeline inserts what it selects, and the verification compares with it.
 */
export function computeCells(metric: LoadedCounted, cells: readonly CellKey[]): RawBuilder<unknown> {
  const kinds = metric.parts === 'person' ? ['workspace'] : metric.subjects;
  const wanted = cells.filter((cell) => kinds.includes(cell.kind));
  const days = wanted.map((cell) => cell.day).toSorted();
  const from = days[0] ?? '1970-01-01';
  const to = days.at(-1) ?? '1970-01-01';
  return sql`
    with cell as (
      -- A cell goes through all that follows as its place in this list: sorting and grouping by a number instead of by kind,
      -- subject, day and zone takes a fifth of the time off.
      select c.place, c.kind, c.id, c.day, c.zone
      from rows from (json_to_recordset(${JSON.stringify(wanted)}::json) as (kind text, id uuid, day date, zone text))
        with ordinality as c (kind, id, day, zone, place)
    ), item as materialized (
      -- What is left out is sorted out afterwards, not in here: of "case … end is null" the planner believes that one row in two
      -- hundred passes, and for a few days it then reads the credits of the whole history, once for each identity.
      select * from ${itemsBetween(metric, from, to)} i
    ), subject as (
      ${subjectsOf(wanted)}
    ), placed as (
      select c.place, ${partOf(metric, sql`i.zone`)} as part, i.resource_id, i.item, i.at, i.amount, i.base
      from subject i join cell c on c.kind = i.kind and c.id = i.id and c.day = ${dayOf(sql`i.at`, sql`i.zone`)}
    ), once as (
      -- A thing counts once for a subject, however many rows speak of it.
      select place, part, resource_id, item, max(at) as at, max(amount) as amount, max(base) as base
      from placed group by place, part, resource_id, item
    ), once_anywhere as (
      select place, part, ${allResources}::uuid as resource_id, item, max(at) as at, max(amount) as amount, max(base) as base
      from once group by place, part, item
    ), counted as (
      select place, part, resource_id, count(*)::integer as n, ${valueOf(metric)}::double precision as value,
             ${baseOf(metric)}::double precision as base, ${samplesOf(metric)}::double precision[] as samples
      from (select * from once union all select * from once_anywhere) every
      group by place, part, resource_id
    )
    select c.kind, c.id as subject_id, ${metric.id}::text as metric, d.resource_id, c.day, d.part, d.n, d.value, d.base,
           d.samples, c.zone, ${metric.version}::integer as metric_version
    from counted d join cell c on c.place = d.place`;
}

function valueOf(metric: LoadedCounted): RawBuilder<unknown> {
  // Of two readings at the same instant the larger one stands, so that the order of rows cannot matter.
  return metric.kind === 'level' ? sql`(array_agg(amount order by at desc, amount desc))[1]` : sumOf('amount');
}

/** Fractions have no exact binary form, so their sum depends on the order of adding: always the same one. */
function sumOf(column: 'amount' | 'base'): RawBuilder<unknown> {
  return sql`sum(${sql.id(column)} order by ${sql.id(column)})`;
}

function baseOf(metric: LoadedCounted): RawBuilder<unknown> {
  return metric.kind === 'ratio' ? sumOf('base') : sql`null`;
}

function samplesOf(metric: LoadedCounted): RawBuilder<unknown> {
  return metric.kind === 'samples' ? sql`array_agg(amount order by amount)` : sql`null`;
}

/**
 * The items of each subject. Zones are looked up in one constant rather than joined: with estimates of one row the planner
 * compares every item with every person, which for 4,000 items and 136 people was half of all time.
 */
function subjectsOf(cells: readonly CellKey[]): RawBuilder<unknown> {
  const people = new Map(cells.filter((cell) => cell.kind === 'person').map((cell) => [cell.id, cell.zone]));
  const workspace = cells.find((cell) => cell.kind === 'workspace');
  return sql`
    select 'person' as kind, i.person_id as id, z.zone, i.*
    from item i, lateral (select ${JSON.stringify(Object.fromEntries(people))}::jsonb ->> i.person_id::text as zone) z
    where z.zone is not null and i.left_out is null
    union all
    select 'workspace', ${workspace?.id ?? null}::uuid, ${workspace?.zone ?? null}::text, i.* from item i where i.left_out is null and ${workspace !== undefined}::boolean`;
}

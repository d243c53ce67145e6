import { type RawBuilder, sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { FamilyBatch } from './fact-rows.ts';
import { type Family, type List, type Rule, storeTypes } from './families/define-family.ts';
import { familyOf } from './families/families.ts';
import { markActsStale, type TouchedAct } from './mark-stale.ts';

/**
 * Writes the rows of forge facts, the same way for all of them: a version is written where it wins by its family's rule, and
 * what it says of days is marked, both as it was and as it is now. A version that loses, or is there already, costs one look.
 */
export async function applyFamilies(
  trx: WorkspaceTransaction,
  workspaceId: string,
  batches: readonly FamilyBatch[],
  marks: Marks,
): Promise<void> {
  const plans: Plan[] = [];
  for (const batch of batches) plans.push(await plan(trx, familyOf[batch.fact], batch));
  const changes = plans
    .flatMap(({ family, winners }) => (family.act === null ? [] : winners))
    .filter((one) => one.differs);
  // As it was: days that somebody may lose.
  const replaced = changes.filter((one) => one.replaces).map((one) => ({ ...actOf(one), number: one.old_number }));
  if (marks === 'mark') await markActsStale(trx, replaced);
  for (const one of plans) if (one.winners.length > 0) await write(trx, workspaceId, one);
  if (marks === 'mark') await markActsStale(trx, changes.map(actOf));
}

/** Whether days are marked; where facts are only read beside the stored ones, there are none to mark. */
export type Marks = 'mark' | 'leave';

interface Winner {
  /** Its turn in the batch, from 1. */
  turn: number;
  /** There is an older version of it. */
  replaces: boolean;
  /** It says something else than the older one, not only later. */
  differs: boolean;
  repository_id: string;
  what: string;
  item: string;
  number: number | null;
  /** The thread that the older version was in. */
  old_number: number | null;
}

interface Plan {
  family: Family;
  batch: FamilyBatch;
  winners: Winner[];
}

/** Which rows of the batch win over what is stored; nobody else writes facts of this workspace meanwhile. */
async function plan(trx: WorkspaceTransaction, family: Family, batch: FamilyBatch): Promise<Plan> {
  const { act } = family;
  const what = act === null ? sql`''` : act.what === '' ? sql`r.what` : sql`${act.what}::text`;
  const { rows } = await sql<Winner>`
    select r.turn::integer as turn, t.workspace_id is not null as replaces,
           t.content_hash is distinct from r.content_hash as differs, r.repository_id, ${what} as what,
           ${act === null ? sql`''` : sql`${sql.ref(`r.${act.item}`)}::text`} as item,
           ${threadOf(family, 'r')} as number, ${threadOf(family, 't')} as old_number
    from ${rowsOf(family, batch)}
    left join ${sql.table(family.table)} t on t.workspace_id = ${ownWorkspace} and ${sameKey(family, 't', 'r')}
    where t.workspace_id is null or ${beats(family, 'r', 't')}
    order by r.turn`.execute(trx);
  return { family, batch, winners: rows };
}

function threadOf({ act }: Family, alias: string): RawBuilder<unknown> {
  return act === null || act.number === null ? sql`null::integer` : sql.ref(`${alias}.${act.number}`);
}

function actOf({ what, repository_id, item, number }: Winner): TouchedAct {
  return { what, repository_id, item, number };
}

async function write(trx: WorkspaceTransaction, workspaceId: string, { family, batch, winners }: Plan): Promise<void> {
  const columns = namesOf(family);
  const others = columns.filter((name) => !family.key.includes(name));
  await sql`
    insert into ${sql.table(family.table)} as t (workspace_id, ${list(columns)})
    select ${workspaceId}::uuid, ${sql.join(columns.map((name) => told(family, name)))}
    from ${rowsOf(family, batch)}
    where r.turn = any(${winners.map((winner) => winner.turn)}::integer[])
    order by r.turn
    on conflict (workspace_id, ${list(family.key)}) do update set
      ${sql.join(others.map((name) => sql`${sql.id(name)} = excluded.${sql.id(name)}`))}`.execute(trx);
  if (family.list === null) return;
  const changed = winners.filter((winner) => winner.differs);
  if (changed.length > 0) await writeList(trx, workspaceId, { family, batch, winners: changed }, family.list);
}

async function writeList(
  trx: WorkspaceTransaction,
  workspaceId: string,
  { family, batch, winners }: Plan,
  { table, columns }: List,
): Promise<void> {
  const replaced = winners.filter((winner) => winner.replaces).map((winner) => winner.turn);
  if (replaced.length > 0)
    await sql`
      delete from ${sql.table(table)} t using ${rowsOf(family, batch)}
      where t.workspace_id = ${ownWorkspace} and ${sameKey(family, 't', 'r')} and r.turn = any(${replaced}::integer[])`.execute(
      trx,
    );
  if (batch.counts.items === 0) return;
  const own = Object.keys(columns);
  const types = [...Object.entries(columns), ['of', 'integer'], ['place', 'integer']] as const;
  await sql`
    insert into ${sql.table(table)} (workspace_id, ${list(family.key)}, place, ${list(own)})
    select ${workspaceId}::uuid, ${sql.join(family.key.map((name) => sql.ref(`r.${name}`)))}, i.place,
           ${sql.join(own.map((name) => sql.ref(`i.${name}`)))}
    from ${rowsOf(family, batch)}
    join json_to_recordset(${batch.items}::json) as i (${typed(types)}) on i.of = r.turn - 1
    where r.turn = any(${winners.map((winner) => winner.turn)}::integer[])`.execute(trx);
}

/** The rows of a batch as `r`, numbered from 1. */
function rowsOf(family: Family, batch: FamilyBatch): RawBuilder<unknown> {
  const types = namesOf(family).map((name) => {
    const type = typeOf(family, name);
    return [name, type === 'text[]' ? 'json' : type] as const;
  });
  return sql`rows from (json_to_recordset(${batch.rows}::json) as (${typed(types)})) with ordinality
    as r (${list(types.map(([name]) => name))}, turn)`;
}

/** All columns of a family's table but the workspace. */
export function namesOf(family: Family): string[] {
  const counted = family.list === null ? [] : [family.list.counted];
  return [...family.columns.map((column) => column.name), ...counted, 'content_hash'];
}

function typeOf(family: Family, name: string): string {
  const column = family.columns.find((one) => one.name === name);
  if (column !== undefined) return storeTypes[column.kept.as];
  return name === 'content_hash' ? 'text' : 'integer';
}

function told(family: Family, name: string): RawBuilder<unknown> {
  const ref = sql.ref(`r.${name}`);
  return typeOf(family, name) === 'text[]' ? sql`array(select json_array_elements_text(${ref}))` : ref;
}

/** Two rows have the same key. */
export function sameKey(family: Family, one: string, other: string): RawBuilder<unknown> {
  return sql.join(
    family.key.map((name) => sql`${sql.ref(`${one}.${name}`)} = ${sql.ref(`${other}.${name}`)}`),
    sql` and `,
  );
}

/** One version wins over the other, by the rule by which a batch chooses as well. */
export function beats(family: Family, one: string, other: string): RawBuilder<unknown> {
  const weigh = (alias: string): RawBuilder<unknown> =>
    sql.join([
      ...family.wins.map((rule) => weighed(rule, alias)),
      sql`${sql.ref(`${alias}.content_hash`)} collate "C"`,
    ]);
  return sql`row(${weigh(one)}) > row(${weigh(other)})`;
}

function weighed(rule: Rule, alias: string): RawBuilder<unknown> {
  const column = sql.ref(`${alias}.${rule.column}`);
  switch (rule.by) {
    case 'most':
      return column;
    case 'order':
      return sql`coalesce(array_position(array[${sql.join(rule.values.map((value) => sql.lit(value)))}], ${column}::text), 0)`;
    case 'known':
      return sql`(${column} is not null)`;
  }
}

function list(names: readonly string[]): RawBuilder<unknown> {
  return sql.join(names.map((name) => sql.id(name)));
}

function typed(columns: readonly (readonly [string, string])[]): RawBuilder<unknown> {
  return sql.join(columns.map(([name, type]) => sql`${sql.id(name)} ${sql.raw(type)}`));
}

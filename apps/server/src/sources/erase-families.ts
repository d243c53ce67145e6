import { type RawBuilder, sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { Family } from '@devpulse/pipeline/derive/families/define-family';
import { families, peopleOf } from '@devpulse/pipeline/derive/families/families';
import { markActsStale, type TouchedAct } from '@devpulse/pipeline/derive/mark-stale';

const rowsPerStep = 2000;

/** Deletes some of what a forge told of a repository, marks the days it made, and answers whom it named; null: nothing is left. */
export async function eraseFamilies(trx: WorkspaceTransaction, repositoryId: string): Promise<string[] | null> {
  for (const family of families) {
    const named = await eraseRows(trx, repositoryId, family);
    if (named !== null) return named;
  }
  return null;
}

async function eraseRows(trx: WorkspaceTransaction, repositoryId: string, family: Family): Promise<string[] | null> {
  const { table, act, key, list } = family;
  const own = peopleOf(family).filter((one) => one.table === table);
  const listed = peopleOf(family).filter((one) => one.table === list?.table);
  const same = key.map((name) => sql`${sql.ref(`l.${name}`)} = ${sql.ref(`t.${name}`)}`);
  const named = [
    ...own.map(({ column }) => sql`select ${sql.ref(`t.${column}`)} as id`),
    ...listed.map(
      ({ table: of, column }) =>
        sql`select ${sql.ref(`l.${column}`)} from ${sql.table(of)} l where l.workspace_id = t.workspace_id and ${sql.join(same, sql` and `)}`,
    ),
    sql`select null::uuid`,
  ];
  const { rows } = await sql<TouchedAct & { row: string; named: (string | null)[] }>`
    select t.ctid::text as row, t.repository_id, array(${sql.join(named, sql` union `)})::text[] as named,
           ${act === null ? sql`''` : act.what === '' ? sql`t.what` : sql`${act.what}::text`} as what,
           ${act === null ? sql`''` : sql`${sql.ref(`t.${act.item}`)}::text`} as item,
           ${act === null || act.number === null ? sql`null::integer` : sql.ref(`t.${act.number}`)} as number
    from ${sql.table(table)} t
    where t.workspace_id = ${ownWorkspace} and t.repository_id = ${repositoryId}::uuid limit ${rowsPerStep}`.execute(
    trx,
  );
  if (rows.length === 0) return null;
  if (act !== null) {
    await markActsStale(
      trx,
      rows.map(({ what, repository_id, item, number }) => ({ what, repository_id, item, number })),
    );
  }
  await sql`
    delete from ${sql.table(table)} where workspace_id = ${ownWorkspace}
      and ctid = any(${rows.map((row) => row.row)}::tid[])`.execute(trx);
  return [...new Set(rows.flatMap((row) => row.named.filter((id) => id !== null)))];
}

/** Everybody whom facts of forges name: `id`, `at`, and whether they did something. */
export function mentions(): RawBuilder<unknown> {
  return sql.join(
    families.flatMap((family) =>
      peopleOf(family).map(
        ({ table, column, at, hasActed }) => sql`
          select ${sql.ref(`t.${column}`)} as id, ${sql.ref(`t.${at}`)} as at, ${sql.lit(hasActed)} as has_acted
          from ${sql.table(table)} t where t.workspace_id = ${ownWorkspace} and ${sql.ref(`t.${column}`)} is not null`,
      ),
    ),
    sql` union all `,
  );
}

import { type RawBuilder, sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { findUnseen } from '../viewers/unseen-repositories.ts';
import { type KeyOf, personTables } from './person-tables.ts';
import { workspaceTables } from './workspace-tables.ts';

/** Whose rows of a workspace are wanted. */
export interface Exported {
  workspaceId: string;
  accountId: string;
  personId: string;
  /** own: rows that bear the person's key; all: every row, but of what is private only their own. */
  rows: 'own' | 'all';
  now: Date;
}

/** A table in an export, and which of its rows. */
export interface ExportedTable {
  name: string;
  columns: string[];
  lines(): AsyncGenerator<Record<string, unknown>>;
}

const rowsPerFetch = 500;

/** The tables of a workspace that an export holds, in the order of their names. */
export async function listExportedTables(trx: WorkspaceTransaction, wish: Exported): Promise<ExportedTable[]> {
  const names = Object.keys({ ...personTables, ...workspaceTables }).toSorted();
  const tables: ExportedTable[] = [];
  // Whoever takes the whole workspace answers for it; what is somebody's own tells them of no repository that they do not see.
  const unseen = wish.rows === 'all' ? [] : [...(await findUnseen(trx, { viewer: wish, now: wish.now })).ids];
  for (const name of names) {
    const chosen = chooseRows(name, wish);
    if (chosen === null) continue;
    const told = await namesRepository(trx, name, unseen);
    const where = told ? sql`(${chosen}) and t.repository_id <> all(${unseen}::uuid[])` : chosen;
    const secret = (personTables[name] ?? workspaceTables[name])?.secret ?? [];
    const columns = (await readColumns(trx, name)).filter((column) => !secret.includes(column));
    tables.push({ name, columns, lines: () => readRows(trx, { name, columns, where, unseen }) });
  }
  return tables;
}

/** The rows that an export holds of a table, as a condition; null: it is not in it. */
function chooseRows(name: string, wish: Exported): RawBuilder<unknown> | null {
  const table = personTables[name];
  if (table === undefined) return wish.rows === 'all' && workspaceTables[name]?.export === 'rows' ? sql`true` : null;
  if (table.export !== 'rows') return null;
  if (wish.rows === 'all' && table.private !== true) return sql`true`;
  const keys = Object.entries(table.keys).map(([column, { of }]) => matchKey(column, of, wish));
  return sql`(${sql.join(keys, sql` or `)})`;
}

function matchKey(column: string, of: KeyOf, wish: Exported): RawBuilder<unknown> {
  const key = sql.ref(`t.${column}`);
  if (of === 'account') return sql`${key} = ${wish.accountId}::uuid`;
  if (of === 'person') return sql`${key} = ${wish.personId}::uuid`;
  return sql`${key} in (
    select i.id from fact_identities i
    left join people_links l on l.workspace_id = i.workspace_id and l.identity_id = i.id
    where i.workspace_id = ${ownWorkspace} and coalesce(l.person_id, i.id) = ${wish.personId}::uuid)`;
}

async function readColumns(trx: WorkspaceTransaction, table: string): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select attname as name from pg_attribute where attrelid = ${table}::regclass and attnum > 0 and not attisdropped
    order by attnum`.execute(trx);
  return rows.map((row) => row.name);
}

/** As JSON, which the store makes itself: instants in UTC, dates as dates, large numbers whole. */
async function* readRows(
  trx: WorkspaceTransaction,
  table: { name: string; columns: string[]; where: RawBuilder<unknown>; unseen: readonly string[] },
): AsyncGenerator<Record<string, unknown>> {
  const cursor = sql.id('export_rows');
  const chosen = sql.join(table.columns.map((column) => readColumn(table, column)));
  await sql`declare ${cursor} no scroll cursor for
    select to_jsonb(r)::text as line from (
      select ${chosen} from ${sql.table(table.name)} t where ${ownRows(table.name)} and ${table.where} order by ${sql.join(await keyColumns(trx, table.name))}
    ) r`.execute(trx);
  try {
    for (;;) {
      const { rows } = await sql<{ line: string }>`fetch ${sql.lit(rowsPerFetch)} from ${cursor}`.execute(trx);
      if (rows.length === 0) return;
      for (const row of rows) yield JSON.parse(row.line) as Record<string, unknown>;
    }
  } finally {
    await sql`close ${cursor}`.execute(trx);
  }
}

/** True for a table whose rows bear a repository, where there are some that must not be named. */
async function namesRepository(trx: WorkspaceTransaction, name: string, unseen: readonly string[]): Promise<boolean> {
  return unseen.length > 0 && (await readColumns(trx, name)).includes('repository_id');
}

/** Somebody's commits are theirs wherever they lie; what they say is not, where it lies only in what they do not see. */
function readColumn(
  { name, unseen }: { name: string; unseen: readonly string[] },
  column: string,
): RawBuilder<unknown> {
  const ref = sql`${sql.ref(`t.${column}`)}`;
  if (unseen.length === 0 || name !== 'fact_commits' || column !== 'subject') return ref;
  return sql`case when exists (
      select 1 from fact_commit_reach r
      where r.workspace_id = ${ownWorkspace} and r.sha = t.sha and r.repository_id <> all(${[...unseen]}::uuid[])
    ) or not exists (
      select 1 from fact_commit_reach r where r.workspace_id = ${ownWorkspace} and r.sha = t.sha
    ) then ${ref} else '' end as subject`;
}

/** A workspace is known by its id, everything in it by the workspace's. */
function ownRows(table: string): RawBuilder<unknown> {
  return sql`${sql.ref(table === 'workspaces' ? 't.id' : 't.workspace_id')} = ${ownWorkspace}`;
}

async function keyColumns(trx: WorkspaceTransaction, table: string): Promise<RawBuilder<unknown>[]> {
  const { rows } = await sql<{ name: string }>`
    select a.attname as name from pg_index i cross join lateral unnest(i.indkey) with ordinality as k (attnum, place)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
    where i.indrelid = ${table}::regclass and i.indisprimary order by k.place`.execute(trx);
  return rows.map((row) => sql.ref(`t.${row.name}`));
}

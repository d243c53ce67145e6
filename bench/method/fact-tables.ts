import { families } from '@devpulse/pipeline/derive/families/families';
import type { Querying } from './querying.ts';

/** Tables that backfill writes. */
export const factTables: readonly string[] = [
  'fact_identities',
  'fact_repositories',
  'fact_commits',
  'fact_commit_credits',
  'fact_commit_files',
  'fact_commit_reach',
  ...families.flatMap(({ table, list }) => [table, ...(list === null ? [] : [list.table])]),
];

/** How many rows they hold together. */
export async function countFacts(admin: Querying): Promise<number> {
  const { rows } = await admin.query(
    `select ${factTables.map((table) => `(select count(*) from ${table})`).join(' + ')} as facts`,
  );
  return Number(rows[0]?.['facts']);
}

/** The newest transaction there has been, to ask afterwards what was written since. */
export async function readTransaction(admin: Querying): Promise<string> {
  const { rows } = await admin.query('select pg_current_xact_id()::text as id');
  return String(rows[0]?.['id']);
}

/** How many fact rows were written or rewritten after that transaction. */
export async function countWrittenSince(admin: Querying, transaction: string): Promise<number> {
  const counts = factTables.map((table) => `(select count(*) from ${table} where age(xmin) < age($1::text::xid))`);
  const { rows } = await admin.query(`select ${counts.join(' + ')} as rows`, [transaction]);
  return Number(rows[0]?.['rows']);
}

/** How many days are marked as stale. */
export async function countMarks(admin: Querying): Promise<number> {
  const { rows } = await admin.query('select count(*) as marks from rollup_stale');
  return Number(rows[0]?.['marks']);
}

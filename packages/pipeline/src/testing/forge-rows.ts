import { sql } from 'kysely';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { families } from '../derive/families/families.ts';
import type { Pipeline } from './pipeline-bench.ts';

/** Every table that forge facts are kept in. */
export const forgeTables: readonly string[] = families.flatMap(({ table, list }) =>
  list === null ? [table] : [table, list.table],
);

/** What forges told a workspace, by natural keys: equal for two workspaces that were told the same. */
export async function readForge(pipeline: Pick<Pipeline, 'store' | 'workspaceId'>): Promise<Record<string, string[]>> {
  return pipeline.store.inWorkspace(pipeline.workspaceId, async (trx) => {
    const tables = [...forgeTables, 'fact_identities', 'fact_repositories'];
    const each = tables.map(
      (
        table,
      ) => sql`select ${sql.lit(table)} as name, (to_jsonb(t) - 'workspace_id')::text as line from ${sql.table(table)} t
        where t.workspace_id = ${ownWorkspace}`,
    );
    const { rows } = await sql<{ name: string; line: string }>`${sql.join(each, sql` union all `)}`.execute(trx);
    const ids = await sql<{ id: string; name: string }>`
      select id, external_key as name from fact_identities where workspace_id = ${ownWorkspace}
      union all select id, external_key from fact_repositories where workspace_id = ${ownWorkspace}`.execute(trx);
    const names = new Map(ids.rows.map((row) => [row.id, row.name]));
    const named = rows.map(({ name, line }) => ({
      name,
      line: line.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => names.get(id) ?? id),
    }));
    return Object.fromEntries(
      tables.map((table) => [
        table,
        named
          .filter((row) => row.name === table)
          .map((row) => row.line)
          .toSorted(),
      ]),
    );
  });
}

/** Which version of which row is stored, by what the store itself changes with every writing; and how many days are marked. */
export async function readTouches(
  pipeline: Pick<Pipeline, 'store' | 'workspaceId'>,
): Promise<{ rows: string[]; marks: number }> {
  return pipeline.store.inWorkspace(pipeline.workspaceId, async (trx) => {
    const tables = [...forgeTables, 'fact_identities', 'fact_repositories'];
    const each = tables.map(
      (
        table,
      ) => sql`select ${sql.lit(table)} || ' ' || t.ctid::text || ' ' || t.xmin::text as line from ${sql.table(table)} t
        where t.workspace_id = ${ownWorkspace}`,
    );
    const { rows } = await sql<{ line: string }>`${sql.join(each, sql` union all `)}`.execute(trx);
    const marks = await sql<{ marks: number }>`
      select count(*)::integer as marks from rollup_stale where workspace_id = ${ownWorkspace}`.execute(trx);
    return { rows: rows.map((row) => row.line).toSorted(), marks: marks.rows[0]?.marks ?? 0 };
  });
}

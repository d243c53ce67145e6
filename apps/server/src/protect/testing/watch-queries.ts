import { type CompiledQuery, type KyselyPlugin, PostgresQueryCompiler } from 'kysely';
import type pg from 'pg';
import { runInWorkspace, type Store } from '@devpulse/db/open-store';

/** A store that notes every statement which the application asks it, with the last values it was asked with. */
export function watchQueries(store: Store, asked: Map<string, readonly unknown[]>): Store {
  const compiler = new PostgresQueryCompiler();
  const watch: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      const query: CompiledQuery = compiler.compileQuery(node, queryId);
      asked.set(query.sql, query.parameters);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const app = store.app.withPlugin(watch);
  return {
    ...store,
    app,
    inWorkspace: (workspaceId, work, mode) => runInWorkspace(app, workspaceId, work, mode?.snapshot ?? false),
  };
}

/** A statement that would read rows of every workspace if the store let it, and the tables of which it would. */
export interface OpenQuery {
  sql: string;
  tables: string[];
}

/**
 * The statements among these that do not ask for one workspace by themselves. The planner is asked, not the text: wherever a table
 * of a tenant is read, the condition under which it is read has to name the workspace. `admin` must be somebody whom row-level
 * security does not bind, or its own condition would be taken for the statement's.
 */
export async function findOpenQueries(
  admin: pg.Client,
  asked: ReadonlyMap<string, readonly unknown[]>,
  tables: readonly string[],
): Promise<OpenQuery[]> {
  const found: OpenQuery[] = [];
  for (const [sql, values] of asked) {
    if (!/^\s*(--[^\n]*\n\s*)*(select|with|insert|update|delete|declare)\b/i.test(sql)) continue;
    const { rows } = await admin.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>({
      text: `explain (format json, verbose, costs off) ${sql}`,
      values: [...values],
    });
    const open = rows.flatMap((row) => row['QUERY PLAN']).flatMap(({ Plan }) => openReads(Plan ?? {}, tables));
    if (open.length > 0) found.push({ sql, tables: [...new Set(open)] });
  }
  return found;
}

interface PlanNode {
  'Node Type'?: string;
  'Relation Name'?: string;
  'Parent Relationship'?: string;
  Output?: string[];
  'Index Cond'?: string;
  'Recheck Cond'?: string;
  Filter?: string;
  Plans?: PlanNode[];
}

function openReads(node: PlanNode, tables: readonly string[]): string[] {
  const below = (node.Plans ?? []).flatMap((each) => openReads(each, tables));
  const table = node['Relation Name'] ?? '';
  if (!(node['Node Type'] ?? '').endsWith('Scan') || !tables.includes(table)) return below;
  const conditions = [node['Index Cond'], node['Recheck Cond'], node.Filter].join(' ');
  const isOne = table === 'workspaces' ? /\bid = /.test(conditions) : /\bworkspace_id = /.test(conditions);
  return isOne || isLookedUpByWorkspace(node) ? below : [table, ...below];
}

/** Where the planner takes it for cheaper, what is asked for each row is made into a table by all that it is asked for. */
function isLookedUpByWorkspace(node: PlanNode): boolean {
  return (
    node['Parent Relationship'] === 'SubPlan' && node.Output?.some((column) => /\bworkspace_id$/.test(column)) === true
  );
}

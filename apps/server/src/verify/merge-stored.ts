import { type RawBuilder, sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { applyFacts } from '@devpulse/pipeline/derive/apply-facts';
import type { FactRows } from '@devpulse/pipeline/derive/fact-rows';

const rowsPerRound = 1000;

/**
 * Lets the stored facts compete with those that were read again into temporary tables of the same names, by the very rules of
 * the pipeline. Where what is stored is the newer version it wins; where it is the same version, what was read stays, and a
 * stored row that differs from it shows.
 */
export async function mergeStored(trx: WorkspaceTransaction, workspaceId: string): Promise<void> {
  for (const source of sources) {
    for (let after = ''; ;) {
      const page = await readPage(trx, source, after);
      if (page.last === null) break;
      after = page.last;
      await applyFacts(trx, workspaceId, {
        outcomes: [],
        rows: mapTables(page, JSON.stringify),
        counts: mapTables(page, (rows) => rows.length),
      });
    }
  }
}

interface Source {
  /** The rows to merge are those of this table whose keys were read again. */
  table: string;
  key: string;
  /** What is made of a page of them. */
  rows: Partial<Record<keyof FactRows, RawBuilder<unknown>>>;
}

const sources: Source[] = [
  { table: 'fact_identities', key: 'id', rows: { identities: sql`select * from page` } },
  {
    table: 'fact_repositories',
    key: 'id',
    rows: {
      repositories: sql`select id, source, external_key, name, url, default_branch, state, observed_at, content_hash from page`,
      baselines: sql`select id as repository_id, source, external_key, reach_baseline as snapshot from page`,
    },
  },
  {
    table: 'fact_commits',
    key: 'sha',
    rows: {
      commits: sql`select * from page`,
      credits: sql`select * from public.fact_commit_credits where sha in (select sha from page)`,
      files: sql`
        select sha, path, previous_path, additions, deletions, language, left_out from public.fact_commit_files
        where sha in (select sha from page)`,
    },
  },
  {
    table: 'fact_commit_reach',
    key: 'sha',
    rows: { reach: sql`select repository_id, sha, snapshot, reachable from page` },
  },
];

const tables = ['identities', 'repositories', 'commits', 'credits', 'files', 'reach', 'baselines'] as const;
type Page = Partial<Record<keyof FactRows, unknown[] | null>> & { last: string | null };

async function readPage(trx: WorkspaceTransaction, source: Source, after: string): Promise<Page> {
  const key = sql.id(source.key);
  const lists = Object.entries(source.rows).map(
    ([name, rows]) => sql`(select json_agg(r) from (${rows}) r) as ${sql.id(name)}`,
  );
  const { rows } = await sql<Page>`
    with wanted as (
      select distinct ${key}::text as key from pg_temp.${sql.id(source.table)} where ${key}::text > ${after} order by 1 limit ${rowsPerRound}
    ), page as (
      select * from public.${sql.id(source.table)} where ${key}::text in (select key from wanted)
    )
    select (select max(key) from wanted) as last, ${sql.join(lists)}`.execute(trx);
  return rows[0] ?? { last: null };
}

function mapTables<Value>(page: Page, map: (rows: unknown[]) => Value): Record<keyof FactRows, Value> {
  return Object.fromEntries(tables.map((name) => [name, map(page[name] ?? [])])) as Record<keyof FactRows, Value>;
}

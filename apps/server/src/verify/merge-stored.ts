import { type RawBuilder, sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { applyFacts } from '@devpulse/pipeline/derive/apply-facts';
import { beats, namesOf, sameKey } from '@devpulse/pipeline/derive/apply-families';
import type { FactRows } from '@devpulse/pipeline/derive/fact-rows';
import type { Family } from '@devpulse/pipeline/derive/families/define-family';
import { families } from '@devpulse/pipeline/derive/families/families';

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
      const rows = mapTables(page, JSON.stringify);
      const counts = mapTables(page, (each) => each.length);
      await applyFacts(trx, workspaceId, { outcomes: [], rows, counts, families: [] }, 'leave');
    }
  }
  for (const family of families) await mergeFamily(trx, family);
}

/** A stored row that wins replaces what was read, with its list. */
async function mergeFamily(trx: WorkspaceTransaction, family: Family): Promise<void> {
  const names = namesOf(family);
  const { rows } = await sql<Record<string, unknown>>`
    update pg_temp.${sql.id(family.table)} e
    set ${sql.join(names.map((name) => sql`${sql.id(name)} = ${sql.ref(`s.${name}`)}`))}
    from public.${sql.id(family.table)} s
    where s.workspace_id = ${ownWorkspace} and s.workspace_id = e.workspace_id and ${sameKey(family, 's', 'e')} and ${beats(family, 's', 'e')}
    returning ${sql.join(family.key.map((name) => sql.ref(`s.${name}`)))}`.execute(trx);
  const { list } = family;
  if (list === null || rows.length === 0) return;
  const table = sql.id(list.table);
  const key = sql.join(family.key.map((name) => sql`${sql.id(name)}`));
  const won = sql`(${key}) in (
    select ${key} from json_populate_recordset(null::public.${sql.id(family.table)}, ${JSON.stringify(rows)}::json))`;
  await sql`delete from pg_temp.${table} where ${won}`.execute(trx);
  await sql`insert into pg_temp.${table} select * from public.${table} where workspace_id = ${ownWorkspace} and ${won}`.execute(
    trx,
  );
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
      credits: sql`select * from public.fact_commit_credits where workspace_id = ${ownWorkspace} and sha in (select sha from page)`,
      files: sql`
        select sha, path, previous_path, additions, deletions, language, left_out from public.fact_commit_files
        where workspace_id = ${ownWorkspace} and sha in (select sha from page)`,
    },
  },
  {
    table: 'fact_commit_reach',
    key: 'sha',
    rows: { reach: sql`select repository_id, sha, snapshot, reachable from page` },
  },
];

const tables = ['identities', 'mentions', 'repositories', 'commits', 'credits', 'files', 'reach', 'baselines'] as const;
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
      select * from public.${sql.id(source.table)}
      where workspace_id = ${ownWorkspace} and ${key}::text in (select key from wanted)
    )
    select (select max(key) from wanted) as last, ${sql.join(lists)}`.execute(trx);
  return rows[0] ?? { last: null };
}

function mapTables<Value>(page: Page, map: (rows: unknown[]) => Value): Record<keyof FactRows, Value> {
  return Object.fromEntries(tables.map((name) => [name, map(page[name] ?? [])])) as Record<keyof FactRows, Value>;
}

import { sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { lockFacts, markWorkspaceStale } from '../derive/mark-stale.ts';
import { people, personId } from './history.ts';
import type { Pipeline } from './pipeline-bench.ts';

type Rows = Record<string, unknown>[];

/** What a workspace's facts and days say, by natural keys: equal for two workspaces with the same history. */
export interface Numbers {
  days: Rows;
  commits: Rows;
  credits: Rows;
  files: Rows;
  reach: Rows;
  identities: Rows;
  repositories: Rows;
}

/** Reads all numbers of a workspace, ordered. */
export async function readNumbers(pipeline: Pick<Pipeline, 'store' | 'workspaceId' | 'ownerId'>): Promise<Numbers> {
  return pipeline.store.inWorkspace(pipeline.workspaceId, async (trx) => {
    const read = async (query: ReturnType<typeof sql>): Promise<Rows> => (await query.execute(trx)).rows as Rows;
    return {
      days: nameAll(
        await read(sql`
          select d.subject_kind, d.subject_id as who, d.metric, coalesce(r.external_key, '') as resource, d.day, d.part,
                 d.n, d.value, d.base, d.samples, d.zone, d.metric_version
          from rollup_days d left join fact_repositories r on r.id = d.resource_id`),
        await readNames(trx, pipeline),
      ),
      commits: await read(sql`
        select sha, authored_at, authored_offset_minutes, committed_at, parents, is_merge, subject, files_changed, fidelity
        from fact_commits order by sha`),
      credits: await read(sql`
        select c.sha, i.external_key, c.role, c.authored_at from fact_commit_credits c
        left join fact_identities i on i.id = c.identity_id order by 1, 2`),
      files: await read(sql`
        select sha, path, previous_path, additions, deletions, language, left_out from fact_commit_files order by sha, path`),
      reach: await read(sql`
        select f.sha, r.external_key, f.snapshot, f.reachable from fact_commit_reach f
        left join fact_repositories r on r.id = f.repository_id order by 1, 2, 3, 4`),
      identities: await read(sql`
        select external_key, email, login, name, source_kind, named_at, first_seen_at, last_seen_at, kind, kind_signal
        from fact_identities order by external_key`),
      repositories: await read(sql`
        select external_key, name, url, default_branch, state, observed_at, content_hash, reach_baseline
        from fact_repositories order by external_key`),
    };
  });
}

/** Whose ids they are. Somebody may have days under the id of an identity that no fact names: others were linked to it. */
async function readNames(
  trx: WorkspaceTransaction,
  workspace: { workspaceId: string; ownerId: string },
): Promise<Map<string, string>> {
  const known = await trx.selectFrom('fact_identities').select(['id', 'external_key']).execute();
  return new Map([
    ...people.map((name) => [personId(workspace, name), name] as const),
    ...known.map((row) => [row.id, row.external_key] as const),
    [workspace.ownerId, 'owner'],
    [workspace.workspaceId, 'workspace'],
  ]);
}

function nameAll(days: Rows, names: ReadonlyMap<string, string>): Rows {
  const nameOf = (id: unknown): unknown => names.get(id as string) ?? id;
  const keyOf = (row: Record<string, unknown>): string =>
    JSON.stringify(['subject_kind', 'who', 'metric', 'resource', 'day', 'part'].map((column) => row[column]));
  const named = days.map((row) => ({ ...row, who: nameOf(row['who']), part: nameOf(row['part']) }));
  return named.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Forgets all days and counts every one anew from the facts. */
export async function rebuildDays(pipeline: Pick<Pipeline, 'store' | 'workspaceId' | 'roll'>): Promise<void> {
  await pipeline.store.inWorkspace(pipeline.workspaceId, async (trx) => {
    await lockFacts(trx);
    await sql`delete from rollup_days`.execute(trx);
    await sql`delete from rollup_stale`.execute(trx);
    await markWorkspaceStale(trx);
  });
  await pipeline.roll();
}

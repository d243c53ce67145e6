import { type RawBuilder, sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { applyFamilies, type Marks } from './apply-families.ts';
import { classifyIdentities } from './classify-identities.ts';
import type { ParsedBatch } from './fact-rows.ts';
import { lockFacts, markCommitsStale } from './mark-stale.ts';

/**
 * Writes the facts of one batch and marks the days they touch. Every statement keeps the version that wins by the
 * fact's own rule, so that order and repetition do not matter, and touches nothing that is already as it should be.
 */
export async function applyFacts(
  trx: WorkspaceTransaction,
  workspaceId: string,
  batch: ParsedBatch,
  marks: Marks = 'mark',
): Promise<void> {
  await lockFacts(trx);
  const touched = new Set<string>();
  if (batch.counts.identities > 0) await writeIdentities(trx, workspaceId, batch.rows.identities);
  if (batch.counts.mentions > 0) {
    for (const sha of await writeMentions(trx, workspaceId, batch.rows.mentions)) touched.add(sha);
  }
  if (batch.counts.repositories > 0) {
    for (const sha of await writeRepositories(trx, workspaceId, batch.rows.repositories)) touched.add(sha);
  }
  if (batch.counts.commits > 0) {
    for (const sha of await writeCommits(trx, workspaceId, batch)) touched.add(sha);
  }
  if (batch.counts.reach > 0) {
    for (const sha of await writeReach(trx, workspaceId, batch.rows.reach)) touched.add(sha);
  }
  if (batch.counts.baselines > 0) {
    for (const sha of await writeBaselines(trx, workspaceId, batch.rows.baselines)) touched.add(sha);
  }
  if (marks === 'mark') await markCommitsStale(trx, [...touched]);
  if (batch.families.length > 0) await applyFamilies(trx, workspaceId, batch.families, marks);
}

async function writeIdentities(trx: WorkspaceTransaction, workspaceId: string, rows: string): Promise<void> {
  const result = await sql<{ id: string }>`
    insert into fact_identities as t (workspace_id, id, source, external_key, email, login, login_at, name, source_kind, named_at,
                                      first_seen_at, last_seen_at, has_acted, kind, kind_signal)
    select ${workspaceId}::uuid, r.id, r.source, r.external_key, r.email, r.login, r.login_at, r.name, r.source_kind, r.named_at,
           r.first_seen_at, r.last_seen_at, r.has_acted, 'person', ''
    from json_to_recordset(${rows}::json) as r (id uuid, source text, external_key text, email text, login text,
      login_at timestamptz, name text, source_kind text, named_at timestamptz, first_seen_at timestamptz,
      last_seen_at timestamptz, has_acted boolean)
    on conflict (workspace_id, id) do update set
      name = case when ${newerName} then excluded.name else t.name end,
      named_at = case when ${newerName} then excluded.named_at else t.named_at end,
      email = ${firstText('email')}, login = ${newestLogin}, source_kind = ${firstText('source_kind')},
      login_at = greatest(t.login_at, excluded.login_at), has_acted = t.has_acted or excluded.has_acted,
      first_seen_at = least(t.first_seen_at, excluded.first_seen_at),
      last_seen_at = greatest(t.last_seen_at, excluded.last_seen_at)
    where t.erased_at is null and (
      ${newerName} or excluded.first_seen_at < t.first_seen_at or excluded.last_seen_at > t.last_seen_at
       or excluded.login_at > t.login_at or excluded.has_acted > t.has_acted
       or (${firstText('email')}, ${newestLogin}, ${firstText('source_kind')}) is distinct from (t.email, t.login, t.source_kind)
    )
    returning t.id`.execute(trx);
  await classifyIdentities(
    trx,
    result.rows.map((row) => row.id),
  );
}

/** Nothing tells which of two addresses of one account is the newer: the first in the alphabet stands, in any order. */
function firstText(column: 'email' | 'login' | 'source_kind'): RawBuilder<string | null> {
  return sql`least(t.${sql.id(column)} collate "C", excluded.${sql.id(column)} collate "C")`;
}

// A permanent account may change its login; what its source said last is shown. Elsewhere nobody said when.
const newestLogin = sql<string | null>`case
  when excluded.login_at > t.login_at then excluded.login
  when excluded.login_at = t.login_at then ${firstText('login')}
  else t.login end`;

// The newest act's name is shown; of two acts at the same instant the same one must win in any order.
const newerName = sql`(
  excluded.name is not null and (t.name is null or excluded.named_at > t.named_at
    or (excluded.named_at = t.named_at and md5(excluded.name) > md5(t.name)))
)`;

/** What a fact is about exists, even if nothing described it yet: any description wins over a row as old as can be. */
async function writeMentions(trx: WorkspaceTransaction, workspaceId: string, rows: string): Promise<string[]> {
  const result = await sql<{ id: string }>`
    insert into fact_repositories (workspace_id, id, source, external_key, name, state, observed_at, content_hash)
    select ${workspaceId}::uuid, r.id, r.source, r.external_key, r.external_key, 'active', 'epoch', ''
    from json_to_recordset(${rows}::json) as r (id uuid, source text, external_key text)
    on conflict do nothing
    returning id`.execute(trx);
  return shasOf(
    trx,
    result.rows.map((row) => row.id),
  );
}

async function writeRepositories(trx: WorkspaceTransaction, workspaceId: string, rows: string): Promise<string[]> {
  const result = await sql<{ id: string; revealed: boolean }>`
    insert into fact_repositories as t (workspace_id, id, source, external_key, name, url, default_branch, state, observed_at, content_hash)
    select ${workspaceId}, r.* from json_to_recordset(${rows}::json) as r (id uuid, source text, external_key text, name text, url text,
      default_branch text, state text, observed_at timestamptz, content_hash text)
    on conflict (workspace_id, id) do update set
      name = excluded.name, url = excluded.url, default_branch = excluded.default_branch, state = excluded.state,
      observed_at = excluded.observed_at, content_hash = excluded.content_hash
    where excluded.observed_at > t.observed_at
       or (excluded.observed_at = t.observed_at and excluded.content_hash > t.content_hash)
    returning t.id, xmax = 0 as revealed`.execute(trx);
  // Commits that were told of before their repository was known come into sight only now.
  return shasOf(
    trx,
    result.rows.filter((row) => row.revealed).map((row) => row.id),
  );
}

async function shasOf(trx: WorkspaceTransaction, repositoryIds: string[]): Promise<string[]> {
  if (repositoryIds.length === 0) return [];
  const { rows } = await sql<{ sha: string }>`
    select sha from fact_commit_reach where workspace_id = ${ownWorkspace} and repository_id = any(${repositoryIds}::uuid[])`.execute(
    trx,
  );
  return rows.map((row) => row.sha);
}

async function writeCommits(trx: WorkspaceTransaction, workspaceId: string, batch: ParsedBatch): Promise<string[]> {
  const result = await sql<{ sha: string; is_new: boolean }>`
    insert into fact_commits as t (workspace_id, sha, author_id, authored_at, authored_offset_minutes, committer_id, committed_at,
                                   committed_offset_minutes, parents, is_merge, subject, files_changed, fidelity, content_hash)
    select ${workspaceId}, r.sha, r.author_id, r.authored_at, r.authored_offset_minutes, r.committer_id, r.committed_at,
           r.committed_offset_minutes, array(select json_array_elements_text(r.parents)), r.is_merge, r.subject, r.files_changed, r.fidelity,
           r.content_hash
    from json_to_recordset(${batch.rows.commits}::json) as r (sha text, author_id uuid, authored_at timestamptz,
      authored_offset_minutes integer, committer_id uuid, committed_at timestamptz, committed_offset_minutes integer,
      parents json, is_merge boolean, subject text, files_changed integer, fidelity smallint,
      content_hash text)
    on conflict (workspace_id, sha) do update set
      author_id = excluded.author_id, authored_at = excluded.authored_at, authored_offset_minutes = excluded.authored_offset_minutes,
      committer_id = excluded.committer_id, committed_at = excluded.committed_at,
      committed_offset_minutes = excluded.committed_offset_minutes, parents = excluded.parents, is_merge = excluded.is_merge,
      subject = excluded.subject, files_changed = excluded.files_changed, fidelity = excluded.fidelity,
      content_hash = excluded.content_hash
    where (excluded.fidelity, excluded.content_hash collate "C") > (t.fidelity, t.content_hash collate "C")
    returning t.sha, xmax = 0 as is_new`.execute(trx);
  if (result.rows.length === 0) return [];
  const shas = result.rows.map((row) => row.sha);
  const upgraded = result.rows.filter((row) => !row.is_new).map((row) => row.sha);
  if (upgraded.length > 0) {
    // Whoever was credited by the reading that lost is credited no longer: their days change as well.
    await markCommitsStale(trx, upgraded);
    await dropDetails(trx, upgraded);
  }
  const written = shas.length === batch.counts.commits ? sql`true` : sql`r.sha = any(${shas}::text[])`;
  await sql`
    insert into fact_commit_credits (workspace_id, sha, identity_id, role, authored_at)
    select ${workspaceId}, r.sha, r.identity_id, r.role, r.authored_at
    from json_to_recordset(${batch.rows.credits}::json) as r (sha text, identity_id uuid, role text, authored_at timestamptz)
    where ${written}`.execute(trx);
  if (batch.counts.files > 0) {
    await sql`
      insert into fact_commit_files (workspace_id, sha, path, previous_path, additions, deletions, language, left_out)
      select ${workspaceId}, r.* from json_to_recordset(${batch.rows.files}::json) as r (sha text, path text, previous_path text,
        additions integer, deletions integer, language text, left_out text)
      where ${written}`.execute(trx);
  }
  return shas;
}

async function dropDetails(trx: WorkspaceTransaction, shas: string[]): Promise<void> {
  await sql`delete from fact_commit_credits where workspace_id = ${ownWorkspace} and sha = any(${shas}::text[])`.execute(
    trx,
  );
  await sql`delete from fact_commit_files where workspace_id = ${ownWorkspace} and sha = any(${shas}::text[])`.execute(
    trx,
  );
}

async function writeReach(trx: WorkspaceTransaction, workspaceId: string, rows: string): Promise<string[]> {
  const result = await sql<{ sha: string }>`
    insert into fact_commit_reach as t (workspace_id, repository_id, sha, snapshot, reachable)
    select ${workspaceId}, r.* from json_to_recordset(${rows}::json) as r (repository_id uuid, sha text, snapshot bigint, reachable boolean)
    order by r.sha, r.repository_id
    on conflict (workspace_id, sha, repository_id) do update set snapshot = excluded.snapshot, reachable = excluded.reachable
    where excluded.snapshot > t.snapshot
    returning t.sha`.execute(trx);
  return result.rows.map((row) => row.sha);
}

async function writeBaselines(trx: WorkspaceTransaction, workspaceId: string, rows: string): Promise<string[]> {
  const result = await sql<{ sha: string }>`
    with r as (
      select * from json_to_recordset(${rows}::json) as r (repository_id uuid, source text, external_key text, snapshot bigint)
    ), raised as (
      -- The repository itself may be told of later: its row then begins as old as can be, so that any description wins.
      insert into fact_repositories as t (workspace_id, id, source, external_key, name, state, observed_at, content_hash, reach_baseline)
      select ${workspaceId}, r.repository_id, r.source, r.external_key, r.external_key, 'active', 'epoch', '', r.snapshot from r
      on conflict (workspace_id, id) do update set reach_baseline = excluded.reach_baseline
      where excluded.reach_baseline > t.reach_baseline
      returning t.id, t.reach_baseline, xmax = 0 as is_new
    )
    select f.sha from raised join fact_commit_reach f on f.workspace_id = ${workspaceId} and f.repository_id = raised.id
    where f.snapshot < raised.reach_baseline or raised.is_new`.execute(trx);
  return result.rows.map((row) => row.sha);
}

import { type RawBuilder, sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

/**
 * Lets one transaction at a time change facts, links or zones of a workspace. Without it two of them, each blind to what the
 * other has not committed yet, could both leave out the mark for what only their sum brings to light. A verification, which
 * works on tables of its own, names a lock of its own in `app.facts_lock`.
 */
export async function lockFacts(trx: WorkspaceTransaction): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(hashtextextended(
      'devpulse facts ' || coalesce(nullif(current_setting('app.facts_lock', true), ''), current_setting('app.workspace')), 0
    ))`.execute(trx);
}

/**
 * Marks the days that these commits fall on: those of every credited person, in that person's zone, and those of the
 * workspace; and those of the pull requests that list them, whose beginning and whose makers they tell. Call it in the
 * transaction that changes what the commits say or where they can be reached.
 */
export async function markCommitsStale(trx: WorkspaceTransaction, shas: readonly string[]): Promise<void> {
  if (shas.length === 0) return;
  const told = sql`select value from json_array_elements_text(${JSON.stringify(shas)}::json)`;
  await appendMarks(trx, [creditsOf(told), actsOfThreads(threadsWith(told))]);
}

/** Something that happened, as the view `lens_acts` names it: what, in which repository, and in which thread if in one. */
export interface TouchedAct {
  what: string;
  repository_id: string;
  item: string;
  number: number | null;
}

/**
 * Marks the days of these acts, and of everything else in their threads: when a review came is a number of whoever opened the
 * pull request, on the day it was merged.
 */
export async function markActsStale(trx: WorkspaceTransaction, acts: readonly TouchedAct[]): Promise<void> {
  if (acts.length === 0) return;
  const threads = unique(
    acts.flatMap(({ repository_id, number }) => (number === null ? [] : { repository_id, number })),
  );
  const alone = unique(
    acts.flatMap(({ what, repository_id, item, number }) => (number === null ? { what, repository_id, item } : [])),
  );
  const given = sql`
    select repository_id, number
    from json_to_recordset(${JSON.stringify(threads)}::json) as t (repository_id uuid, number integer)`;
  if (alone.length === 0) return appendMarks(trx, [actsOfThreads(given)]);
  const found = sql`
    select a.repository_id, a.number, a.identity_id, a.at
    from json_to_recordset(${JSON.stringify(alone)}::json) as t (what text, repository_id uuid, item text)
    cross join lateral (
      select * from lens_acts a
      where a.workspace_id = ${ownWorkspace} and a.what = t.what and a.repository_id = t.repository_id and a.item = t.item offset 0
    ) a`;
  // What is gone names only itself; the thread it was in is found by it.
  await appendMarks(trx, [
    sql`select identity_id, at from (${found}) own`,
    actsOfThreads(sql`${given} union select repository_id, number from (${found}) own where number is not null`),
  ]);
}

/**
 * Marks every day on which these identities did something, for them and for everybody who did something beside them: who shared
 * a commit, who reviewed whom, and whether anybody did, is a number too.
 */
export async function markIdentitiesStale(trx: WorkspaceTransaction, identityIds: readonly string[]): Promise<void> {
  if (identityIds.length === 0) return;
  await appendMarks(trx, actsAround(sql`${identityIds}::uuid[]`));
}

/**
 * Marks all days of these persons, by the facts as they are now and by the cells that exist. To move identities between
 * persons, or a person between zones, call it before and after the change, in one transaction with it.
 */
export async function markPeopleStale(trx: WorkspaceTransaction, personIds: readonly string[]): Promise<void> {
  if (personIds.length === 0) return;
  await appendMarks(
    trx,
    actsAround(sql`array(
      select i.id from fact_identities i
      left join people_links l on l.workspace_id = i.workspace_id and l.identity_id = i.id
      where i.workspace_id = ${ownWorkspace} and coalesce(l.person_id, i.id) = any(${personIds}::uuid[])
    )`),
  );
  await appendExistingCells(trx, sql`subject_kind = 'person' and subject_id = any(${personIds}::uuid[])`);
}

/** Marks every cell of the workspace: those that exist, and those that the facts ask for now. */
export async function markWorkspaceStale(trx: WorkspaceTransaction): Promise<void> {
  await appendMarks(trx, [sql`select identity_id, at from lens_acts where workspace_id = ${ownWorkspace}`]);
  await appendExistingCells(trx, sql`true`);
}

/** Who is credited with these commits, and when. */
function creditsOf(shas: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select identity_id, authored_at as at from fact_commit_credits where workspace_id = ${ownWorkspace} and sha in (${shas})`;
}

function threadsWith(shas: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`select repository_id, number from fact_pull_commits where workspace_id = ${ownWorkspace} and sha in (${shas})`;
}

/** Thread by thread, so that each is found by index; the offset keeps the planner from reading all acts to find these. */
function actsOfThreads(threads: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    select a.identity_id, a.at from (select distinct repository_id, number from (${threads}) given) t
    cross join lateral (
      select * from lens_acts a
      where a.workspace_id = ${ownWorkspace} and a.repository_id = t.repository_id and a.number = t.number offset 0
    ) a`;
}

function actsAround(identityIds: RawBuilder<unknown>): RawBuilder<unknown>[] {
  const own = sql`select * from lens_acts where workspace_id = ${ownWorkspace} and identity_id = any(${identityIds})`;
  const shas = sql`select sha from fact_commit_credits where workspace_id = ${ownWorkspace} and identity_id = any(${identityIds})`;
  return [
    sql`select identity_id, at from (${own}) own`,
    creditsOf(shas),
    actsOfThreads(
      sql`${threadsWith(shas)} union select repository_id, number from (${own}) own where number is not null`,
    ),
  ];
}

function unique<Row>(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

// The person behind an automation is marked as well: its cells are recomputed and come out empty. That keeps this
// independent of how the identity is classified at the moment.
async function appendMarks(trx: WorkspaceTransaction, acts: readonly RawBuilder<unknown>[]): Promise<void> {
  await lockFacts(trx);
  await sql`
    with act as materialized (${sql.join(acts, sql` union `)})
    insert into rollup_stale (workspace_id, id, subject_kind, subject_id, day)
    select workspace_id, gen_random_uuid(), kind, subject_id, day from (
      select w.id as workspace_id, 'person' as kind, coalesce(l.person_id, a.identity_id) as subject_id,
             (a.at at time zone coalesce(p.zone, w.zone))::date as day
      from act a
      join workspaces w on w.id = ${ownWorkspace}
      left join people_links l on l.workspace_id = w.id and l.identity_id = a.identity_id
      left join people p on p.workspace_id = w.id and p.id = coalesce(l.person_id, a.identity_id)
      where a.identity_id is not null
      union
      select w.id, 'workspace', w.id, (a.at at time zone w.zone)::date
      from act a
      join workspaces w on w.id = ${ownWorkspace}
    ) touched`.execute(trx);
}

async function appendExistingCells(trx: WorkspaceTransaction, which: RawBuilder<unknown>): Promise<void> {
  await sql`
    insert into rollup_stale (workspace_id, id, subject_kind, subject_id, day)
    select workspace_id, gen_random_uuid(), subject_kind, subject_id, day
    from (select distinct workspace_id, subject_kind, subject_id, day from rollup_days where workspace_id = ${ownWorkspace} and ${which}) cells`.execute(
    trx,
  );
}

import { type RawBuilder, sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';

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
 * workspace. Call it in the transaction that changes what the commits say or where they can be reached.
 */
export async function markCommitsStale(trx: WorkspaceTransaction, shas: readonly string[]): Promise<void> {
  if (shas.length === 0) return;
  await appendMarks(trx, sql`c.sha in (select value from json_array_elements_text(${JSON.stringify(shas)}::json))`);
}

/**
 * Marks every day on which these identities are credited with something, for them and for everybody credited beside them: who
 * shared a commit, and whether anybody did, is a number too.
 */
export async function markIdentitiesStale(trx: WorkspaceTransaction, identityIds: readonly string[]): Promise<void> {
  if (identityIds.length === 0) return;
  await appendMarks(trx, creditedTo(sql`${identityIds}::uuid[]`));
}

function creditedTo(identityIds: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`c.sha in (select o.sha from fact_commit_credits o where o.identity_id = any(${identityIds}))`;
}

/**
 * Marks all days of these persons, by the facts as they are now and by the cells that exist. To move identities between
 * persons, or a person between zones, call it before and after the change, in one transaction with it.
 */
export async function markPeopleStale(trx: WorkspaceTransaction, personIds: readonly string[]): Promise<void> {
  if (personIds.length === 0) return;
  await appendMarks(
    trx,
    creditedTo(sql`array(
      select i.id from fact_identities i
      left join people_links l on l.workspace_id = i.workspace_id and l.identity_id = i.id
      where coalesce(l.person_id, i.id) = any(${personIds}::uuid[])
    )`),
  );
  await appendExistingCells(trx, sql`subject_kind = 'person' and subject_id = any(${personIds}::uuid[])`);
}

/** Marks every cell of the workspace: those that exist, and those that the facts ask for now. */
export async function markWorkspaceStale(trx: WorkspaceTransaction): Promise<void> {
  await appendMarks(trx, sql`true`);
  await appendExistingCells(trx, sql`true`);
}

// The person behind an automation is marked as well: its cells are recomputed and come out empty. That keeps this
// independent of how the identity is classified at the moment.
async function appendMarks(trx: WorkspaceTransaction, which: RawBuilder<unknown>): Promise<void> {
  await lockFacts(trx);
  await sql`
    insert into rollup_stale (workspace_id, id, subject_kind, subject_id, day)
    select workspace_id, gen_random_uuid(), kind, subject_id, day from (
      select c.workspace_id, 'person' as kind, coalesce(l.person_id, c.identity_id) as subject_id,
             (c.authored_at at time zone coalesce(p.zone, w.zone))::date as day
      from fact_commit_credits c
      join workspaces w on w.id = c.workspace_id
      left join people_links l on l.workspace_id = c.workspace_id and l.identity_id = c.identity_id
      left join people p on p.workspace_id = c.workspace_id and p.id = coalesce(l.person_id, c.identity_id)
      where ${which}
      union
      select c.workspace_id, 'workspace', c.workspace_id, (c.authored_at at time zone w.zone)::date
      from fact_commit_credits c
      join workspaces w on w.id = c.workspace_id
      where ${which}
    ) touched`.execute(trx);
}

async function appendExistingCells(trx: WorkspaceTransaction, which: RawBuilder<unknown>): Promise<void> {
  await sql`
    insert into rollup_stale (workspace_id, id, subject_kind, subject_id, day)
    select workspace_id, gen_random_uuid(), subject_kind, subject_id, day
    from (select distinct workspace_id, subject_kind, subject_id, day from rollup_days where ${which}) cells`.execute(
    trx,
  );
}

import { sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { markIdentitiesStale } from '@devpulse/pipeline/derive/mark-stale';
import { mentions } from './erase-families.ts';
import { findCommitEvents, readSourceAgain, readTheseAgain } from './read-events-again.ts';

/** Authors who did nothing else go; of the others everything is read again that may have come from what was erased. */
export async function settleIdentities(trx: WorkspaceTransaction, connector: string, noted: string[]): Promise<void> {
  await markIdentitiesStale(trx, noted);
  // Any event of a forge may have said what any account is called.
  const accounts = await listAccounts(trx, connector);
  const identities = [...new Set([...noted, ...accounts])];
  if (identities.length === 0) return;
  await forgetOccasions(trx, identities);
  const events = await findCommitEvents(
    trx,
    sql`r.sha in (
      select sha from fact_commits where workspace_id = ${ownWorkspace}
        and (author_id = any(${identities}::uuid[]) or committer_id = any(${identities}::uuid[]))
      union select sha from fact_commit_credits where workspace_id = ${ownWorkspace} and identity_id = any(${identities}::uuid[]))`,
  );
  const isWhole = accounts.length === 0 || (await readSourceAgain(trx, connector));
  if (!isWhole || events.some((event) => !event.readable)) return;
  await sql`
    update fact_identities
    set name = null, named_at = 'epoch', email = null, login = null, login_at = 'epoch', source_kind = null
    where workspace_id = ${ownWorkspace} and id = any(${identities}::uuid[]) and erased_at is null`.execute(trx);
  await readTheseAgain(trx, events);
}

/** Everybody of a connector that knows accounts by number; nobody of one that does not. */
async function listAccounts(trx: WorkspaceTransaction, connector: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from fact_identities
    where workspace_id = ${ownWorkspace} and source = ${connector} and exists (
      select 1 from fact_identities
      where workspace_id = ${ownWorkspace} and source = ${connector} and external_key like 'id:%')`.execute(trx);
  return rows.map((row) => row.id);
}

/** Whom nothing names any more goes; of the others only the occasions count that are left. */
async function forgetOccasions(trx: WorkspaceTransaction, identities: string[]): Promise<void> {
  const told = sql`
    select author_id as id, authored_at as at, true as has_acted from fact_commits where workspace_id = ${ownWorkspace} union all
    select committer_id, committed_at, true from fact_commits where workspace_id = ${ownWorkspace} union all
    select identity_id, authored_at, true from fact_commit_credits where workspace_id = ${ownWorkspace} union all
    ${mentions()}`;
  await sql`
    delete from fact_identities i where i.workspace_id = ${ownWorkspace} and i.id = any(${identities}::uuid[])
      and not exists (select 1 from (${told}) t where t.id = i.id)`.execute(trx);
  await sql`
    update fact_identities i set first_seen_at = t.first_at, last_seen_at = t.last_at, has_acted = t.has_acted
    from (
      select id, min(at) as first_at, max(at) as last_at, bool_or(has_acted) as has_acted
      from (${told}) each where id = any(${identities}::uuid[]) group by id
    ) t
    where i.workspace_id = ${ownWorkspace} and t.id = i.id and i.erased_at is null`.execute(trx);
}

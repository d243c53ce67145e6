import { sql } from 'kysely';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { lockFacts, markCommitsStale } from '@devpulse/pipeline/derive/mark-stale';
import { announceChange } from '../live/announce-change.ts';
import { eraseEvents, fromTheStart, isOfSource } from './erase-events.ts';
import { eraseFamilies } from './erase-families.ts';
import { findCommitEvents, findHolders, readRepositoryAgain, readTheseAgain } from './read-events-again.ts';
import { settleIdentities } from './settle-identities.ts';

interface Erasure {
  id: string;
  connector: string;
  natural_key: string;
}

type Step = 'go on' | 'later' | 'done';

const commitsPerStep = 500;
/** A reader that was at it when the source went notices within its lease; what it still brought is swept by the next run. */
const settledAfterSeconds = 61;

/** Does what was ordered, as far as it can be done now; the next run goes on where this one stopped, or was killed. */
export async function eraseSources(store: Store, signal: AbortSignal): Promise<number> {
  const { rows } = await sql<{ id: string }>`select workspaces_with_erasures() as id`.execute(store.app);
  let done = 0;
  for (const { id: workspaceId } of rows) {
    const erasures = await store.inWorkspace(workspaceId, (trx) =>
      sql<Erasure>`select id, connector, natural_key from source_erasures where workspace_id = ${ownWorkspace} order by ordered_at`.execute(
        trx,
      ),
    );
    for (const erasure of erasures.rows) if (await eraseOne(store, workspaceId, erasure, signal)) done += 1;
  }
  return done;
}

async function eraseOne(store: Store, workspaceId: string, erasure: Erasure, signal: AbortSignal): Promise<boolean> {
  const search = fromTheStart();
  for (;;) {
    if (signal.aborted) return false;
    const step = await store.inWorkspace(workspaceId, async (trx) => {
      await lockFacts(trx);
      // While something of the same kind is on its way, nobody can tell which commits others have as well.
      if (await isReading(trx, erasure)) return 'later';
      if (await eraseEvents(trx, workspaceId, { erased: erasure, search })) return 'go on';
      return eraseSome(trx, workspaceId, erasure);
    });
    if (step !== 'go on') return step === 'done';
  }
}

async function isReading(trx: WorkspaceTransaction, erasure: Erasure): Promise<boolean> {
  const { rows } = await sql<{ busy: boolean }>`
    select exists (select 1 from sources where workspace_id = ${ownWorkspace} and connector = ${erasure.connector} and lease_until > now()) or exists (
      -- One that is only read again has its facts already.
      select 1 from raw_events e
        where e.workspace_id = ${ownWorkspace} and e.source = ${erasure.connector} and e.state in ('pending', 'leased') and e.fence <= e.attempts
        and not (${isOfSource(erasure)})) as busy`.execute(trx);
  return rows[0]?.busy === true;
}

async function eraseSome(trx: WorkspaceTransaction, workspaceId: string, erasure: Erasure): Promise<Step> {
  const repository = await trx
    .selectFrom('fact_repositories')
    .where('workspace_id', '=', ownWorkspace)
    .where('source', '=', erasure.connector)
    .where('external_key', '=', erasure.natural_key)
    .select('id')
    .executeTakeFirst();
  if (repository === undefined) return finish(trx, workspaceId, erasure);
  await noteListedCommits(trx, repository.id);
  const named = (await eraseFamilies(trx, repository.id)) ?? (await eraseCommits(trx, repository.id));
  if (named === null) return finish(trx, workspaceId, erasure);
  await sql`
    update source_erasures
    set identities = array(select unnest(coalesce(identities, '{}')) union select unnest(${named}::uuid[]))
    where workspace_id = ${ownWorkspace} and id = ${erasure.id}`.execute(trx);
  return 'go on';
}

/** Pull requests list commits that no branch need reach: they are erased with those that one does. */
async function noteListedCommits(trx: WorkspaceTransaction, repositoryId: string): Promise<void> {
  await sql`
    insert into fact_commit_reach (workspace_id, repository_id, sha, snapshot, reachable)
    select distinct workspace_id, repository_id, sha, 0, false from fact_pull_commits
    where workspace_id = ${ownWorkspace} and repository_id = ${repositoryId}::uuid
    on conflict do nothing`.execute(trx);
}

/** Erases some commits and answers whom they named; null: there was none left. */
async function eraseCommits(trx: WorkspaceTransaction, repositoryId: string): Promise<string[] | null> {
  const { rows } = await sql<{ sha: string }>`
    select sha from fact_commit_reach where workspace_id = ${ownWorkspace} and repository_id = ${repositoryId}::uuid
    order by sha limit ${commitsPerStep}`.execute(trx);
  if (rows.length === 0) return null;
  const shas = rows.map((row) => row.sha);
  const named = await sql<{ id: string }>`
    select unnest(array[author_id, committer_id]) as id from fact_commits
    where workspace_id = ${ownWorkspace} and sha = any(${shas}::text[])
    union
    select identity_id from fact_commit_credits where workspace_id = ${ownWorkspace} and sha = any(${shas}::text[])`.execute(
    trx,
  );
  await markCommitsStale(trx, shas);
  await sql`
    delete from fact_commit_reach where workspace_id = ${ownWorkspace} and repository_id = ${repositoryId}::uuid and sha = any(${shas}::text[])`.execute(
    trx,
  );
  // What others have as well is read again from theirs, which may know it less well; what nobody can read again stays as it is.
  const elsewhere = await findCommitEvents(trx, sql`r.sha = any(${shas}::text[])`);
  const holders = await findHolders(trx, shas);
  const kept = new Set([
    ...elsewhere.filter((event) => !event.readable).map((event) => event.sha),
    ...holders.filter((holder) => !holder.readable).flatMap((holder) => holder.shas),
  ]);
  const gone = shas.filter((sha) => !kept.has(sha));
  await sql`delete from fact_commits where workspace_id = ${ownWorkspace} and sha = any(${gone}::text[])`.execute(trx);
  await readTheseAgain(trx, elsewhere);
  for (const holder of holders) await readRepositoryAgain(trx, holder);
  return named.rows.map((row) => row.id);
}

async function finish(trx: WorkspaceTransaction, workspaceId: string, erasure: Erasure): Promise<Step> {
  const { rows } = await sql<{ identities: string[] | null; settled: boolean }>`
    select identities, ordered_at < now() - make_interval(secs => ${settledAfterSeconds}) as settled
    from source_erasures where workspace_id = ${ownWorkspace} and id = ${erasure.id}`.execute(trx);
  await sql`delete from fact_repositories where workspace_id = ${ownWorkspace} and source = ${erasure.connector} and external_key = ${erasure.natural_key}`.execute(
    trx,
  );
  // Nothing was noted since this was done last.
  const noted = rows[0]?.identities ?? null;
  if (noted !== null) await settleIdentities(trx, erasure.connector, noted);
  await announceChange(trx, workspaceId, { sources: true, people: true, metrics: ['*'] });
  await sql`update source_erasures set identities = null where workspace_id = ${ownWorkspace} and id = ${erasure.id}`.execute(
    trx,
  );
  if (rows[0]?.settled !== true) return 'later';
  await sql`delete from source_erasures where workspace_id = ${ownWorkspace} and id = ${erasure.id}`.execute(trx);
  return 'done';
}

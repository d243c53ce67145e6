import { type RawBuilder, sql } from 'kysely';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { lockFacts, markCommitsStale, markIdentitiesStale } from '@devpulse/pipeline/derive/mark-stale';
import { announceChange } from '../live/announce-change.ts';

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
      sql<Erasure>`select id, connector, natural_key from source_erasures order by ordered_at`.execute(trx),
    );
    for (const erasure of erasures.rows) if (await eraseOne(store, workspaceId, erasure, signal)) done += 1;
  }
  return done;
}

async function eraseOne(store: Store, workspaceId: string, erasure: Erasure, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    if (signal.aborted) return false;
    const step = await store.inWorkspace(workspaceId, async (trx) => {
      await lockFacts(trx);
      // While something of the same kind is on its way, nobody can tell which commits others have as well.
      if (await isReading(trx, erasure)) return 'later';
      if (await findWhatToErase(trx, workspaceId, erasure)) return 'go on';
      return eraseSome(trx, workspaceId, erasure);
    });
    if (step !== 'go on') return step === 'done';
  }
}

const keyOf = (erasure: Erasure): RawBuilder<string> => sql`${`${erasure.natural_key}#`}::text`;
const isOfSource = (erasure: Erasure): RawBuilder<boolean> =>
  sql`e.source = ${erasure.connector} and left(e.item_key, length(${keyOf(erasure)})) = ${keyOf(erasure)}`;

async function isReading(trx: WorkspaceTransaction, erasure: Erasure): Promise<boolean> {
  const { rows } = await sql<{ busy: boolean }>`
    select exists (select 1 from sources where connector = ${erasure.connector} and lease_until > now()) or exists (
      -- One that is only read again has its facts already.
      select 1 from raw_events e
        where e.source = ${erasure.connector} and e.state in ('pending', 'leased') and e.fence <= e.attempts
        and not (${isOfSource(erasure)})) as busy`.execute(trx);
  return rows[0]?.busy === true;
}

/**
 * Deletes the raw events, so that nothing more can be derived from them, and notes which commits and authors they told of.
 * False when there were none left.
 */
async function findWhatToErase(trx: WorkspaceTransaction, workspaceId: string, erasure: Erasure): Promise<boolean> {
  const repository = sql`(select id from fact_repositories where source = ${erasure.connector} and external_key = ${erasure.natural_key})`;
  // A look that ended early told of commits, but not of their reach: what is known of neither would be overlooked.
  await sql`
    insert into fact_commit_reach (workspace_id, repository_id, sha, snapshot, reachable)
    select distinct ${workspaceId}::uuid, r.id, substring(e.item_key from '#commit#([0-9a-f]+)'), 0, false
    from raw_events e, fact_repositories r
    where ${isOfSource(erasure)} and e.source = r.source and r.external_key = ${erasure.natural_key}
      and e.item_key ~ '#commit#[0-9a-f]+'
    on conflict do nothing`.execute(trx);
  const { numAffectedRows } = await sql`delete from raw_events e where ${isOfSource(erasure)}`.execute(trx);
  if ((numAffectedRows ?? 0n) === 0n) return false;
  await sql`
    update source_erasures set identities = array(
      select unnest(coalesce(identities, '{}')) union
      select unnest(array[c.author_id, c.committer_id]) from fact_commits c
      where c.sha in (select sha from fact_commit_reach where repository_id = ${repository}) union
      select cr.identity_id from fact_commit_credits cr
      where cr.sha in (select sha from fact_commit_reach where repository_id = ${repository}))
    where id = ${erasure.id}`.execute(trx);
  return true;
}

async function eraseSome(trx: WorkspaceTransaction, workspaceId: string, erasure: Erasure): Promise<Step> {
  const { rows } = await sql<{ repository_id: string; sha: string }>`
    select repository_id, sha from fact_commit_reach
    where repository_id = (
      select id from fact_repositories where source = ${erasure.connector} and external_key = ${erasure.natural_key})
    order by sha limit ${commitsPerStep}`.execute(trx);
  const [first] = rows;
  if (first === undefined) return finish(trx, workspaceId, erasure);
  const shas = rows.map((row) => row.sha);
  await markCommitsStale(trx, shas);
  await sql`
    delete from fact_commit_reach where repository_id = ${first.repository_id} and sha = any(${shas}::text[])`.execute(
    trx,
  );
  // What others have as well is read again from theirs, which may know it less well; what nobody can read again stays as it is.
  const elsewhere = await findEvents(trx, sql`r.sha = any(${shas}::text[])`);
  const kept = new Set(elsewhere.filter((event) => !event.readable).map((event) => event.sha));
  const gone = shas.filter((sha) => !kept.has(sha));
  await sql`delete from fact_commits where sha = any(${gone}::text[])`.execute(trx);
  await readAgain(trx, elsewhere);
  return 'go on';
}

async function finish(trx: WorkspaceTransaction, workspaceId: string, erasure: Erasure): Promise<Step> {
  const { rows } = await sql<{ identities: string[] | null; settled: boolean }>`
    select identities, ordered_at < now() - make_interval(secs => ${settledAfterSeconds}) as settled
    from source_erasures where id = ${erasure.id}`.execute(trx);
  await sql`delete from fact_repositories where source = ${erasure.connector} and external_key = ${erasure.natural_key}`.execute(
    trx,
  );
  await settleIdentities(trx, rows[0]?.identities ?? []);
  await announceChange(trx, workspaceId, { sources: true, people: true, metrics: ['*'] });
  await sql`update source_erasures set identities = null where id = ${erasure.id}`.execute(trx);
  if (rows[0]?.settled !== true) return 'later';
  await sql`delete from source_erasures where id = ${erasure.id}`.execute(trx);
  return 'done';
}

/** Authors who did nothing else go; of the others everything is read again that may have come from what was erased. */
async function settleIdentities(trx: WorkspaceTransaction, identities: string[]): Promise<void> {
  if (identities.length === 0) return;
  await markIdentitiesStale(trx, identities);
  const acts = sql`
    select author_id as id, authored_at as at from fact_commits union all
    select committer_id, committed_at from fact_commits union all
    select identity_id, authored_at from fact_commit_credits`;
  await sql`
    delete from fact_identities i where i.id = any(${identities}::uuid[])
      and not exists (select 1 from (${acts}) a where a.id = i.id)`.execute(trx);
  await sql`
    update fact_identities i set first_seen_at = a.first_at, last_seen_at = a.last_at
    from (select id, min(at) as first_at, max(at) as last_at from (${acts}) each where id = any(${identities}::uuid[]) group by id) a
    where a.id = i.id and i.erased_at is null`.execute(trx);
  const events = await findEvents(
    trx,
    sql`r.sha in (
      select sha from fact_commits where author_id = any(${identities}::uuid[]) or committer_id = any(${identities}::uuid[])
      union select sha from fact_commit_credits where identity_id = any(${identities}::uuid[]))`,
  );
  if (events.some((event) => !event.readable)) return;
  await sql`
    update fact_identities set name = null, named_at = 'epoch', email = null, login = null, source_kind = null
    where id = any(${identities}::uuid[]) and erased_at is null`.execute(trx);
  await readAgain(trx, events);
}

interface CommitEvent {
  id: string;
  sha: string;
  readable: boolean;
}

/** The raw events that told of commits, by the keys that connectors of git give them. */
async function findEvents(trx: WorkspaceTransaction, which: RawBuilder<unknown>): Promise<CommitEvent[]> {
  const { rows } = await sql<CommitEvent>`
    select e.id, r.sha, e.body is not null as readable
    from fact_commit_reach r join fact_repositories f on f.id = r.repository_id
    cross join lateral (select f.external_key || '#commit#' || r.sha as key) k
    join raw_events e on e.source = f.source
      and e.item_key = any(array[k.key, k.key || '#shallow', k.key || '#partial', k.key || '#too-large'])
    where ${which}`.execute(trx);
  return rows;
}

async function readAgain(trx: WorkspaceTransaction, events: readonly CommitEvent[]): Promise<void> {
  const ids = [...new Set(events.filter((event) => event.readable).map((event) => event.id))];
  if (ids.length === 0) return;
  await sql`
    update raw_events
    set state = 'pending', attempts = 0, run_after = now(), reason = null, detail = null, finished_at = null,
        lease_owner = null, lease_until = null, fence = fence + 1
    where id = any(${ids}::uuid[]) and state in ('done', 'ignored', 'dead')`.execute(trx);
}

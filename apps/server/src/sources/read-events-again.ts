import { type RawBuilder, sql } from 'kysely';
import { restoredKind } from '@devpulse/contract/restored-facts';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

interface CommitEvent {
  id: string;
  sha: string;
  readable: boolean;
}

/** The keys that connectors of git give to the event of a commit. */
const commitKeys = (repository: string, sha: string): RawBuilder<unknown> => {
  const key = sql`${sql.ref(repository)} || '#commit#' || ${sql.ref(sha)}`;
  return sql`array[${key}, ${key} || '#shallow', ${key} || '#partial', ${key} || '#too-large']`;
};

/** The raw events that told of commits, by the keys that connectors of git give them. */
export async function findCommitEvents(trx: WorkspaceTransaction, which: RawBuilder<unknown>): Promise<CommitEvent[]> {
  const { rows } = await sql<CommitEvent>`
    select e.id, r.sha, e.body is not null as readable
    from fact_commit_reach r join fact_repositories f on f.workspace_id = r.workspace_id and f.id = r.repository_id
    join raw_events e on e.workspace_id = r.workspace_id and e.source = f.source
      and e.item_key = any(${commitKeys('f.external_key', 'r.sha')})
    where r.workspace_id = ${ownWorkspace} and ${which}`.execute(trx);
  return rows;
}

/** A repository that has commits whose events are not named after them: forges tell of many at once. */
interface Holder {
  source: string;
  external_key: string;
  shas: string[];
  /** Nothing it told has lost its body. */
  readable: boolean;
}

/** The repositories that reach these commits, or list them for a pull request, without events named after them. */
export async function findHolders(trx: WorkspaceTransaction, shas: readonly string[]): Promise<Holder[]> {
  const { rows } = await sql<Holder>`
    select f.source, f.external_key, array_agg(h.sha) as shas, not exists (
      select 1 from raw_events e
      where e.workspace_id = ${ownWorkspace} and e.source = f.source and e.state = 'done' and e.body is null
        and left(e.item_key, length(f.external_key) + 1) = f.external_key || '#'
    ) as readable
    from (
      select repository_id, sha from fact_commit_reach where workspace_id = ${ownWorkspace} and sha = any(${shas}::text[])
      union
      select repository_id, sha from fact_pull_commits where workspace_id = ${ownWorkspace} and sha = any(${shas}::text[])
    ) h
    join fact_repositories f on f.workspace_id = ${ownWorkspace} and f.id = h.repository_id
    where not exists (
      select 1 from raw_events e
      where e.workspace_id = ${ownWorkspace} and e.source = f.source and e.item_key = any(${commitKeys('f.external_key', 'h.sha')})
    )
    group by f.source, f.external_key`.execute(trx);
  return rows;
}

/** Has these events read once more. */
export async function readTheseAgain(trx: WorkspaceTransaction, events: readonly CommitEvent[]): Promise<void> {
  const ids = [...new Set(events.filter((event) => event.readable).map((event) => event.id))];
  if (ids.length > 0) await readAgain(trx, sql`id = any(${ids}::uuid[])`);
}

/** Has everything read once more that told of this repository, or may have. */
export async function readRepositoryAgain(
  trx: WorkspaceTransaction,
  { source, external_key }: Pick<Holder, 'source' | 'external_key'>,
): Promise<void> {
  const prefix = `${external_key}#`;
  await readAgain(
    trx,
    sql`source = ${source} and (left(item_key, length(${prefix}::text)) = ${prefix}::text or item_key like 'hook:%'
      or kind = ${restoredKind})`,
  );
}

/** Has everything of a connector read once more. False: some of it cannot be. */
export async function readSourceAgain(trx: WorkspaceTransaction, connector: string): Promise<boolean> {
  await readAgain(trx, sql`source = ${connector}`);
  const { rows } = await sql<{ stripped: boolean }>`
    select exists (
      select 1 from raw_events where workspace_id = ${ownWorkspace} and source = ${connector} and state = 'done' and body is null
    ) as stripped`.execute(trx);
  return rows[0]?.stripped !== true;
}

async function readAgain(trx: WorkspaceTransaction, which: RawBuilder<unknown>): Promise<void> {
  await sql`
    update raw_events
    set state = 'pending', attempts = 0, run_after = now(), reason = null, detail = null, finished_at = null,
        lease_owner = null, lease_until = null, fence = fence + 1
    where workspace_id = ${ownWorkspace} and body is not null and state in ('done', 'ignored', 'dead') and ${which}`.execute(
    trx,
  );
}

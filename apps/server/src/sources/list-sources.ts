import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { type SourceList, sourceSchema, type SourceView } from '@devpulse/contract/wire/sources';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';

/** Every source with its state, and what is still under way behind them. */
export async function listSources(store: Store, workspaceId: string): Promise<SourceList> {
  // One snapshot: what left the inbox must be among the days that wait, or a bar would jump to its end and back.
  return store.inWorkspace(
    workspaceId,
    async (trx) => ({ sources: await readSources(trx), work: await readWork(trx) }),
    { snapshot: true },
  );
}

/** These sources in the order of their names; throws when one of them is missing. */
export async function showSources(store: Store, workspaceId: string, ids: readonly string[]): Promise<SourceView[]> {
  const sources = await store.inWorkspace(workspaceId, (trx) => readSources(trx, ids));
  if (sources.length < ids.length)
    throw new AppError('not_found', 'There is no such source; it may have been removed.');
  return sources;
}

// What a connector reads from; settings without a path are told of by their key.
const placeSchema = z.object({ path: z.string() });
const storedSchema = sourceSchema.pick({ progress: true, lastError: true });

async function readSources(trx: WorkspaceTransaction, ids?: readonly string[]): Promise<SourceView[]> {
  const rows = await trx
    .selectFrom('sources')
    .select([
      'id',
      'connector',
      'name',
      'natural_key',
      'settings',
      'state',
      'progress',
      'last_checked_at',
      'last_error',
    ])
    .$if(ids !== undefined, (query) => query.where('id', 'in', [...(ids ?? [])]))
    .orderBy('name')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    connector: row.connector,
    name: row.name,
    place: placeSchema.safeParse(row.settings).data?.path ?? row.natural_key,
    state: row.state,
    lastCheckedAt: row.last_checked_at?.toISOString() ?? null,
    ...storedSchema.parse({ progress: row.progress, lastError: row.last_error }),
  }));
}

async function readWork(trx: WorkspaceTransaction): Promise<SourceList['work']> {
  const { rows } = await sql<SourceList['work']>`
    select
      (select count(*) from raw_events where state in ('pending', 'leased'))::integer as "pendingEvents",
      (select count(*) from (select distinct subject_kind, subject_id, day from rollup_stale) cells)::integer as "pendingDays",
      (select count(*) from fact_commits)::integer as commits`.execute(trx);
  const work = rows[0];
  if (work === undefined) throw new Error('a select without from always has one row');
  return work;
}

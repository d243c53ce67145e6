import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { type SourceList, sourceSchema, type SourceView } from '@devpulse/contract/wire/sources';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { roleMay } from '@devpulse/contract/permissions';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { Looker } from '../viewers/look-at-people.ts';
import { findUnseen } from '../viewers/unseen-repositories.ts';

/**
 * The sources with their state, and what is still under way behind them. Whoever manages sources is told of all of them; everybody
 * else of those whose repositories they see.
 */
export async function listSources({ store, viewer, now }: Looker): Promise<SourceList> {
  // One snapshot: what left the inbox must be among the days that wait, or a bar would jump to its end and back.
  return store.inWorkspace(
    viewer.workspaceId,
    async (trx) => {
      const all = await readSources(trx);
      const unseen = roleMay(viewer.role, 'sources.manage')
        ? new Set<string>()
        : (await findUnseen(trx, { viewer, now })).keys;
      const sources = all.filter((source) => source.connector !== 'github' || !unseen.has(source.place));
      return { sources, withheld: all.length - sources.length, work: await readWork(trx) };
    },
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

export async function showSource(store: Store, workspaceId: string, id: string): Promise<SourceView> {
  const [source] = await showSources(store, workspaceId, [id]);
  if (source === undefined) throw new AppError('not_found', 'There is no such source; it may have been removed.');
  return source;
}

// What a connector reads from; settings without a path are told of by their key.
const placeSchema = z.object({ path: z.string() });
const storedSchema = sourceSchema.pick({ progress: true, lastError: true, plan: true });
const choicesSchema = z.object({
  host: z.string(),
  history: z.enum(['quarter', 'year', 'all']).default('year'),
  branches: z.enum(['default', 'all']).default('default'),
});

async function readSources(trx: WorkspaceTransaction, ids?: readonly string[]): Promise<SourceView[]> {
  const rows = await trx
    .selectFrom('sources')
    .where('workspace_id', '=', ownWorkspace)
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
      'connection_id',
      'look_seconds',
      'wished_seconds',
      'next_look_at',
      'waiting_until',
      'failures',
      'last_event_at',
      'reconciled_at',
      'plan',
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
    connectionId: row.connection_id,
    choices: readChoices(row.settings),
    monitor: {
      everySeconds: row.wished_seconds ?? row.look_seconds,
      wishedSeconds: row.wished_seconds,
      nextLookAt: row.next_look_at.toISOString(),
      waitingUntil: row.waiting_until?.toISOString() ?? null,
      failures: row.failures,
      lastEventAt: row.last_event_at?.toISOString() ?? null,
      lastReconciledAt: row.reconciled_at?.toISOString() ?? null,
    },
    ...storedSchema.parse({ progress: row.progress, lastError: row.last_error, plan: row.plan }),
  }));
}

function readChoices(settings: unknown): SourceView['choices'] {
  const read = choicesSchema.safeParse(settings);
  return read.success ? { history: read.data.history, branches: read.data.branches } : null;
}

async function readWork(trx: WorkspaceTransaction): Promise<SourceList['work']> {
  const { rows } = await sql<SourceList['work']>`
    select
      (select count(*) from raw_events where workspace_id = ${ownWorkspace} and state in ('pending', 'leased'))::integer as "pendingEvents",
      (select count(*) from (select distinct subject_kind, subject_id, day from rollup_stale where workspace_id = ${ownWorkspace}) cells)::integer as "pendingDays",
      (select count(*) from fact_commits where workspace_id = ${ownWorkspace})::integer as commits`.execute(trx);
  const work = rows[0];
  if (work === undefined) throw new Error('a select without from always has one row');
  return work;
}

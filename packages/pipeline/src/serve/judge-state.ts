import { sql } from 'kysely';
import type { Day } from '@devpulse/contract/day';
import type { ValueState } from '@devpulse/contract/states';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { countUnknown } from './count-unknown.ts';
import type { Question, Resolved } from './resolve-question.ts';
import type { RoadCounts } from './road-counts.ts';

/** How whole and how fresh the facts behind an answer are. */
export interface Standing {
  state: ValueState;
  reason: string | null;
  asOf: Date | null;
  pendingEvents: number;
  /** Days up to the end of the window whose facts changed since they were counted. */
  daysToCount: readonly Day[];
  deadEvents: number;
  repositories: number;
  sourcesReading: number;
  sourcesFailed: number;
  /** Items whose amount the source could not know, by the key of `leftOut`. */
  unknown: number;
}

/** Looks at the road behind a number and says what may be said of it; `empty` and `ok` are told apart by the caller. */
export async function judgeState(trx: WorkspaceTransaction, question: Question, resolved: Resolved): Promise<Standing> {
  // Several questions of one snapshot and one subject meet the same road; it is looked at once.
  const counts = resolved.road?.get(resolved.to) ?? (await readCounts(trx, resolved));
  resolved.road?.set(resolved.to, counts);
  const unknown = await countUnknown(trx, question, resolved);
  const [state, reason] = decide(counts, unknown);
  return {
    state,
    reason,
    asOf: counts.as_of,
    pendingEvents: counts.pending_events,
    daysToCount: counts.pending_days,
    deadEvents: counts.dead_events,
    repositories: counts.repositories,
    sourcesReading: counts.sources_reading,
    sourcesFailed: counts.sources_failed,
    unknown,
  };
}

function decide(counts: RoadCounts, unknown: number): [ValueState, string | null] {
  if (counts.sources === 0 && counts.repositories === 0 && counts.pending_events === 0) {
    return ['unknown', 'no source has been read yet'];
  }
  if (counts.identities === 0)
    return ['unknown', 'no identity is linked to this person yet, so nobody can tell what they did'];
  if (counts.pending_days.length > 0)
    return ['stale', `${plural(counts.pending_days.length, 'day')} to be counted again`];
  if (counts.pending_events > 0) return ['stale', `${plural(counts.pending_events, 'newer event')} to be worked in`];
  if (counts.sources_failed > 0) return ['stale', `the last look at ${plural(counts.sources_failed, 'source')} failed`];
  if (counts.sources_late > 0) return ['stale', `${plural(counts.sources_late, 'source')} not looked at in time`];
  if (counts.sources_reading > 0) return ['partial', `${plural(counts.sources_reading, 'source')} still being read`];
  if (counts.dead_events > 0) return ['partial', `${plural(counts.dead_events, 'event')} could not be read`];
  if (unknown > 0) return ['partial', `of ${plural(unknown, 'record')} the amount is not known`];
  return ['ok', null];
}

async function readCounts(trx: WorkspaceTransaction, resolved: Resolved): Promise<RoadCounts> {
  const { rows } = await sql<RoadCounts>`
    select
      (select count(*) from raw_events where workspace_id = ${ownWorkspace} and state in ('pending', 'leased'))::integer as pending_events,
      (select count(*) from raw_events where workspace_id = ${ownWorkspace} and state = 'dead')::integer as dead_events,
      -- As text: the driver reads single days, but no lists of them.
      array(
        select distinct day from rollup_stale
        where workspace_id = ${ownWorkspace} and subject_kind = ${resolved.subject.kind} and subject_id = ${resolved.subject.id}::uuid and day <= ${resolved.to}::date
      )::text[] as pending_days,
      (select count(*) from fact_repositories where workspace_id = ${ownWorkspace})::integer as repositories,
      -- A workspace is everybody's; a person is only known by the identities that stand for them.
      case when ${resolved.subject.kind} = 'workspace' then 1 else (
        select count(*) from lens_identities where workspace_id = ${ownWorkspace} and person_id = ${resolved.subject.id}::uuid
      ) end::integer as identities,
      (select count(*) from sources where workspace_id = ${ownWorkspace})::integer as sources,
      (select count(*) from sources where workspace_id = ${ownWorkspace} and state = 'reading')::integer as sources_reading,
      (select count(*) from sources where workspace_id = ${ownWorkspace} and state = 'failed')::integer as sources_failed,
      -- A minute more than two of its intervals: the schedule goes by minutes.
      (select count(*) from sources
       where workspace_id = ${ownWorkspace} and state = 'ok' and connection_id is not null
         and reconciled_at < now() - make_interval(secs => 60 + 2 * look_seconds))::integer as sources_late,
      -- Events that were pushed in have no source; the newest finished one is found from the end of the primary key.
      coalesce((select max(last_checked_at) from sources where workspace_id = ${ownWorkspace}),
               (select finished_at from raw_events where workspace_id = ${ownWorkspace} and state = 'done' order by id desc limit 1)) as as_of`.execute(
    trx,
  );
  const row = rows[0];
  if (row === undefined) throw new Error('a select without from always has one row');
  return row;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

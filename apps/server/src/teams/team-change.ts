import type { FastifyRequest } from 'fastify';
import type { Day } from '@devpulse/contract/day';
import { AppError } from '@devpulse/contract/errors';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { type AuditActor, auditActor } from '../audit/record-audit.ts';
import type { ServerDeps } from '../deps.ts';
import { readToday } from '../viewers/look-at-people.ts';

/** Who changes teams or the calendar, where and when. */
export interface TeamChange {
  store: Store;
  workspaceId: string;
  actor: AuditActor;
  now: Date;
}

/** A change inside its transaction. */
export interface Changing extends TeamChange {
  trx: WorkspaceTransaction;
  /** In the workspace's zone. */
  today: Day;
}

/** The change that a request asks for, as far as it is the same for all of them. */
export function changeOf(request: FastifyRequest, deps: Pick<ServerDeps, 'store' | 'now'>): TeamChange {
  return {
    store: deps.store,
    workspaceId: request.viewer.workspaceId,
    actor: auditActor(request),
    now: deps.now(),
  };
}

/** Runs a change in one transaction of its workspace. */
export async function inChange<Result>(
  change: TeamChange,
  work: (changing: Changing) => Promise<Result>,
): Promise<Result> {
  return change.store.inWorkspace(change.workspaceId, async (trx) =>
    work({ ...change, trx, today: await readToday(trx, change.now) }),
  );
}

export interface TeamRow {
  id: string;
  name: string;
  slug: string;
  archived_at: Date | null;
}

/**
 * Holds these teams until the end of the transaction, so that what is said about their people stays true; in order, since two
 * who hold them crosswise would wait for each other.
 */
export async function lockTeams(trx: WorkspaceTransaction, ids: readonly string[]): Promise<Map<string, TeamRow>> {
  const rows = await trx
    .selectFrom('teams')
    .where('workspace_id', '=', ownWorkspace)
    .select(['id', 'name', 'slug', 'archived_at'])
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute();
  const missing = ids.find((id) => !rows.some((row) => row.id === id));
  if (missing !== undefined) throw noTeam(missing);
  return new Map(rows.map((row) => [row.id, row]));
}

/** The same for one. */
export async function lockTeam(trx: WorkspaceTransaction, id: string): Promise<TeamRow> {
  const team = (await lockTeams(trx, [id])).get(id);
  if (team === undefined) throw noTeam(id);
  return team;
}

export function noTeam(id: string): AppError {
  return new AppError('not_found', `There is no team ${id}.`);
}

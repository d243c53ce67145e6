import { AppError } from '@devpulse/contract/errors';
import type { UpdateWorkspace, WorkspaceView } from '@devpulse/contract/wire/people';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { lockFacts, markWorkspaceStale } from '@devpulse/pipeline/derive/mark-stale';
import { checkZone } from './check-zone.ts';

/** Which workspace. */
export interface InWorkspace {
  store: Store;
  workspaceId: string;
}

/** The settings of a workspace. */
export async function readWorkspace(where: InWorkspace): Promise<WorkspaceView> {
  return where.store.inWorkspace(where.workspaceId, (trx) => readView(trx, where.workspaceId));
}

/** Changes the settings of a workspace; another zone cuts anew all its days and those of everybody without a zone. */
export async function updateWorkspace(where: InWorkspace, change: UpdateWorkspace): Promise<WorkspaceView> {
  const zone = change.zone === undefined ? undefined : await checkZone(where.store, change.zone);
  return where.store.inWorkspace(where.workspaceId, async (trx) => {
    await changeWorkspace(trx, where.workspaceId, { ...change, ...(zone === undefined ? {} : { zone }) });
    return readView(trx, where.workspaceId);
  });
}

/** The same inside a transaction that does more; the zone is one that `checkZone` gave. */
export async function changeWorkspace(
  trx: WorkspaceTransaction,
  workspaceId: string,
  change: UpdateWorkspace,
): Promise<void> {
  const { name, zone, weekStart, rawRetentionDays } = change;
  await lockFacts(trx);
  const before = await readView(trx, workspaceId);
  const moves = zone !== undefined && zone !== before.zone;
  // Before and after: a recount that runs meanwhile may still be writing days as the old zone cuts them.
  if (moves) await markWorkspaceStale(trx);
  const values = {
    ...(name === undefined ? {} : { name }),
    ...(zone === undefined ? {} : { zone }),
    ...(weekStart === undefined ? {} : { week_start: weekStart }),
    ...(rawRetentionDays === undefined ? {} : { raw_retention_days: rawRetentionDays }),
  };
  if (Object.keys(values).length > 0)
    await trx.updateTable('workspaces').set(values).where('id', '=', workspaceId).execute();
  if (moves) await markWorkspaceStale(trx);
}

async function readView(trx: WorkspaceTransaction, workspaceId: string): Promise<WorkspaceView> {
  const row = await trx.selectFrom('workspaces').selectAll().where('id', '=', workspaceId).executeTakeFirst();
  if (row === undefined) throw new AppError('not_found', 'There is no such workspace.');
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    zone: row.zone,
    weekStart: row.week_start,
    rawRetentionDays: row.raw_retention_days,
    createdAt: row.created_at.toISOString(),
  };
}

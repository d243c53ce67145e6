import { AppError } from '@devpulse/contract/errors';
import type { UpdateWorkspace, WorkspaceView } from '@devpulse/contract/wire/people';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { lockFacts, markWorkspaceStale } from '@devpulse/pipeline/derive/mark-stale';
import { type AuditActor, recordAudit } from '../audit/record-audit.ts';
import { readSlug, takeSlug } from '../workspaces/take-slug.ts';
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
export async function updateWorkspace(
  where: InWorkspace & { actor?: AuditActor },
  change: UpdateWorkspace,
): Promise<WorkspaceView> {
  const zone = change.zone === undefined ? undefined : await checkZone(where.store, change.zone);
  return where.store.inWorkspace(where.workspaceId, async (trx) => {
    const before = await readView(trx, where.workspaceId);
    await changeWorkspace(trx, where.workspaceId, { ...change, ...(zone === undefined ? {} : { zone }) });
    const after = await readView(trx, where.workspaceId);
    if (where.actor !== undefined) await noteChange(trx, where.actor, before, after);
    return after;
  });
}

async function noteChange(
  trx: WorkspaceTransaction,
  actor: AuditActor,
  before: WorkspaceView,
  after: WorkspaceView,
): Promise<void> {
  const changed = (Object.keys(after) as (keyof WorkspaceView)[]).filter((key) => before[key] !== after[key]);
  if (changed.length === 0) return;
  const pick = (view: WorkspaceView): object => Object.fromEntries(changed.map((key) => [key, view[key]]));
  await recordAudit(trx, {
    actor,
    action: 'workspace.settings_changed',
    target: { kind: 'workspace', id: after.id, name: after.name },
    before: pick(before),
    after: pick(after),
  });
}

/** The same inside a transaction that does more; the zone is one that `checkZone` gave. */
export async function changeWorkspace(
  trx: WorkspaceTransaction,
  workspaceId: string,
  change: UpdateWorkspace,
): Promise<void> {
  const { name, slug, zone, weekStart, rawRetentionDays, departedPeople, privateRepositories } = change;
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
    ...(departedPeople === undefined ? {} : { departed_people: departedPeople }),
    ...(privateRepositories === undefined ? {} : { private_repositories: privateRepositories }),
  };
  if (slug !== undefined && slug !== before.slug) {
    if (before.kind === 'demo') throw new AppError('conflict', 'The demo has no address of its own.');
    await takeSlug(trx, workspaceId, slug);
  }
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
    slug: await readSlug(trx),
    zone: row.zone,
    weekStart: row.week_start,
    rawRetentionDays: row.raw_retention_days,
    departedPeople: row.departed_people,
    privateRepositories: row.private_repositories,
    createdAt: row.created_at.toISOString(),
  };
}

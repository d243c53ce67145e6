import { userInfo } from 'node:os';
import { sql } from 'kysely';
import { isZone } from '@devpulse/contract/zone';
import { newId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { lockFacts } from '@devpulse/pipeline/derive/mark-stale';
import { checkZone } from '../people/check-zone.ts';
import { seedKindRules } from '../people/seed-kind-rules.ts';

/** The workspace of a fresh instance and its owner. */
export interface FirstWorkspace {
  workspaceId: string;
  ownerId: string;
}

/** Every workspace there is, by id. */
export async function listWorkspaces(store: Store): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select all_workspaces() as id`.execute(store.app);
  return rows.map((row) => row.id);
}

/** The workspaces in which somebody really works, by id: a demo is never one of them. */
async function listOwnWorkspaces(store: Store): Promise<string[]> {
  const own: string[] = [];
  for (const workspaceId of await listWorkspaces(store)) {
    const workspace = await store.inWorkspace(workspaceId, (trx) =>
      trx.selectFrom('workspaces').select('kind').executeTakeFirst(),
    );
    if (workspace !== undefined && workspace.kind !== 'demo') own.push(workspaceId);
  }
  return own;
}

/**
 * Makes the first workspace and its owner when there is none, and gives every workspace the built-in rules it does not know
 * yet. The id is fixed beforehand, so that two first starts at once make one workspace.
 */
export async function ensureWorkspace(store: Store): Promise<void> {
  if ((await listOwnWorkspaces(store)).length === 0) await createFirst(store);
  for (const workspaceId of await listWorkspaces(store)) {
    await store.inWorkspace(workspaceId, async (trx) => {
      // A demo may be removed by a running server at this very moment, under this lock.
      await lockFacts(trx);
      const isThere = await trx.selectFrom('workspaces').select('id').executeTakeFirst();
      if (isThere !== undefined) await seedKindRules(trx, workspaceId);
    });
  }
}

async function createFirst(store: Store): Promise<void> {
  const { rows } = await sql<{ value: { id: string } }>`
    insert into instance_settings (key, value) values ('first_workspace', ${JSON.stringify({ id: newId() })}::jsonb)
    on conflict (key) do update set value = instance_settings.value
    returning value`.execute(store.app);
  const workspaceId = rows[0]?.value.id;
  if (workspaceId === undefined) throw new Error('an upsert with returning always gives a row');
  // A machine may be set to a zone that the store reads otherwise; then the person says.
  const zone = await checkZone(store, guessZone()).catch(() => 'UTC');
  await store.inWorkspace(workspaceId, (trx) => insertWorkspace(trx, workspaceId, zone));
}

async function insertWorkspace(trx: WorkspaceTransaction, workspaceId: string, zone: string): Promise<void> {
  const made = await trx
    .insertInto('workspaces')
    .values({ id: workspaceId, kind: 'personal', name: 'My work', zone })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (made.numInsertedOrUpdatedRows !== 1n) return;
  const ownerId = newId();
  await trx.insertInto('people').values({ workspace_id: workspaceId, id: ownerId, name: guessName() }).execute();
  await trx
    .insertInto('people_members')
    .values({ workspace_id: workspaceId, person_id: ownerId, role: 'owner' })
    .execute();
}

/** The first workspace and its first owner: whom the command line acts for. */
export async function findFirstWorkspace(store: Store): Promise<FirstWorkspace> {
  const [workspaceId] = await listOwnWorkspaces(store);
  if (workspaceId === undefined) throw new Error('there is no workspace: the store was not prepared');
  const owner = await store.inWorkspace(workspaceId, (trx) =>
    trx
      .selectFrom('people_members')
      .select('person_id')
      .where('role', '=', 'owner')
      .orderBy('since')
      .executeTakeFirst(),
  );
  if (owner === undefined) throw new Error('the workspace has no owner');
  return { workspaceId, ownerId: owner.person_id };
}

// A guess that the person can change at any time; changing it cuts all days anew.
function guessZone(): string {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return isZone(zone) ? zone : 'UTC';
}

function guessName(): string {
  try {
    return userInfo().username || 'Owner';
  } catch {
    // A container may run under a number that has no name.
    return 'Owner';
  }
}

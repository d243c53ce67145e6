import { userInfo } from 'node:os';
import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { isZone } from '@devpulse/contract/zone';
import { newId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { lockFacts } from '@devpulse/pipeline/derive/mark-stale';
import { checkZone } from '../people/check-zone.ts';
import { seedKindRules } from '../people/seed-kind-rules.ts';
import { readSlug, takeAnySlug } from './take-slug.ts';

/** A workspace, and the owner for whom the command line acts in it. */
export interface FirstWorkspace {
  workspaceId: string;
  ownerId: string;
}

/** Every workspace there is, by id. */
export async function listWorkspaces(store: Store): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`select all_workspaces() as id`.execute(store.app);
  return rows.map((row) => row.id);
}

/**
 * Makes the first workspace and its owner when it is not there, and gives every workspace what it does not have yet: built-in
 * rules and an address. The id is fixed beforehand, so that two first starts at once make one workspace.
 */
export async function ensureWorkspace(store: Store): Promise<void> {
  if ((await findOperatorWorkspace(store)) === null) await createFirst(store);
  for (const workspaceId of await listWorkspaces(store)) {
    await store.inWorkspace(workspaceId, async (trx) => {
      // A workspace may be removed by a running server at this very moment, under this lock.
      await lockFacts(trx);
      const workspace = await trx
        .selectFrom('workspaces')
        .where('id', '=', ownWorkspace)
        .select(['name', 'kind'])
        .executeTakeFirst();
      if (workspace === undefined) return;
      await seedKindRules(trx, workspaceId);
      if (workspace.kind !== 'demo' && (await readSlug(trx)) === null)
        await takeAnySlug(trx, workspaceId, workspace.name);
    });
  }
}

/** The workspace whose owners look after the instance, or null where it is gone or was never made. */
async function findOperatorWorkspace(store: Store): Promise<string | null> {
  const { rows } = await sql<{ id: string | null }>`
    select id from operator_workspace() as id where id in (select all_workspaces())`.execute(store.app);
  return rows[0]?.id ?? null;
}

const operatorKey = 'operator_workspace';

/** Names the workspace whose owners and admins look after the instance; only the command line does. */
export async function nameOperatorWorkspace(store: Store, workspaceId: string): Promise<void> {
  await sql`
    insert into instance_settings (key, value) values (${operatorKey}, ${JSON.stringify({ id: workspaceId })}::jsonb)
    on conflict (key) do update set value = excluded.value`.execute(store.app);
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
  // One that the command line had named is gone with its account.
  await sql`
    update instance_settings set value = ${JSON.stringify({ id: workspaceId })}::jsonb
    where key = ${operatorKey}`.execute(store.app);
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

/**
 * The workspace whose owners look after the instance, and the one who has been its owner the longest: in whose name the command
 * line acts where it names nobody.
 */
export async function findFirstWorkspace(store: Store): Promise<FirstWorkspace> {
  const id = await findOperatorWorkspace(store);
  const found = id === null ? null : await findOwner(store, id);
  if (found === null)
    throw new AppError(
      'not_found',
      'The workspace that this instance began with is gone. Say which one is meant: --workspace <address>; ' +
        '`npm run devpulse -- workspace list` shows them.',
    );
  return found;
}

/** The workspace with this address, a former one included, or with this id. */
export async function findWorkspace(store: Store, name: string): Promise<FirstWorkspace> {
  for (const workspaceId of await listWorkspaces(store)) {
    const fits = await store.inWorkspace(workspaceId, (trx) =>
      trx
        .selectFrom('workspace_slugs')
        .where('workspace_id', '=', ownWorkspace)
        .select('slug')
        .where('slug', '=', name.toLowerCase())
        .executeTakeFirst(),
    );
    const found = fits === undefined && workspaceId !== name ? null : await findOwner(store, workspaceId);
    if (found !== null) return found;
  }
  throw new AppError(
    'not_found',
    `There is no workspace "${name}"; \`npm run devpulse -- workspace list\` shows them.`,
  );
}

async function findOwner(store: Store, workspaceId: string): Promise<FirstWorkspace | null> {
  const owner = await store.inWorkspace(workspaceId, (trx) =>
    trx
      .selectFrom('people_members')
      .where('workspace_id', '=', ownWorkspace)
      .select('person_id')
      .where('role', '=', 'owner')
      .where('deactivated_at', 'is', null)
      .orderBy('since')
      .orderBy('person_id')
      .executeTakeFirst(),
  );
  return owner === undefined ? null : { workspaceId, ownerId: owner.person_id };
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

import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { newId } from '@devpulse/db/ids';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { lockFacts } from '@devpulse/pipeline/derive/mark-stale';
import { recordAudit, systemActor } from '../audit/record-audit.ts';
import { announceChange } from '../live/announce-change.ts';
import { isLastOwner, lockMembers } from '../members/lock-members.ts';
import { placeIdentities } from '../people/move-identities.ts';
import { anonymiseAuthors, formerMember } from './anonymise-authors.ts';
import { type Erasure, type KeyOf, personTables } from './person-tables.ts';

/** Who goes, and from where. */
export interface Leaving {
  workspaceId: string;
  accountId: string;
  personId: string;
}

/**
 * Takes a person out of a workspace of others for good: their settings, rights and looks go. What sources told stays, since it is
 * the workspace's, and belongs to somebody new from now on, who has no account and, where the workspace says so, no name.
 */
export async function leaveForGood(trx: WorkspaceTransaction, leaving: Leaving): Promise<void> {
  const { workspaceId, accountId, personId } = leaving;
  await lockMembers(trx);
  await refuseLastOwner(trx, personId);
  await lockFacts(trx);
  const workspace = await trx
    .selectFrom('workspaces')
    .where('id', '=', ownWorkspace)
    .select('departed_people')
    .executeTakeFirstOrThrow();
  const identityIds = await listIdentities(trx, personId);
  const successor = identityIds.length === 0 ? null : newId();
  if (successor !== null) await makeSuccessor(trx, leaving, { successor, identityIds });
  await sql`delete from team_people where workspace_id = ${ownWorkspace} and person_id = ${personId}::uuid and duty = 'manager'`.execute(
    trx,
  );
  if (successor !== null) await eachKey(['pass on'], (key) => passOn(trx, key, leaving, successor));
  await eachKey(['clear'], (key) => clear(trx, key, leaving));
  await eachKey(['delete', 'pass on'], (key) => remove(trx, key, leaving));
  await sql`select forget_in_audit(${accountId}::uuid, ${personId}::uuid)`.execute(trx);
  if (workspace.departed_people === 'anonymise') await anonymiseAuthors(trx, identityIds);
  // Enough to find it again for whoever knows the account already, and for nobody else.
  const hash = createHash('sha256').update(accountId).digest('hex');
  await recordAudit(trx, { actor: systemActor, action: 'account.deleted', target: { kind: 'account', id: hash } });
  await announceChange(trx, workspaceId, { metrics: ['*'], people: true });
}

async function refuseLastOwner(trx: WorkspaceTransaction, personId: string): Promise<void> {
  if (!(await isLastOwner(trx, personId))) return;
  const { name } = await trx
    .selectFrom('workspaces')
    .where('id', '=', ownWorkspace)
    .select('name')
    .executeTakeFirstOrThrow();
  throw new AppError('conflict', `You are the last owner of "${name}". Hand it over, or delete it, before you go.`);
}

async function listIdentities(trx: WorkspaceTransaction, personId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select i.id from fact_identities i
    left join people_links l on l.workspace_id = i.workspace_id and l.identity_id = i.id
    where i.workspace_id = ${ownWorkspace} and coalesce(l.person_id, i.id) = ${personId}::uuid order by i.id`.execute(
    trx,
  );
  return rows.map((row) => row.id);
}

/** Somebody with the same authors, cut by the same days: no number of the workspace or of a team changes. */
async function makeSuccessor(
  trx: WorkspaceTransaction,
  { workspaceId, personId }: Leaving,
  { successor, identityIds }: { successor: string; identityIds: readonly string[] },
): Promise<void> {
  await sql`
    insert into people (workspace_id, id, name, zone, rest_weekdays)
    select p.workspace_id, ${successor}::uuid,
           case w.departed_people when 'keep' then p.name else ${formerMember} end, p.zone, p.rest_weekdays
    from people p join workspaces w on w.id = p.workspace_id where p.workspace_id = ${ownWorkspace} and p.id = ${personId}::uuid`.execute(
    trx,
  );
  await placeIdentities(
    trx,
    { workspaceId, reason: 'the person before deleted their account', by: null },
    identityIds.map((identityId) => ({ identityId, from: personId, to: successor })),
  );
}

interface Key {
  table: string;
  column: string;
  of: KeyOf;
}

/** Every key of the catalogue that is erased so, in tables that the application may change; `people` last, which others point at. */
async function eachKey(erasures: readonly Erasure[], act: (key: Key) => Promise<unknown>): Promise<void> {
  const keys = Object.entries(personTables).flatMap(([table, entry]) =>
    entry.closed === true
      ? []
      : Object.entries(entry.keys)
          .filter(([, key]) => key.of !== 'identity' && erasures.includes(key.erase))
          .map(([column, key]) => ({ table, column, of: key.of })),
  );
  for (const key of keys.toSorted((a, b) => Number(a.table === 'people') - Number(b.table === 'people')))
    await act(key);
}

const idOf = (key: Key, leaving: Leaving): string => (key.of === 'account' ? leaving.accountId : leaving.personId);

async function passOn(trx: WorkspaceTransaction, key: Key, leaving: Leaving, successor: string): Promise<void> {
  await sql`
    update ${sql.table(key.table)} set ${sql.id(key.column)} = ${successor}::uuid
    where workspace_id = ${ownWorkspace} and ${sql.id(key.column)} = ${idOf(key, leaving)}::uuid`.execute(trx);
}

async function clear(trx: WorkspaceTransaction, key: Key, leaving: Leaving): Promise<void> {
  await sql`
    update ${sql.table(key.table)} set ${sql.id(key.column)} = null
    where workspace_id = ${ownWorkspace} and ${sql.id(key.column)} = ${idOf(key, leaving)}::uuid`.execute(trx);
}

async function remove(trx: WorkspaceTransaction, key: Key, leaving: Leaving): Promise<void> {
  await sql`
    delete from ${sql.table(key.table)}
    where workspace_id = ${ownWorkspace} and ${sql.id(key.column)} = ${idOf(key, leaving)}::uuid`.execute(trx);
}

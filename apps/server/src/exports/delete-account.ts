import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { DeletionPlan } from '@devpulse/contract/wire/data';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { isPassword } from '../accounts/hash-password.ts';
import { deleteRows } from '../workspaces/delete-workspace.ts';
import { listAccountWorkspaces } from '../workspaces/account-workspaces.ts';
import { leaveForGood } from './leave-for-good.ts';
import { isLastOwner } from '../members/lock-members.ts';

/** What is to be typed. */
const deletionWord = 'DELETE';
const freshMinutes = 10;

/** What deleting an account would do, workspace by workspace. */
export async function planDeletion(store: Store, accountId: string): Promise<DeletionPlan> {
  const workspaces: DeletionPlan['workspaces'] = [];
  for (const { workspaceId, personId } of await listAccountWorkspaces(store.app, accountId)) {
    const entry = await store.inWorkspace(workspaceId, async (trx) => {
      const row = await trx
        .selectFrom('workspaces')
        .where('id', '=', ownWorkspace)
        .select(['id', 'name', 'kind', 'departed_people'])
        .executeTakeFirst();
      if (row === undefined) return null;
      const outcome = row.kind === 'personal' ? 'deleted' : row.kind === 'demo' ? 'left' : await judge(trx, personId);
      const departedPeople = row.kind === 'team' && outcome === 'left' ? row.departed_people : null;
      return { id: row.id, name: row.name, kind: row.kind, outcome, departedPeople } as const;
    });
    if (entry !== null) workspaces.push(entry);
  }
  const { rows } = await sql<{ owns: boolean; has_password: boolean }>`
    select u.owns_instance as owns, exists (
      select 1 from auth.account a where a.user_id = u.id and a.password is not null
    ) as has_password
    from auth."user" u where u.id = ${accountId}::uuid`.execute(store.auth);
  const account = rows[0];
  return {
    confirmation: deletionWord,
    proof: account?.has_password === true ? 'password' : 'fresh_sign_in',
    ownsInstance: account?.owns === true,
    workspaces,
  };
}

async function judge(trx: WorkspaceTransaction, personId: string): Promise<'left' | 'blocked'> {
  return (await isLastOwner(trx, personId)) ? 'blocked' : 'left';
}

export interface DeleteAccount {
  store: Store;
  accountId: string;
  sessionId: string;
  confirmation: string;
  password: string | undefined;
}

/**
 * Deletes an account with everything personal, in one transaction: all of it, or nothing. Answers the workspaces that went with
 * it.
 */
export async function deleteAccount(wish: DeleteAccount): Promise<string[]> {
  const { store, accountId, sessionId } = wish;
  if (wish.confirmation !== deletionWord)
    throw new AppError('invalid_request', 'Nothing was deleted.', {
      problems: [{ path: 'body.confirmation', message: `type ${deletionWord}` }],
    });
  await proveIdentity(wish);
  // In one order for everybody, so that two who go at once never wait for each other.
  const memberships = (await listAccountWorkspaces(store.app, accountId)).toSorted((a, b) =>
    a.workspaceId < b.workspaceId ? -1 : 1,
  );
  const [first] = memberships;
  const deleted: string[] = [];
  await store.inWorkspace(first?.workspaceId ?? accountId, async (trx) => {
    for (const { workspaceId, personId } of memberships) {
      await moveTo(trx, workspaceId);
      const workspace = await trx
        .selectFrom('workspaces')
        .where('id', '=', ownWorkspace)
        .select('kind')
        .executeTakeFirst();
      if (workspace?.kind === 'team') await leaveForGood(trx, { workspaceId, accountId, personId });
      if (workspace?.kind !== 'personal') continue;
      await deleteRows(trx, workspaceId);
      deleted.push(workspaceId);
    }
    const { rows } = await sql<{ erased: boolean }>`
      select erase_account(${accountId}::uuid, ${sessionId}::uuid) as erased`.execute(trx);
    if (rows[0]?.erased !== true) throw new AppError('unauthenticated', 'This session has ended; sign in again.');
  });
  return deleted;
}

/** The one transaction goes from workspace to workspace of the account; it never sees two at a time. */
async function moveTo(trx: WorkspaceTransaction, workspaceId: string): Promise<void> {
  await sql`select set_config('app.workspace', ${workspaceId}, true)`.execute(trx);
}

async function proveIdentity({ store, accountId, sessionId, password }: DeleteAccount): Promise<void> {
  const hash = await readPasswordHash(store, accountId);
  if (hash !== null) {
    if (await isPassword(password ?? '', hash)) return;
    throw new AppError('invalid_request', 'Nothing was deleted.', {
      problems: [{ path: 'body.password', message: 'this is not the password of your account' }],
    });
  }
  const { rows } = await sql<{ fresh: boolean }>`
    select created_at > now() - make_interval(mins => ${freshMinutes}) as fresh from auth.session
    where id = ${sessionId}::uuid and user_id = ${accountId}::uuid`.execute(store.auth);
  if (rows[0]?.fresh !== true)
    throw new AppError('forbidden', `Sign out and in again, and delete the account within ${freshMinutes} minutes.`);
}

async function readPasswordHash(store: Store, accountId: string): Promise<string | null> {
  const { rows } = await sql<{ password: string }>`
    select password from auth.account where user_id = ${accountId}::uuid and password is not null limit 1`.execute(
    store.auth,
  );
  return rows[0]?.password ?? null;
}

import { sql } from 'kysely';
import { newId } from '@devpulse/db/ids';
import { addPerson, type Where } from './people-in-roles.ts';

/** A member who signs in with this account at GitHub. */
export async function addGithubMember(
  where: Where,
  { name, number, login }: { name: string; number: string; login: string },
): Promise<{ personId: string; accountId: string }> {
  const accountId = newId();
  await sql`insert into auth."user" (id, name, email) values (${accountId}, ${name}, ${`${accountId}@example.org`})`.execute(
    where.store.auth,
  );
  await sql`insert into auth.account (id, user_id, provider_id, account_id, login)
    values (${newId()}, ${accountId}, 'github', ${number}, ${login})`.execute(where.store.auth);
  const personId = await addPerson(where, name, 'member');
  await where.store.inWorkspace(where.workspaceId, (trx) =>
    trx
      .insertInto('account_members')
      .values({ workspace_id: where.workspaceId, person_id: personId, account_id: accountId })
      .execute(),
  );
  return { personId, accountId };
}

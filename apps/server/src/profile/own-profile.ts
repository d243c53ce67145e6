import { sql } from 'kysely';
import type { ProfileView, UpdateProfile } from '@devpulse/contract/wire/profile';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { findPerson } from '../people/find-person.ts';
import { avatarLink } from './avatar-links.ts';

/** Whose profile, in which workspace. */
export interface Own {
  store: Store;
  workspaceId: string;
  personId: string;
}

/** How somebody shows themselves in the workspace; the id of an identity answers the person behind it. */
export async function showProfile(asked: Own): Promise<ProfileView> {
  return asked.store.inWorkspace(asked.workspaceId, async (trx) =>
    readProfile(trx, await findPerson(trx, asked.personId)),
  );
}

/** Changes what one says of oneself. */
export async function updateProfile(own: Own, change: UpdateProfile): Promise<ProfileView> {
  const { workspaceId, personId } = own;
  return own.store.inWorkspace(workspaceId, async (trx) => {
    await trx
      .insertInto('people_profiles')
      .values({ workspace_id: workspaceId, person_id: personId, bio: change.bio })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'person_id']).doUpdateSet({ bio: change.bio }))
      .execute();
    return readProfile(trx, personId);
  });
}

/** The same inside a transaction, for a person that is there. */
export async function readProfile(trx: WorkspaceTransaction, personId: string): Promise<ProfileView> {
  const { rows } = await sql<{ name: string; bio: string; digest: string | null }>`
    select p.name, coalesce(o.bio, '') as bio, a.digest
    from lens_people p
    left join people_profiles o on o.workspace_id = p.workspace_id and o.person_id = p.person_id
    left join people_avatars a on a.workspace_id = p.workspace_id and a.person_id = p.person_id
    where p.workspace_id = ${ownWorkspace} and p.person_id = ${personId}::uuid`.execute(trx);
  const row = rows[0];
  if (row === undefined) throw new Error(`the person ${personId} was found and is not among the people`);
  const { name, bio, digest } = row;
  return { id: personId, name, bio, avatar: digest === null ? null : avatarLink(personId, digest) };
}

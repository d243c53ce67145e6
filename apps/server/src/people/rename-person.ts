import type { PersonView } from '@devpulse/contract/wire/people';
import type { Store } from '@devpulse/db/open-store';
import { lockFacts } from '@devpulse/pipeline/derive/mark-stale';
import { findPerson } from './find-person.ts';
import { readPerson } from './list-people.ts';

export interface RenamePerson {
  store: Store;
  workspaceId: string;
  personId: string;
  name: string;
}

/** Gives a person a name that stays, whatever its identities sign with later. */
export async function renamePerson(asked: RenamePerson): Promise<PersonView> {
  return asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    // Whether a person has settings decides who stays together when an identity leaves it: not while that is going on.
    await lockFacts(trx);
    const personId = await findPerson(trx, asked.personId);
    await trx
      .insertInto('people')
      .values({ workspace_id: asked.workspaceId, id: personId, name: asked.name })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'id']).doUpdateSet({ name: asked.name }))
      .execute();
    return readPerson(trx, personId);
  });
}

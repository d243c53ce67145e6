import type { Role } from '@devpulse/contract/permissions';
import { newId } from '@devpulse/db/ids';
import type { Store } from '@devpulse/db/open-store';

/** A workspace of a test. */
export interface Where {
  store: Store;
  workspaceId: string;
}

/** Adds somebody who may sign in with this role; with null somebody who may not. */
export async function addPerson(where: Where, name: string, role: Role | null): Promise<string> {
  const { store, workspaceId } = where;
  const id = newId();
  await store.inWorkspace(workspaceId, async (trx) => {
    await trx.insertInto('people').values({ workspace_id: workspaceId, id, name }).execute();
    if (role !== null)
      await trx.insertInto('people_members').values({ workspace_id: workspaceId, person_id: id, role }).execute();
  });
  return id;
}

/** Adds a team with nobody in it. */
export async function addTeam(where: Where, name: string): Promise<string> {
  const id = newId();
  await where.store.inWorkspace(where.workspaceId, (trx) =>
    trx.insertInto('teams').values({ workspace_id: where.workspaceId, id, name, slug: id }).execute(),
  );
  return id;
}

/** Puts somebody into a team. */
export async function addStay(
  where: Where,
  stay: { team: string; person: string; duty: 'member' | 'manager'; from: string; until?: string },
): Promise<void> {
  await where.store.inWorkspace(where.workspaceId, (trx) =>
    trx
      .insertInto('team_people')
      .values({
        workspace_id: where.workspaceId,
        id: newId(),
        team_id: stay.team,
        person_id: stay.person,
        duty: stay.duty,
        from_day: stay.from,
        until_day: stay.until ?? null,
      })
      .execute(),
  );
}

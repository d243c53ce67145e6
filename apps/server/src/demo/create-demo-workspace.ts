import { stableId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { identityKey } from '@devpulse/pipeline/derive/shape-identities';
import type { ScenarioPerson } from '@devpulse/scenarios/history';
import { joinDemos, joinWorkspace } from '../accounts/join-workspace.ts';
import { seedKindRules } from '../people/seed-kind-rules.ts';
import type { DemoPlan } from './demo-state.ts';
import type { DemoStory } from './tell-demo.ts';

const demoName = 'Demo team';

/** Makes the workspace with its people and rules, all of it or nothing; does nothing where it is there. */
export async function createDemoWorkspace(store: Store, plan: DemoPlan, story: DemoStory): Promise<void> {
  const { workspaceId, accountId } = plan;
  await store.inWorkspace(workspaceId, async (trx) => {
    const made = await trx
      .insertInto('workspaces')
      .values({ id: workspaceId, kind: 'demo', name: demoName, zone: story.zone })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (made.numInsertedOrUpdatedRows !== 1n) return;
    await insertPeople(trx, plan, story);
    await seedKindRules(trx, workspaceId);
    if (accountId !== null) await joinWorkspace(trx, workspaceId, accountId);
  });
  // Asked for on the command line, it belongs to whoever owns the instance.
  if (accountId === null) await joinDemos(store);
}

/** The id that somebody has whose only trace is a signature in git. */
export function identityIdOf(workspaceId: string, email: string): string {
  return stableId('identity', workspaceId, 'git', identityKey({ email }));
}

async function insertPeople(trx: WorkspaceTransaction, plan: DemoPlan, story: DemoStory): Promise<void> {
  const { workspaceId, personId } = plan;
  const idOf = (person: ScenarioPerson): string =>
    person.id === story.self ? personId : identityIdOf(workspaceId, person.emails[0]);
  // Everybody has said where they live, as in a team that uses this: days are cut by it.
  await trx
    .insertInto('people')
    .values(
      story.people.map((person) => ({
        workspace_id: workspaceId,
        id: idOf(person),
        name: person.name,
        zone: person.zone,
        rest_weekdays: [6, 7],
      })),
    )
    .execute();
  await trx
    .insertInto('people_members')
    .values({ workspace_id: workspaceId, person_id: personId, role: 'owner' })
    .execute();
  const holidays = story.people.flatMap((person) =>
    Object.entries(person.daysOff).map(([day, name]) => ({
      workspace_id: workspaceId,
      person_id: idOf(person),
      day,
      name,
    })),
  );
  if (holidays.length > 0) await trx.insertInto('people_holidays').values(holidays).execute();
}

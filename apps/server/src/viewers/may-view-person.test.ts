import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '@devpulse/contract/permissions';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { demandView, mayViewPerson } from './may-view-person.ts';
import { addPerson, addStay, addTeam, type Where } from './testing/people-in-roles.ts';

let test: TestStore;
let where: Where;
let ada: string;
let mia: string;
let team: string;

beforeAll(async () => {
  test = await createTestStore();
});
afterAll(() => test.close());
beforeEach(async () => {
  where = { store: test.store, workspaceId: (await test.addWorkspace()).workspaceId };
  ada = await addPerson(where, 'Ada', 'member');
  mia = await addPerson(where, 'Mia', 'manager');
  team = await addTeam(where, 'Engine');
});

function may(viewer: string, role: Role, person: string, day = '2026-03-10'): Promise<boolean> {
  return where.store.inWorkspace(where.workspaceId, (trx) =>
    mayViewPerson(trx, { personId: viewer, role }, person, day),
  );
}

describe('mayViewPerson', () => {
  it('tells everybody their own numbers, owners and admins everybody’s, and members nobody else’s', async () => {
    for (const role of ['owner', 'admin', 'manager', 'member'] as const)
      expect(await may(ada, role, ada), role).toBe(true);
    for (const role of ['owner', 'admin'] as const) expect(await may(mia, role, ada), role).toBe(true);
    for (const role of ['manager', 'member'] as const) expect(await may(mia, role, ada), role).toBe(false);
  });

  it('tells a manager who is in their team on that day, from the first day on and not on the day they left', async () => {
    await addStay(where, { team, person: mia, duty: 'manager', from: '2026-01-01' });
    await addStay(where, { team, person: ada, duty: 'member', from: '2026-03-05', until: '2026-03-10' });
    const days = ['2026-03-04', '2026-03-05', '2026-03-09', '2026-03-10'];
    expect(await Promise.all(days.map((day) => may(mia, 'manager', ada, day)))).toEqual([false, true, true, false]);
    expect(await may(mia, 'member', ada, '2026-03-09')).toBe(false);
  });

  it('tells nothing any more once the manager gave the team up, or before they took it', async () => {
    await addStay(where, { team, person: mia, duty: 'manager', from: '2026-03-05', until: '2026-03-10' });
    await addStay(where, { team, person: ada, duty: 'member', from: '2026-01-01' });
    const days = ['2026-03-04', '2026-03-05', '2026-03-09', '2026-03-10'];
    expect(await Promise.all(days.map((day) => may(mia, 'manager', ada, day)))).toEqual([false, true, true, false]);
  });

  it('does not reach other teams, other managers of the same team, or members upwards', async () => {
    const other = await addTeam(where, 'Hull');
    const max = await addPerson(where, 'Max', 'manager');
    await addStay(where, { team, person: mia, duty: 'manager', from: '2026-01-01' });
    await addStay(where, { team, person: max, duty: 'manager', from: '2026-01-01' });
    await addStay(where, { team: other, person: ada, duty: 'member', from: '2026-01-01' });
    expect(await may(mia, 'manager', ada)).toBe(false);
    expect(await may(mia, 'manager', max)).toBe(false);
    expect(await may(ada, 'manager', mia)).toBe(false);
  });

  it('tells nothing through a team in the archive', async () => {
    await addStay(where, { team, person: mia, duty: 'manager', from: '2026-01-01' });
    await addStay(where, { team, person: ada, duty: 'member', from: '2026-01-01' });
    expect(await may(mia, 'manager', ada)).toBe(true);
    await where.store.inWorkspace(where.workspaceId, (trx) =>
      trx.updateTable('teams').set({ archived_at: new Date() }).execute(),
    );
    expect(await may(mia, 'manager', ada)).toBe(false);
  });

  it('means whom an identity in the team was found to be', async () => {
    const { workspaceId } = where;
    const identity = await addPerson(where, 'ada@old.example', null);
    await addStay(where, { team, person: mia, duty: 'manager', from: '2026-01-01' });
    await addStay(where, { team, person: identity, duty: 'member', from: '2026-01-01' });
    expect(await may(mia, 'manager', ada)).toBe(false);
    await where.store.inWorkspace(workspaceId, (trx) =>
      trx
        .insertInto('people_links')
        .values({ workspace_id: workspaceId, identity_id: identity, person_id: ada, reason: 'same' })
        .execute(),
    );
    expect(await may(mia, 'manager', ada)).toBe(true);
  });

  it('refuses with the name and with what would have to change', async () => {
    const refusal = where.store.inWorkspace(where.workspaceId, (trx) =>
      demandView(trx, { personId: mia, role: 'manager' }, ada, '2026-03-10'),
    );
    await expect(refusal).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/numbers of Ada .* manager of such a team/) as string,
    });
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addPerson, addStay, addTeam } from '../viewers/testing/people-in-roles.ts';
import { linkIdentities } from './link-identities.ts';
import { openPeopleWorld, type TestWorkspace } from './testing/people-world.ts';
import { undoLink } from './undo-link.ts';
import { unlinkIdentity, unmergePerson } from './unlink-identity.ts';

const bob = 'Bob Barker <bob@work.example>';

let world: Awaited<ReturnType<typeof openPeopleWorld>>;
let ws: TestWorkspace;
let managerId: string;
let bobId: string;
beforeAll(async () => {
  world = await openPeopleWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  ws = await world.fresh();
  await ws.tell([{ by: bob, at: '2026-03-04T12:00:00Z' }]);
  managerId = await addPerson(ws, 'Mona', 'manager');
  bobId = await addPerson(ws, 'Bob', 'member');
});

const link = (to: string, by: string) =>
  linkIdentities({ ...ws, identityIds: [ws.id(bob)], personId: to, reason: 'said so', by });
const refused = { code: 'forbidden', message: expect.stringContaining('Bob') as string };

describe('authors of a member', () => {
  it('are not taken by a manager who may not see that member’s numbers, by whatever way', async () => {
    const { batchId } = await link(bobId, ws.ownerId);
    const decision = { ...ws, reason: 'mine now', by: managerId };
    await expect(link(managerId, managerId)).rejects.toMatchObject(refused);
    await expect(unlinkIdentity({ ...decision, identityId: ws.id(bob) })).rejects.toMatchObject(refused);
    await expect(unmergePerson({ ...decision, personId: bobId })).rejects.toMatchObject(refused);
    await expect(undoLink({ ...ws, batchId: batchId ?? '', by: managerId })).rejects.toMatchObject(refused);
    expect((await link(ws.ownerId, ws.ownerId)).moved).toMatchObject([{ fromPersonId: bobId }]);
  });

  it('are placed by a manager while they are nobody’s, and by the manager of a team that the member is in', async () => {
    expect((await link(bobId, managerId)).moved).toHaveLength(1);
    const team = await addTeam(ws, 'Team');
    await addStay(ws, { team, person: managerId, duty: 'manager', from: '2026-01-01' });
    await addStay(ws, { team, person: bobId, duty: 'member', from: '2026-01-01' });
    expect((await link(managerId, managerId)).moved).toMatchObject([{ fromPersonId: bobId }]);
  });
});

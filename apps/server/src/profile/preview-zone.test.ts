import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkToOwner } from '../people/link-to-owner.ts';
import { openPeopleWorld } from '../people/testing/people-world.ts';
import { updateMe } from '../people/update-me.ts';
import { updateWorkspace } from '../people/update-workspace.ts';
import { previewZone } from './preview-zone.ts';

let world: Awaited<ReturnType<typeof openPeopleWorld>>;
beforeAll(async () => {
  world = await openPeopleWorld();
});
afterAll(() => world.close());

const ada = 'Ada <ada@x.example>';
const ben = 'Ben <ben@x.example>';

async function openWorkspace() {
  const ws = await world.fresh();
  await ws.tell([
    { by: ada, at: '2026-03-01T23:30:00Z' },
    { by: ada, at: '2026-03-05T12:00:00Z' },
    { by: ben, at: '2026-03-09T20:00:00Z', with: [ada] },
  ]);
  await linkToOwner({ ...ws, identityIds: [ws.id(ada)] });
  await ws.count();
  return ws;
}

describe('previewZone', () => {
  it('says of a person which days are counted again and how many commits move, and what it says comes true', async () => {
    const ws = await openWorkspace();
    const before = (await ws.count())[ws.ownerId] ?? {};
    expect(await previewZone({ ...ws, personId: ws.ownerId, zone: 'Asia/Tokyo' })).toEqual({
      zone: 'Asia/Tokyo',
      days: 3,
      firstDay: '2026-03-01',
      lastDay: '2026-03-09',
      moved: 2,
      people: 1,
    });
    expect(await ws.staleDays()).toBe(0);
    await updateMe({ ...ws, personId: ws.ownerId, scopes: [], now: new Date() }, { zone: 'Asia/Tokyo' });
    const after = (await ws.count())[ws.ownerId] ?? {};
    expect(Object.keys(after).filter((day) => !(day in before))).toEqual(['2026-03-02', '2026-03-10']);
    expect(await previewZone({ ...ws, personId: ws.ownerId, zone: 'Asia/Tokyo' })).toMatchObject({ moved: 0, days: 3 });
  });

  it('says of a workspace whom else it concerns: only people without a zone of their own', async () => {
    const ws = await openWorkspace();
    const preview = () => previewZone({ ...ws, personId: null, zone: 'Asia/Tokyo' });
    expect(await preview()).toMatchObject({ days: 3, moved: 2, people: 2 });
    await updateMe({ ...ws, personId: ws.ownerId, scopes: [], now: new Date() }, { zone: 'Europe/Lisbon' });
    expect(await preview()).toMatchObject({ people: 1 });
    await updateWorkspace(ws, { zone: 'Asia/Tokyo' });
    expect(await preview()).toMatchObject({ moved: 0 });
  });
});

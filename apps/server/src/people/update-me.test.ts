import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkZone } from './check-zone.ts';
import { linkToOwner } from './link-to-owner.ts';
import { openPeopleWorld, type TestWorkspace } from './testing/people-world.ts';
import { type Asker, readMe, updateMe } from './update-me.ts';
import { readWorkspace, updateWorkspace } from './update-workspace.ts';

let world: Awaited<ReturnType<typeof openPeopleWorld>>;
beforeAll(async () => {
  world = await openPeopleWorld();
});
afterAll(() => world.close());

function asOwner(ws: TestWorkspace): Asker {
  return { ...ws, personId: ws.ownerId, scopes: ['read'], now: new Date('2026-03-10T23:30:00Z') };
}

describe('updateMe', () => {
  it('cuts all days anew when the zone changes, and leaves no day of the old zone behind', async () => {
    const ws = await world.fresh();
    const ada = 'Ada <ada@x.example>';
    await ws.tell([
      { by: ada, at: '2026-03-01T23:30:00Z' },
      { by: ada, at: '2026-03-05T12:00:00Z' },
    ]);
    await linkToOwner({ ...ws, identityIds: [ws.id(ada)] });
    expect((await ws.count())[ws.ownerId]).toEqual({ '2026-03-01': 1, '2026-03-05': 1 });
    await updateMe(asOwner(ws), { zone: 'Asia/Tokyo' });
    expect((await ws.count())[ws.ownerId]).toEqual({ '2026-03-02': 1, '2026-03-05': 1 });
    await updateMe(asOwner(ws), { zone: null });
    expect((await ws.count())[ws.ownerId]).toEqual({ '2026-03-01': 1, '2026-03-05': 1 });
  });

  it('marks nothing when the zone stays', async () => {
    const ws = await world.fresh();
    await ws.tell([{ by: 'Ada <ada@x.example>' }]);
    await linkToOwner({ ...ws, identityIds: [ws.id('x <ada@x.example>')] });
    await updateMe(asOwner(ws), { zone: 'Asia/Tokyo' });
    await ws.count();
    await updateMe(asOwner(ws), { zone: 'asia/tokyo', name: 'Ada', restWeekdays: [7, 6] });
    expect(await ws.staleDays()).toBe(0);
    expect(await readMe(asOwner(ws))).toMatchObject({
      name: 'Ada',
      zone: 'Asia/Tokyo',
      today: '2026-03-11',
      restWeekdays: [6, 7],
      role: 'owner',
    });
  });

  it('changes nothing when nothing is asked for', async () => {
    const ws = await world.fresh();
    const before = await readMe(asOwner(ws));
    expect(await updateMe(asOwner(ws), {})).toEqual(before);
  });
});

describe('updateWorkspace', () => {
  it('cuts anew the days of the workspace and of everybody without a zone of their own', async () => {
    const ws = await world.fresh();
    const [ada, bob] = ['Ada <ada@x.example>', 'Bob <bob@x.example>'];
    await ws.tell([
      { by: ada, at: '2026-03-01T23:30:00Z' },
      { by: bob, at: '2026-03-01T23:30:00Z' },
    ]);
    await linkToOwner({ ...ws, identityIds: [ws.id(ada)] });
    await updateMe(asOwner(ws), { zone: 'UTC' });
    await ws.count();
    await updateWorkspace(ws, { zone: 'Asia/Tokyo' });
    const counts = await ws.count();
    expect(counts[ws.ownerId]).toEqual({ '2026-03-01': 1 });
    expect(counts[ws.id(bob)]).toEqual({ '2026-03-02': 1 });
  });

  it('keeps what is not named, and marks nothing for a name', async () => {
    const ws = await world.fresh('Europe/Berlin');
    await ws.tell([{ by: 'Ada <ada@x.example>' }]);
    await ws.count();
    await updateWorkspace(ws, { name: 'Engine room', weekStart: 7, rawRetentionDays: 30 });
    expect(await ws.staleDays()).toBe(0);
    expect(await readWorkspace(ws)).toMatchObject({
      name: 'Engine room',
      weekStart: 7,
      rawRetentionDays: 30,
      zone: 'Europe/Berlin',
    });
  });
});

describe('checkZone', () => {
  it('takes every zone of the list, and the store reads each as we do', async () => {
    const more =
      'America/Port-au-Prince Etc/GMT+5 Etc/GMT-14 Asia/Kolkata Asia/Kathmandu Asia/Saigon America/Buenos_Aires UTC GMT EST5EDT GB ' +
      'Australia/Lord_Howe Antarctica/Troll Pacific/Kanton';
    const names = [...Intl.supportedValuesOf('timeZone'), ...more.split(' ')];
    const refused: string[] = [];
    for (const name of names) await checkZone(world.store, name).catch(() => refused.push(name));
    expect(refused).toEqual([]);
  });

  it('takes the zones that the store would read as fixed offsets for the cities they stand for', async () => {
    expect(await checkZone(world.store, 'CET')).toBe('Europe/Brussels');
    expect(await checkZone(world.store, 'eet')).toBe('Europe/Athens');
  });

  it('writes a zone as the list does', async () => {
    expect(await checkZone(world.store, 'europe/BERLIN')).toBe('Europe/Berlin');
  });

  it('refuses what the store does not know', async () => {
    await expect(checkZone(world.store, 'Mars/Olympus_Mons')).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addHolidays, listHolidays, removeHoliday } from './change-holidays.ts';
import { cancelFreeze, type FreezeAsker, freezeToday, listFreezes } from './freeze-today.ts';
import { linkToOwner } from './link-to-owner.ts';
import { openPeopleWorld, type TestWorkspace } from './testing/people-world.ts';
import { updateMe } from './update-me.ts';

let world: Awaited<ReturnType<typeof openPeopleWorld>>;
beforeAll(async () => {
  world = await openPeopleWorld();
});
afterAll(() => world.close());

function on(ws: TestWorkspace, instant: string): FreezeAsker {
  return { ...ws, personId: ws.ownerId, scopes: [], now: new Date(instant), workMetrics: ['commits'] };
}

describe('freezeToday', () => {
  it('freezes the local today of the person, not the day in UTC', async () => {
    const ws = await world.fresh('Pacific/Kiritimati');
    expect(await freezeToday(on(ws, '2026-03-10T12:00:00Z'))).toMatchObject({ day: '2026-03-11', state: 'pending' });
    const west = await world.fresh('Pacific/Honolulu');
    expect(await freezeToday(on(west, '2026-03-10T05:00:00Z'))).toMatchObject({ day: '2026-03-09' });
  });

  it('refuses a second freeze of the same day, also when both ask at once', async () => {
    const ws = await world.fresh();
    const both = await Promise.allSettled([1, 2].map(() => freezeToday(on(ws, '2026-03-10T12:00:00Z'))));
    expect(both.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((result) => result.status === 'rejected')?.reason).toMatchObject({ code: 'conflict' });
  });

  it('refuses a third within 30 days and says when the next one is possible', async () => {
    const ws = await world.fresh();
    await freezeToday(on(ws, '2026-03-01T12:00:00Z'));
    await freezeToday(on(ws, '2026-03-10T12:00:00Z'));
    await expect(freezeToday(on(ws, '2026-03-30T12:00:00Z'))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('2026-03-31'),
    });
    expect(await freezeToday(on(ws, '2026-03-31T12:00:00Z'))).toMatchObject({ day: '2026-03-31' });
  });

  it('gives a freeze back when work arrives that day, and does not count it any more', async () => {
    const ws = await world.fresh();
    await freezeToday(on(ws, '2026-03-01T12:00:00Z'));
    await freezeToday(on(ws, '2026-03-10T12:00:00Z'));
    await ws.tell([{ by: 'Ada <ada@x.example>', at: '2026-03-10T20:00:00Z' }]);
    await linkToOwner({ ...ws, identityIds: [ws.id('x <ada@x.example>')] });
    await ws.count();
    const list = await listFreezes(on(ws, '2026-03-12T12:00:00Z'));
    expect(list.freezes.map((freeze) => [freeze.day, freeze.state])).toEqual([
      ['2026-03-10', 'returned'],
      ['2026-03-01', 'used'],
    ]);
    expect(list).toMatchObject({ today: '2026-03-12', left: 1, nextPossibleOn: '2026-03-12' });
    expect(await freezeToday(on(ws, '2026-03-12T12:00:00Z'))).toMatchObject({ state: 'pending' });
  });

  it('keeps the freezes of people apart', async () => {
    const [one, two] = [await world.fresh(), await world.fresh()];
    await freezeToday(on(one, '2026-03-01T12:00:00Z'));
    expect((await listFreezes(on(two, '2026-03-01T12:00:00Z'))).freezes).toEqual([]);
  });
});

describe('cancelFreeze', () => {
  it('takes back the freeze of today, and of no day that is over', async () => {
    const ws = await world.fresh();
    await freezeToday(on(ws, '2026-03-01T12:00:00Z'));
    await expect(cancelFreeze(on(ws, '2026-03-02T00:00:00Z'), '2026-03-01')).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(cancelFreeze(on(ws, '2026-03-02T00:00:00Z'), '2026-03-02')).rejects.toMatchObject({
      code: 'not_found',
    });
    await cancelFreeze(on(ws, '2026-03-01T23:59:59Z'), '2026-03-01');
    expect((await listFreezes(on(ws, '2026-03-02T00:00:00Z'))).freezes).toEqual([]);
  });

  it('takes back a freeze that lies ahead since its owner travelled west', async () => {
    const ws = await world.fresh('Pacific/Auckland');
    const now = '2026-03-10T12:00:00Z';
    await freezeToday(on(ws, now));
    await updateMe(on(ws, now), { zone: 'Pacific/Honolulu' });
    expect((await listFreezes(on(ws, now))).freezes).toMatchObject([{ day: '2026-03-11', state: 'pending' }]);
    await cancelFreeze(on(ws, now), '2026-03-11');
    expect((await listFreezes(on(ws, now))).freezes).toEqual([]);
  });
});

describe('addHolidays', () => {
  it('adds and renames days, and removes them again', async () => {
    const ws = await world.fresh();
    const owner = { ...ws, personId: ws.ownerId };
    await addHolidays(owner, [
      { day: '2026-12-25', name: 'Christmas' },
      { day: '2026-12-26', name: 'x' },
      { day: '2026-12-26', name: 'Boxing Day' },
    ]);
    expect(await addHolidays(owner, [{ day: '2026-12-25', name: 'Navidad' }])).toEqual({
      holidays: [
        { day: '2026-12-25', name: 'Navidad' },
        { day: '2026-12-26', name: 'Boxing Day' },
      ],
    });
    await removeHoliday(owner, '2026-12-25');
    expect((await listHolidays(owner)).holidays).toEqual([{ day: '2026-12-26', name: 'Boxing Day' }]);
    await expect(removeHoliday(owner, '2026-12-25')).rejects.toMatchObject({ code: 'not_found' });
  });
});

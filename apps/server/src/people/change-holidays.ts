import type { Day } from '@devpulse/contract/day';
import { AppError } from '@devpulse/contract/errors';
import type { HolidayList } from '@devpulse/contract/wire/people';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

/** Whose holidays. */
export interface HolidayOwner {
  store: Store;
  workspaceId: string;
  personId: string;
}

/** Days off of a person, by day; they pause a streak. */
export async function listHolidays(owner: HolidayOwner): Promise<HolidayList> {
  return owner.store.inWorkspace(owner.workspaceId, (trx) => readHolidays(trx, owner.personId));
}

/** Adds days off; one that is there already gets the new name. */
export async function addHolidays(owner: HolidayOwner, holidays: HolidayList['holidays']): Promise<HolidayList> {
  // One statement cannot touch a row twice; of two names for a day the last one stands.
  const byDay = new Map(holidays.map((holiday) => [holiday.day, holiday.name]));
  return owner.store.inWorkspace(owner.workspaceId, async (trx) => {
    await trx
      .insertInto('people_holidays')
      .values(
        [...byDay].map(([day, name]) => ({ workspace_id: owner.workspaceId, person_id: owner.personId, day, name })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['workspace_id', 'person_id', 'day'])
          .doUpdateSet((row) => ({ name: row.ref('excluded.name') })),
      )
      .execute();
    return readHolidays(trx, owner.personId);
  });
}

/** Makes a day off an ordinary day again. */
export async function removeHoliday(owner: HolidayOwner, day: Day): Promise<void> {
  await owner.store.inWorkspace(owner.workspaceId, async (trx) => {
    const removed = await trx
      .deleteFrom('people_holidays')
      .where('workspace_id', '=', ownWorkspace)
      .where('person_id', '=', owner.personId)
      .where('day', '=', day)
      .executeTakeFirst();
    if (removed.numDeletedRows === 0n) throw new AppError('not_found', `${day} is no holiday of yours.`);
  });
}

async function readHolidays(trx: WorkspaceTransaction, personId: string): Promise<HolidayList> {
  const holidays = await trx
    .selectFrom('people_holidays')
    .where('workspace_id', '=', ownWorkspace)
    .select(['day', 'name'])
    .where('person_id', '=', personId)
    .orderBy('day')
    .execute();
  return { holidays };
}

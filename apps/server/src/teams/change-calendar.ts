import type { Day } from '@devpulse/contract/day';
import { AppError } from '@devpulse/contract/errors';
import type { CalendarHoliday, UpdateCalendar, WorkingCalendarView } from '@devpulse/contract/wire/calendar';
import { judgeDay } from '@devpulse/contract/working-calendar';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { recordAudit } from '../audit/record-audit.ts';
import { inChange, type TeamChange } from './team-change.ts';

const usual = { working_weekdays: [1, 2, 3, 4, 5], from_minute: 9 * 60, until_minute: 17 * 60 };
const holidaysMax = 2000;

/** The working calendar of the workspace, and what today is in it. */
export async function readCalendar(trx: WorkspaceTransaction, today: Day): Promise<WorkingCalendarView> {
  const row = (await readSettings(trx)) ?? usual;
  const holidays = await trx
    .selectFrom('calendar_holidays')
    .where('workspace_id', '=', ownWorkspace)
    .select(['day', 'name'])
    .orderBy('day')
    .execute();
  const calendar = {
    workingWeekdays: row.working_weekdays,
    holidays: new Map(holidays.map(({ day, name }) => [day, name])),
  };
  return {
    workingWeekdays: row.working_weekdays,
    fromMinute: row.from_minute,
    untilMinute: row.until_minute,
    holidays,
    today: { day: today, ...judgeDay(calendar, today) },
  };
}

function readSettings(trx: WorkspaceTransaction): Promise<typeof usual | undefined> {
  return trx
    .selectFrom('calendar_settings')
    .where('workspace_id', '=', ownWorkspace)
    .select(['working_weekdays', 'from_minute', 'until_minute'])
    .executeTakeFirst();
}

/** Changes working days and hours. */
export async function updateCalendar(change: TeamChange, wish: UpdateCalendar): Promise<WorkingCalendarView> {
  return inChange(change, async ({ trx, workspaceId, actor, today }) => {
    // Two who change at once: the second one sees what the first has made of it.
    await trx
      .insertInto('calendar_settings')
      .values({ workspace_id: workspaceId })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const before = (await readSettings(trx)) ?? usual;
    const after = {
      working_weekdays: wish.workingWeekdays?.toSorted((a, b) => a - b) ?? before.working_weekdays,
      from_minute: wish.fromMinute ?? before.from_minute,
      until_minute: wish.untilMinute ?? before.until_minute,
    };
    if (after.from_minute >= after.until_minute)
      throw new AppError('invalid_request', 'Work would end before it begins.', {
        problems: [{ path: 'body.untilMinute', message: `after ${after.from_minute}` }],
      });
    await trx.updateTable('calendar_settings').where('workspace_id', '=', ownWorkspace).set(after).execute();
    await recordAudit(trx, { actor, action: 'calendar.changed', before, after });
    return readCalendar(trx, today);
  });
}

/** Adds holidays; one that is there already gets the new name. */
export async function addHolidays(
  change: TeamChange,
  holidays: readonly CalendarHoliday[],
): Promise<WorkingCalendarView> {
  // One statement cannot touch a row twice; of two names for a day the last one stands.
  const byDay = new Map(holidays.map((holiday) => [holiday.day, holiday.name]));
  return inChange(change, async ({ trx, workspaceId, actor, today }) => {
    await trx
      .insertInto('calendar_holidays')
      .values([...byDay].map(([day, name]) => ({ workspace_id: workspaceId, day, name })))
      .onConflict((conflict) =>
        conflict.columns(['workspace_id', 'day']).doUpdateSet((row) => ({ name: row.ref('excluded.name') })),
      )
      .execute();
    const calendar = await readCalendar(trx, today);
    if (calendar.holidays.length > holidaysMax)
      throw new AppError('conflict', `A calendar holds at most ${holidaysMax} holidays; remove some that are over.`);
    await recordAudit(trx, { actor, action: 'calendar.holidays_added', after: Object.fromEntries(byDay) });
    return calendar;
  });
}

/** Makes a holiday an ordinary day again. */
export async function removeHoliday(change: TeamChange, day: Day): Promise<void> {
  await inChange(change, async ({ trx, actor }) => {
    const removed = await trx
      .deleteFrom('calendar_holidays')
      .where('workspace_id', '=', ownWorkspace)
      .where('day', '=', day)
      .returning('name')
      .executeTakeFirst();
    if (removed === undefined) throw new AppError('not_found', `${day} is no holiday of this workspace.`);
    await recordAudit(trx, { actor, action: 'calendar.holiday_removed', before: { [day]: removed.name } });
  });
}

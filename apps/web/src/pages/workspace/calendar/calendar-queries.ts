import { queryOptions } from '@tanstack/react-query';
import type { CalendarHoliday, UpdateCalendar, WorkingCalendarView } from '@devpulse/contract/wire/calendar';
import { send } from '../../../send-request.ts';

const calendar = '/api/v1/calendar';

export const calendarQuery = queryOptions({
  queryKey: ['calendar'],
  queryFn: () => send<WorkingCalendarView>('GET', calendar),
});

export const calendarActs = {
  update: (body: UpdateCalendar) => send<WorkingCalendarView>('PATCH', calendar, { body }),
  addHolidays: (holidays: readonly CalendarHoliday[]) =>
    send<WorkingCalendarView>('POST', `${calendar}/holidays`, { body: { holidays } }),
  removeHoliday: (day: string) => send<unknown>('DELETE', `${calendar}/holidays/${day}`),
};

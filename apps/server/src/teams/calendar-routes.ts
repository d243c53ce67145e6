import { z } from 'zod';
import {
  addCalendarHolidaysSchema,
  holidayDayParamsSchema,
  updateCalendarSchema,
  workingCalendarSchema,
} from '@devpulse/contract/wire/calendar';
import type { App, ServerDeps } from '../deps.ts';
import { addHolidays, readCalendar, removeHoliday, updateCalendar } from './change-calendar.ts';
import { changeOf, inChange } from './team-change.ts';

const tags = ['Teams'];

/** When the workspace works. */
export function registerCalendarRoutes(app: App, deps: ServerDeps): void {
  app.get('/api/v1/calendar', {
    config: { permission: 'workspace.read' },
    schema: {
      operationId: 'showCalendar',
      tags,
      summary: 'Working days, working hours and holidays of the workspace',
      response: { 200: workingCalendarSchema },
    },
    handler: async (request) => inChange(changeOf(request, deps), ({ trx, today }) => readCalendar(trx, today)),
  });
  app.patch('/api/v1/calendar', {
    config: { permission: 'workspace.change' },
    schema: {
      operationId: 'updateCalendar',
      tags,
      summary: 'Change working days or hours',
      body: updateCalendarSchema,
      response: { 200: workingCalendarSchema },
    },
    handler: async (request) => updateCalendar(changeOf(request, deps), request.body),
  });
  app.post('/api/v1/calendar/holidays', {
    config: { permission: 'workspace.change', errors: ['conflict'] },
    schema: {
      operationId: 'addCalendarHolidays',
      tags,
      summary: 'Add holidays, or rename them',
      body: addCalendarHolidaysSchema,
      response: { 200: workingCalendarSchema },
    },
    handler: async (request) => addHolidays(changeOf(request, deps), request.body.holidays),
  });
  app.delete('/api/v1/calendar/holidays/:day', {
    config: { permission: 'workspace.change', errors: ['not_found'] },
    schema: {
      operationId: 'removeCalendarHoliday',
      tags,
      summary: 'Make a holiday an ordinary day',
      params: holidayDayParamsSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      await removeHoliday(changeOf(request, deps), request.params.day);
      return reply.code(204).send(null);
    },
  });
}

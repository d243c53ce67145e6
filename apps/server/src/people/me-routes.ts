import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { LoadedMetric } from '@devpulse/contract/metric';
import {
  addHolidaysSchema,
  dayParamsSchema,
  freezeListSchema,
  freezeSchema,
  holidayListSchema,
  meSchema,
  updateMeSchema,
} from '@devpulse/contract/wire/people';
import type { App, ServerDeps } from '../deps.ts';
import { addHolidays, listHolidays, removeHoliday } from './change-holidays.ts';
import { cancelFreeze, freezeToday, listFreezes } from './freeze-today.ts';
import { type Asker, readMe, updateMe } from './update-me.ts';

const tags = ['People'];

/** A person's own settings, freezes and holidays. */
export function registerMeRoutes(app: App, deps: ServerDeps): void {
  app.get('/api/v1/me', {
    config: { permission: 'self.read' },
    schema: { operationId: 'showMe', tags, summary: 'Who the token stands for', response: { 200: meSchema } },
    handler: async (request) => readMe(askerOf(request, deps)),
  });
  app.patch('/api/v1/me', {
    config: { permission: 'self.change' },
    schema: {
      operationId: 'updateMe',
      tags,
      summary: 'Change name, time zone or rest days',
      description: 'Another time zone cuts all days anew; numbers are `stale` until that is done.',
      body: updateMeSchema,
      response: { 200: meSchema },
    },
    handler: async (request) => updateMe(askerOf(request, deps), request.body),
  });
  registerFreezes(app, deps);
  registerHolidays(app, deps);
}

function registerFreezes(app: App, deps: ServerDeps): void {
  const workMetrics = metricsOfTheStreak(deps.metrics);
  const freezerOf = (request: FastifyRequest): Asker & { workMetrics: string[] } => ({
    ...askerOf(request, deps),
    workMetrics,
  });
  app.get('/api/v1/me/freezes', {
    config: { permission: 'self.read' },
    schema: {
      operationId: 'listFreezes',
      tags,
      summary: 'Freezes, and whether one can be taken today',
      response: { 200: freezeListSchema },
    },
    handler: async (request) => listFreezes(freezerOf(request)),
  });
  app.post('/api/v1/me/freezes', {
    config: { permission: 'self.change', errors: ['conflict'] },
    schema: {
      operationId: 'freezeToday',
      tags,
      summary: 'Freeze today',
      description:
        'The streak neither grows nor breaks today. At most 2 within 30 days; work on the same day gives the freeze back.',
      response: { 201: freezeSchema },
    },
    handler: async (request, reply) => reply.code(201).send(await freezeToday(freezerOf(request))),
  });
  app.delete('/api/v1/me/freezes/:day', {
    config: { permission: 'self.change', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'cancelFreeze',
      tags,
      summary: 'Take the freeze of today back',
      params: dayParamsSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      await cancelFreeze(freezerOf(request), request.params.day);
      return reply.code(204).send(null);
    },
  });
}

function registerHolidays(app: App, deps: ServerDeps): void {
  app.get('/api/v1/me/holidays', {
    config: { permission: 'self.read' },
    schema: { operationId: 'listHolidays', tags, summary: 'Days off', response: { 200: holidayListSchema } },
    handler: async (request) => listHolidays(askerOf(request, deps)),
  });
  app.post('/api/v1/me/holidays', {
    config: { permission: 'self.change' },
    schema: {
      operationId: 'addHolidays',
      tags,
      summary: 'Add days off, or rename them',
      body: addHolidaysSchema,
      response: { 200: holidayListSchema },
    },
    handler: async (request) => addHolidays(askerOf(request, deps), request.body.holidays),
  });
  app.delete('/api/v1/me/holidays/:day', {
    config: { permission: 'self.change', errors: ['not_found'] },
    schema: {
      operationId: 'removeHoliday',
      tags,
      summary: 'Make a day off an ordinary day',
      params: dayParamsSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      await removeHoliday(askerOf(request, deps), request.params.day);
      return reply.code(204).send(null);
    },
  });
}

function askerOf(request: FastifyRequest, deps: ServerDeps): Asker {
  const { workspaceId, personId, scopes } = request.viewer;
  return { store: deps.store, workspaceId, personId, scopes, now: deps.now() };
}

/** Whatever the streak is made from is work: the two must never disagree about a day. */
function metricsOfTheStreak(metrics: ReadonlyMap<string, LoadedMetric>): string[] {
  const streak = metrics.get('current_streak');
  return streak?.kind === 'derived' ? [...new Set(Object.values(streak.needs).map((need) => need.metric))] : [];
}

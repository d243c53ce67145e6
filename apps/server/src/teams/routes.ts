import {
  newStaySchema,
  newTeamSchema,
  stayParamsSchema,
  teamListQuerySchema,
  teamListSchema,
  teamParamsSchema,
  teamSchema,
  updateStaySchema,
  updateTeamSchema,
} from '@devpulse/contract/wire/teams';
import type { App, ServerDeps } from '../deps.ts';
import { registerCalendarRoutes } from './calendar-routes.ts';
import { addStay, removeStay, updateStay } from './change-stays.ts';
import { makeTeam, updateTeam } from './change-teams.ts';
import { listTeams, readTeam } from './read-teams.ts';
import { changeOf, inChange } from './team-change.ts';

const tags = ['Teams'];
const manage = { permission: 'teams.manage', errors: ['not_found', 'conflict'] } as const;

/** Teams inside a workspace, and the calendar by which it works. */
export function registerTeamRoutes(app: App, deps: ServerDeps): void {
  registerTeams(app, deps);
  registerStays(app, deps);
  registerCalendarRoutes(app, deps);
}

function registerTeams(app: App, deps: ServerDeps): void {
  app.get('/api/v1/teams', {
    config: { permission: 'people.read' },
    schema: {
      operationId: 'listTeams',
      tags,
      summary: 'Teams, alphabetically, as they are today',
      querystring: teamListQuerySchema,
      response: { 200: teamListSchema },
    },
    handler: async (request) =>
      inChange(changeOf(request, deps), async ({ trx, today }) => ({
        teams: await listTeams(trx, { archived: request.query.archived, today }),
      })),
  });
  app.post('/api/v1/teams', {
    config: { permission: 'teams.manage', errors: ['conflict'] },
    schema: {
      operationId: 'makeTeam',
      tags,
      summary: 'Make a team',
      body: newTeamSchema,
      response: { 201: teamSchema },
    },
    handler: async (request, reply) => reply.code(201).send(await makeTeam(changeOf(request, deps), request.body)),
  });
  app.get('/api/v1/teams/:id', {
    config: { permission: 'people.read', errors: ['not_found'] },
    schema: {
      operationId: 'showTeam',
      tags,
      summary: 'A team with everybody who is, was or will be in it',
      params: teamParamsSchema,
      response: { 200: teamSchema },
    },
    handler: async (request) =>
      inChange(changeOf(request, deps), ({ trx, today }) => readTeam(trx, request.params.id, today)),
  });
  app.patch('/api/v1/teams/:id', {
    config: manage,
    schema: {
      operationId: 'updateTeam',
      tags,
      summary: 'Rename a team, or put it into the archive',
      description: 'While a team is archived its managers see nobody’s numbers through it.',
      params: teamParamsSchema,
      body: updateTeamSchema,
      response: { 200: teamSchema },
    },
    handler: async (request) => updateTeam(changeOf(request, deps), request.params.id, request.body),
  });
}

function registerStays(app: App, deps: ServerDeps): void {
  app.post('/api/v1/teams/:id/stays', {
    config: manage,
    schema: {
      operationId: 'addTeamStay',
      tags,
      summary: 'Put somebody into a team, or make them its manager',
      description: 'With `leaves` it is a move: the stay in that other team ends on the day this one begins.',
      params: teamParamsSchema,
      body: newStaySchema,
      response: { 201: teamSchema },
    },
    handler: async (request, reply) =>
      reply.code(201).send(await addStay(changeOf(request, deps), request.params.id, request.body)),
  });
  app.patch('/api/v1/teams/:id/stays/:stayId', {
    config: manage,
    schema: {
      operationId: 'updateTeamStay',
      tags,
      summary: 'Change from when until when somebody is in a team',
      params: stayParamsSchema,
      body: updateStaySchema,
      response: { 200: teamSchema },
    },
    handler: async (request) => updateStay(changeOf(request, deps), request.params, request.body),
  });
  app.delete('/api/v1/teams/:id/stays/:stayId', {
    config: manage,
    schema: {
      operationId: 'removeTeamStay',
      tags,
      summary: 'Strike out a stay that never was',
      description: 'Whoever leaves a team keeps their history in it: change the end of the stay instead.',
      params: stayParamsSchema,
      response: { 200: teamSchema },
    },
    handler: async (request) => removeStay(changeOf(request, deps), request.params),
  });
}

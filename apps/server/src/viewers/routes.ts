import { idParamsSchema } from '@devpulse/contract/wire/people';
import {
  lookListQuerySchema,
  lookListSchema,
  viewableDetailSchema,
  viewableListQuerySchema,
  viewableListSchema,
} from '@devpulse/contract/wire/viewers';
import type { FastifyRequest } from 'fastify';
import type { App, ServerDeps } from '../deps.ts';
import { listLooks } from './list-looks.ts';
import { listViewable, showViewable } from './list-viewable.ts';
import type { Looker } from './look-at-people.ts';

/** Whose numbers one may ask for, and who asked for one's own. */
export function registerViewerRoutes(app: App, deps: ServerDeps): void {
  const lookerOf = ({ viewer }: FastifyRequest): Looker => ({ store: deps.store, viewer, now: deps.now() });
  app.get('/api/v1/viewable-people', {
    config: { permission: 'numbers.read' },
    schema: {
      operationId: 'listViewablePeople',
      tags: ['Metrics'],
      summary: 'The others whose numbers you may ask for, alphabetically',
      description:
        'Owners and admins: everybody. Managers: who is today in a team that they manage. Members: nobody. Your own ' +
        'numbers and those of the workspace can always be asked for.',
      querystring: viewableListQuerySchema,
      response: { 200: viewableListSchema },
    },
    handler: async (request) => listViewable(lookerOf(request), request.query),
  });
  app.get('/api/v1/viewable-people/:id', {
    config: { permission: 'numbers.read', errors: ['not_found'] },
    schema: {
      operationId: 'showViewablePerson',
      tags: ['Metrics'],
      summary: 'Somebody whose numbers you may ask for',
      description: 'Refused for whom they are not. Asking for it is no look at their numbers.',
      params: idParamsSchema,
      response: { 200: viewableDetailSchema },
    },
    handler: async (request) => showViewable(lookerOf(request), request.params.id),
  });
  app.get('/api/v1/me/looks', {
    config: { permission: 'self.read' },
    schema: {
      operationId: 'listLooks',
      tags: ['People'],
      summary: 'Who looked at your numbers',
      description:
        'One entry a day for each person who asked for your numbers by yourself, kept for 180 days. What is asked of the ' +
        'workspace as a whole is no look at you, nor is what you ask of yourself.',
      querystring: lookListQuerySchema,
      response: { 200: lookListSchema },
    },
    handler: async (request) => listLooks(lookerOf(request), request.query),
  });
}

import { z } from 'zod';
import { repositoryListSchema } from '@devpulse/contract/wire/machinery';
import { sourceListSchema } from '@devpulse/contract/wire/sources';
import type { App, ServerDeps } from '../deps.ts';
import { registerSourceChanges } from './change-routes.ts';
import { listRepositories } from './list-repositories.ts';
import { listSources } from './list-sources.ts';

/** What is read, how that stands, and the repositories that were found. */
export function registerSourceRoutes(app: App, deps: ServerDeps): void {
  const tags = ['Sources'];
  const config = { permission: 'sources.read' } as const;

  app.get('/api/v1/sources', {
    config,
    schema: {
      operationId: 'listSources',
      tags,
      summary: 'Every source with its state and progress, and what is still under way',
      description:
        'Reading (`progress`), then working in (`pendingEvents`), then counting (`pendingDays`), then all is there. Whoever ' +
        'manages sources is told of all; others of those whose repository they see.',
      querystring: z.strictObject({}),
      response: { 200: sourceListSchema },
    },
    handler: ({ viewer }) => listSources({ store: deps.store, viewer, now: deps.now() }),
  });

  app.get('/api/v1/repositories', {
    config,
    schema: {
      operationId: 'listRepositories',
      tags,
      summary: 'The repositories that were found and that you see, by name',
      querystring: z.strictObject({
        search: z.string().max(200).optional(),
        cursor: z.uuid().optional(),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      response: { 200: repositoryListSchema },
    },
    handler: (request) =>
      listRepositories({ store: deps.store, viewer: request.viewer, now: deps.now(), ...request.query }),
  });

  registerSourceChanges(app, deps);
}

import { z } from 'zod';
import { repositoryListSchema, sourceListSchema } from '@devpulse/contract/wire/machinery';
import type { App, ServerDeps } from '../deps.ts';
import { listRepositories } from './list-repositories.ts';

const progressSchema = z.object({ what: z.string(), done: z.number(), total: z.number().nullable() });
const errorSchema = z.object({ code: z.string(), message: z.string() });

/** What is read, how that stands, and the repositories that were found. */
export function registerSourceRoutes(app: App, deps: ServerDeps): void {
  const tags = ['Sources'];
  const config = { scope: 'read' } as const;

  app.get('/api/v1/sources', {
    config,
    schema: {
      operationId: 'listSources',
      tags,
      summary: 'Every source with its state and progress',
      querystring: z.strictObject({}),
      response: { 200: sourceListSchema },
    },
    handler: async (request) => {
      const rows = await deps.store.inWorkspace(request.viewer.workspaceId, (trx) =>
        trx
          .selectFrom('sources')
          .select(['id', 'connector', 'name', 'state', 'progress', 'last_checked_at', 'last_error'])
          .orderBy('name')
          .execute(),
      );
      return {
        sources: rows.map(({ last_checked_at, last_error, progress, ...row }) => ({
          ...row,
          progress: progressSchema.nullable().parse(progress),
          lastCheckedAt: last_checked_at?.toISOString() ?? null,
          lastError: errorSchema.nullable().parse(last_error),
        })),
      };
    },
  });

  app.get('/api/v1/repositories', {
    config,
    schema: {
      operationId: 'listRepositories',
      tags,
      summary: 'The repositories that were found, by name',
      querystring: z.strictObject({
        search: z.string().max(200).optional(),
        cursor: z.uuid().optional(),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      response: { 200: repositoryListSchema },
    },
    handler: (request) =>
      listRepositories({ store: deps.store, workspaceId: request.viewer.workspaceId, ...request.query }),
  });
}

import { z } from 'zod';
import { budgetListSchema } from '@devpulse/contract/wire/budgets';
import type { App, ServerDeps } from '../deps.ts';
import { readBudgets } from './read-budgets.ts';

/** How it stands with the limits of sources. */
export function registerGovernorRoutes(app: App, deps: ServerDeps): void {
  app.get('/api/v1/budgets', {
    config: { permission: 'sources.read' },
    schema: {
      operationId: 'listBudgets',
      tags: ['Sources'],
      summary: 'How much of a source’s limits each connection has left, and until when it waits',
      description: 'As it was told with the last answer; no source is asked.',
      querystring: z.strictObject({}),
      response: { 200: budgetListSchema },
    },
    handler: ({ viewer }) => readBudgets(deps, viewer.workspaceId),
  });
}

import { flagListSchema } from '@devpulse/contract/wire/flags';
import type { App, ServerDeps } from '../deps.ts';
import { readFlags } from './read-flags.ts';

/** What this instance offers and what it was told to leave out. */
export function registerFlagRoutes(app: App, { store }: ServerDeps): void {
  app.get('/api/v1/flags', {
    config: { permission: 'workspace.read' },
    schema: {
      operationId: 'listFlags',
      tags: ['Service'],
      summary: 'What this instance offers, and what it was told to leave out',
      description: 'Switched on the command line, for the whole instance.',
      response: { 200: flagListSchema },
    },
    handler: async () => ({ flags: await readFlags(store) }),
  });
}

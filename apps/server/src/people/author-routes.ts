import { authorListSchema, authorQuerySchema } from '@devpulse/contract/wire/sources';
import type { App, ServerDeps } from '../deps.ts';
import { seesEverybody } from '../viewers/may-view-person.ts';
import { listAuthors } from './list-authors.ts';

/** Which of the authors are you? Saying so is `linkIdentities`. */
export function registerAuthorRoutes(app: App, deps: ServerDeps): void {
  app.get('/api/v1/me/authors', {
    config: { permission: 'people.identify' },
    schema: {
      operationId: 'listAuthors',
      tags: ['People'],
      summary: 'Which of the authors are you?',
      description:
        'Suggested are those whom git itself believes to be at the keyboard (`user.email`, `user.name`). Say which ones ' +
        'you are with `linkIdentities` for your own person.',
      querystring: authorQuerySchema,
      response: { 200: authorListSchema },
    },
    handler: ({ viewer, query }) =>
      listAuthors({
        store: deps.store,
        connectors: deps.connectors,
        workspaceId: viewer.workspaceId,
        personId: viewer.personId,
        seesEverybody: seesEverybody(viewer),
        search: query.search,
      }),
  });
}

import { z } from 'zod';
import {
  linkOutcomeSchema,
  suggestionAnswerSchema,
  suggestionListSchema,
  suggestionQuerySchema,
} from '@devpulse/contract/wire/people';
import type { App, ServerDeps } from '../deps.ts';
import { confirmSuggestion, declineSuggestion } from './answer-suggestion.ts';
import { readSuggestions } from './read-suggestions.ts';

const tags = ['People'];

/** Who may be the same person. Only people answer that. */
export function registerSuggestionRoutes(app: App, deps: ServerDeps): void {
  const { store } = deps;
  app.get('/api/v1/merge-suggestions', {
    config: { permission: 'identities.read' },
    schema: {
      operationId: 'listMergeSuggestions',
      tags,
      summary: 'Who may be the same person, the likeliest first',
      querystring: suggestionQuerySchema,
      response: { 200: suggestionListSchema },
    },
    handler: async (request) => readSuggestions({ store, workspaceId: request.viewer.workspaceId, ...request.query }),
  });
  app.post('/api/v1/merge-suggestions/confirm', {
    config: { permission: 'people.identify', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'confirmMergeSuggestion',
      tags,
      summary: 'Join the two persons of a suggestion',
      body: suggestionAnswerSchema,
      response: { 200: linkOutcomeSchema },
    },
    handler: async ({ viewer, body }) =>
      confirmSuggestion({ store, workspaceId: viewer.workspaceId, by: viewer.personId, identityIds: body.identityIds }),
  });
  app.post('/api/v1/merge-suggestions/decline', {
    config: { permission: 'people.identify', errors: ['not_found'] },
    schema: {
      operationId: 'declineMergeSuggestion',
      tags,
      summary: 'Say that the two are not the same; they are not suggested again',
      body: suggestionAnswerSchema,
      response: { 204: z.null() },
    },
    handler: async ({ viewer, body }, reply) => {
      await declineSuggestion({
        store,
        workspaceId: viewer.workspaceId,
        by: viewer.personId,
        identityIds: body.identityIds,
      });
      return reply.code(204).send(null);
    },
  });
}

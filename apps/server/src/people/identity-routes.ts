import {
  decisionReasonSchema,
  identityListQuerySchema,
  identityListSchema,
  idParamsSchema,
  kindChangeSchema,
  kindOverrideSchema,
  linkOutcomeSchema,
} from '@devpulse/contract/wire/people';
import type { App, ServerDeps } from '../deps.ts';
import { listIdentities } from './list-identities.ts';
import { dropKindOverride, overrideKind } from './override-kind.ts';
import { unlinkIdentity } from './unlink-identity.ts';

const tags = ['People'];

/** Who the sources name, and what each of them is. */
export function registerIdentityRoutes(app: App, deps: ServerDeps): void {
  const { store } = deps;
  app.get('/api/v1/identities', {
    config: { permission: 'identities.read' },
    schema: {
      operationId: 'listIdentities',
      tags,
      summary: 'Identities, alphabetically',
      querystring: identityListQuerySchema,
      response: { 200: identityListSchema },
    },
    handler: async (request) => listIdentities({ store, workspaceId: request.viewer.workspaceId, ...request.query }),
  });
  app.post('/api/v1/identities/:id/unlink', {
    config: { permission: 'people.identify', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'unlinkIdentity',
      tags,
      summary: 'Make an identity a person of its own again',
      params: idParamsSchema,
      body: decisionReasonSchema,
      response: { 200: linkOutcomeSchema },
    },
    handler: async ({ viewer, params, body }) =>
      unlinkIdentity({
        store,
        workspaceId: viewer.workspaceId,
        identityId: params.id,
        by: viewer.personId,
        reason: body.reason,
      }),
  });
  app.put('/api/v1/identities/:id/kind', {
    config: { permission: 'people.identify', errors: ['not_found'] },
    schema: {
      operationId: 'decideKind',
      tags,
      summary: 'Decide what an identity is, whatever the rules say',
      params: idParamsSchema,
      body: kindOverrideSchema,
      response: { 200: kindChangeSchema },
    },
    handler: async ({ viewer, params, body }) => ({
      changed: await overrideKind({
        store,
        workspaceId: viewer.workspaceId,
        identityId: params.id,
        by: viewer.personId,
        ...body,
      }),
    }),
  });
  app.delete('/api/v1/identities/:id/kind', {
    config: { permission: 'people.identify', errors: ['not_found'] },
    schema: {
      operationId: 'dropKindDecision',
      tags,
      summary: 'Let the rules decide again',
      params: idParamsSchema,
      response: { 200: kindChangeSchema },
    },
    handler: async ({ viewer, params }) => ({
      changed: await dropKindOverride({ store, workspaceId: viewer.workspaceId, identityId: params.id }),
    }),
  });
}

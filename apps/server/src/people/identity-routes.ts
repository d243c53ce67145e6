import {
  decisionReasonSchema,
  identityListQuerySchema,
  identityListSchema,
  idParamsSchema,
  kindChangeSchema,
  kindOverrideSchema,
  linkOutcomeSchema,
  ownIdentityListSchema,
} from '@devpulse/contract/wire/people';
import type { App, ServerDeps } from '../deps.ts';
import { auditActor } from '../audit/record-audit.ts';
import { disownIdentity } from './disown-identity.ts';
import { listIdentities, listOwnIdentities } from './list-identities.ts';
import { dropKindOverride, overrideKind } from './override-kind.ts';
import { unlinkIdentity } from './unlink-identity.ts';

const tags = ['People'];

/** Who the sources name, and what each of them is. */
export function registerIdentityRoutes(app: App, deps: ServerDeps): void {
  registerOwn(app, deps);
  registerDecisions(app, deps);
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
}

/** What everybody may see and say of themselves. */
function registerOwn(app: App, { store }: ServerDeps): void {
  app.get('/api/v1/me/identities', {
    config: { permission: 'self.read' },
    schema: {
      operationId: 'listOwnIdentities',
      tags,
      summary: 'The identities that stand for you',
      response: { 200: ownIdentityListSchema },
    },
    handler: async ({ viewer: { workspaceId, personId } }) => listOwnIdentities({ store, workspaceId, personId }),
  });
  app.post('/api/v1/me/identities/:id/disown', {
    config: { permission: 'self.change', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'disownIdentity',
      tags,
      summary: 'Say that an identity you signed in as is not you, as for an account that several people share',
      params: idParamsSchema,
      response: { 200: linkOutcomeSchema },
    },
    handler: async (request) => {
      const { workspaceId, personId } = request.viewer;
      const actor = auditActor(request);
      return disownIdentity({ store, workspaceId, personId, identityId: request.params.id, actor });
    },
  });
}

function registerDecisions(app: App, { store }: ServerDeps): void {
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

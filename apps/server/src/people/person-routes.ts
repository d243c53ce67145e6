import {
  decisionReasonSchema,
  idParamsSchema,
  linkDecisionListSchema,
  linkDecisionQuerySchema,
  linkOutcomeSchema,
  linkRequestSchema,
  personListQuerySchema,
  personListSchema,
  personSchema,
  renamePersonSchema,
} from '@devpulse/contract/wire/people';
import { roleMay } from '@devpulse/contract/permissions';
import type { App, ServerDeps, Viewer } from '../deps.ts';
import { auditActor } from '../audit/record-audit.ts';
import { linkIdentities } from './link-identities.ts';
import { listLinkDecisions } from './list-link-decisions.ts';
import { listPeople, showPerson } from './list-people.ts';
import { renamePerson } from './rename-person.ts';
import { undoLink } from './undo-link.ts';
import { unmergePerson } from './unlink-identity.ts';

const tags = ['People'];

/** People, what belongs to them, and what was decided about that. */
export function registerPersonRoutes(app: App, deps: ServerDeps): void {
  registerReading(app, deps);
  registerDecisions(app, deps);
}

function registerReading(app: App, deps: ServerDeps): void {
  const { store } = deps;
  app.get('/api/v1/people', {
    config: { permission: 'people.read' },
    schema: {
      operationId: 'listPeople',
      tags,
      summary: 'People, alphabetically',
      querystring: personListQuerySchema,
      response: { 200: personListSchema },
    },
    handler: async ({ viewer, query }) =>
      listPeople({ store, workspaceId: viewer.workspaceId, tracesOf: tracesFor(viewer), ...query }),
  });
  app.get('/api/v1/people/:id', {
    config: { permission: 'people.read', errors: ['not_found'] },
    schema: {
      operationId: 'showPerson',
      tags,
      summary: 'One person',
      description: 'The id of somebody who was merged into another answers that other.',
      params: idParamsSchema,
      response: { 200: personSchema },
    },
    handler: async ({ viewer, params }) =>
      showPerson({ store, workspaceId: viewer.workspaceId, personId: params.id, tracesOf: tracesFor(viewer) }),
  });
  app.patch('/api/v1/people/:id', {
    config: { permission: 'people.identify', errors: ['not_found'] },
    schema: {
      operationId: 'renamePerson',
      tags,
      summary: 'Name a person',
      params: idParamsSchema,
      body: renamePersonSchema,
      response: { 200: personSchema },
    },
    handler: async (request) =>
      renamePerson({
        store,
        workspaceId: request.viewer.workspaceId,
        personId: request.params.id,
        name: request.body.name,
      }),
  });
}

/** Whoever says who is who sees what everybody left behind; everybody else what they left themselves. */
function tracesFor({ role, personId }: Viewer): string | undefined {
  return roleMay(role, 'identities.read') ? undefined : personId;
}

function registerDecisions(app: App, deps: ServerDeps): void {
  const { store } = deps;
  app.post('/api/v1/people/:id/identities', {
    config: { permission: 'people.identify', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'linkIdentities',
      tags,
      summary: 'Say that identities are this person',
      description:
        'All of them move, or none. The id may be that of an identity: then the person it stands for is meant.',
      params: idParamsSchema,
      body: linkRequestSchema,
      response: { 200: linkOutcomeSchema },
    },
    handler: async ({ viewer, params, body }) =>
      linkIdentities({ store, workspaceId: viewer.workspaceId, personId: params.id, by: viewer.personId, ...body }),
  });
  app.post('/api/v1/people/:id/unmerge', {
    config: { permission: 'people.identify', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'unmergePerson',
      tags,
      summary: 'Take a person apart: each identity becomes a person of its own',
      params: idParamsSchema,
      body: decisionReasonSchema,
      response: { 200: linkOutcomeSchema },
    },
    handler: async ({ viewer, params, body }) =>
      unmergePerson({
        store,
        workspaceId: viewer.workspaceId,
        personId: params.id,
        by: viewer.personId,
        reason: body.reason,
      }),
  });
  app.get('/api/v1/link-decisions', {
    config: { permission: 'identities.read' },
    schema: {
      operationId: 'listLinkDecisions',
      tags,
      summary: 'What was decided about who is who, newest first',
      querystring: linkDecisionQuerySchema,
      response: { 200: linkDecisionListSchema },
    },
    handler: async (request) => listLinkDecisions({ store, workspaceId: request.viewer.workspaceId, ...request.query }),
  });
  app.post('/api/v1/link-decisions/:id/undo', {
    config: { permission: 'people.identify', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'undoLinkDecision',
      tags,
      summary: 'Take a decision back as a whole',
      description: 'Refused when one of its identities was moved again since; the answer names them.',
      params: idParamsSchema,
      response: { 200: linkOutcomeSchema },
    },
    handler: async (request) => {
      const { workspaceId, personId } = request.viewer;
      return undoLink({ store, workspaceId, batchId: request.params.id, by: personId, actor: auditActor(request) });
    },
  });
}

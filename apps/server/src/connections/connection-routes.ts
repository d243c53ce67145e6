import { z } from 'zod';
import {
  addTokenSchema,
  connectionListSchema,
  connectionSchema,
  disconnectedSchema,
  eraseConnectionSchema,
  linkedAccountsSchema,
} from '@devpulse/contract/wire/connections';
import { idParamsSchema } from '@devpulse/contract/wire/people';
import { auditActor } from '../audit/record-audit.ts';
import type { App, ServerDeps } from '../deps.ts';
import { addToken } from './add-token.ts';
import { checkConnection } from './check-connection.ts';
import { disconnect, eraseConnection } from './disconnect.ts';
import { githubPartsOf } from './github-parts.ts';
import { listLinkedAccounts } from './linked-accounts.ts';
import { answeringRefusals } from './refusals.ts';
import { listConnections, viewConnection } from './view-connection.ts';

const tags = ['Connections'];
const stays = 'Nothing new is read with it. What was read, and every number made of it, stays.';

/** What is connected, and how it is. */
export function registerConnectionRoutes(app: App, deps: ServerDeps): void {
  registerReading(app, deps);
  registerToken(app, deps);
  registerEnding(app, deps);
}

function registerReading(app: App, deps: ServerDeps): void {
  const parts = githubPartsOf(deps);
  app.get('/api/v1/connections', {
    config: { permission: 'sources.manage' },
    schema: {
      operationId: 'listConnections',
      tags,
      summary: 'Every connection to GitHub with its state, and how another is made',
      description: 'As it was when GitHub was last asked; this asks nobody.',
      querystring: z.strictObject({}),
      response: { 200: connectionListSchema },
    },
    handler: ({ viewer }) => listConnections(parts, viewer.workspaceId, viewer.personId),
  });
  app.get('/api/v1/connections/:id', {
    config: { permission: 'sources.manage', errors: ['not_found'] },
    schema: {
      operationId: 'readConnection',
      tags,
      summary: 'One connection',
      params: idParamsSchema,
      querystring: z.strictObject({}),
      response: { 200: connectionSchema },
    },
    handler: ({ viewer, params }) => viewConnection(parts, viewer.workspaceId, params.id, viewer.personId),
  });
  app.get('/api/v1/me/linked-accounts', {
    config: { permission: 'self.read' },
    schema: {
      operationId: 'listLinkedAccounts',
      tags,
      summary: 'One’s own GitHub accounts in this workspace',
      querystring: z.strictObject({}),
      response: { 200: linkedAccountsSchema },
    },
    handler: ({ viewer }) => listLinkedAccounts(deps.store, viewer.workspaceId, viewer.personId),
  });
  app.post('/api/v1/connections/:id/check', {
    config: {
      permission: 'sources.manage',
      limit: 'costly',
      errors: ['not_found', 'source_busy', 'source_failed', 'conflict'],
    },
    schema: {
      operationId: 'checkConnection',
      tags,
      summary: 'Ask GitHub now how a connection is',
      description:
        'Waits with everybody else for its turn within GitHub’s limits, before anything that only fills in history.',
      params: idParamsSchema,
      response: { 200: connectionSchema },
    },
    handler: async ({ viewer, params }) => {
      const { workspaceId } = viewer;
      const revived = await answeringRefusals(
        checkConnection(parts, { workspaceId, connectionId: params.id, lane: 'person' }),
      );
      for (const sourceId of revived) deps.readSoon({ workspaceId, sourceId });
      return viewConnection(parts, workspaceId, params.id, viewer.personId);
    },
  });
}

function registerToken(app: App, deps: ServerDeps): void {
  const parts = githubPartsOf(deps);
  app.post('/api/v1/connections/token', {
    config: {
      permission: 'sources.manage',
      limit: 'costly',
      errors: ['not_found', 'source_busy', 'source_failed', 'conflict'],
    },
    schema: {
      operationId: 'addConnectionToken',
      tags,
      summary: 'Connect by a personal access token, or replace the one of a connection',
      description: 'GitHub is asked whose it is and what it may. It is kept sealed and never shown again.',
      body: addTokenSchema,
      response: { 201: connectionSchema },
    },
    handler: async (request, reply) => {
      const { workspaceId, personId } = request.viewer;
      const { token, connectionId = null } = request.body;
      const who = { workspaceId, personId, actor: auditActor(request), connectionId };
      const saved = await answeringRefusals(addToken(parts, who, token));
      for (const sourceId of saved.revived) deps.readSoon({ workspaceId, sourceId });
      return reply.code(201).send(await viewConnection(parts, workspaceId, saved.connectionId, personId));
    },
  });
}

function registerEnding(app: App, deps: ServerDeps): void {
  const parts = githubPartsOf(deps);
  app.delete('/api/v1/connections/:id', {
    config: { permission: 'sources.manage', errors: ['not_found'] },
    schema: {
      operationId: 'disconnect',
      tags,
      summary: 'Cut a connection; what was read with it stays',
      description: 'Its tokens are forgotten at once, and given back to GitHub where that is possible.',
      params: idParamsSchema,
      response: { 200: disconnectedSchema },
    },
    handler: async (request) => {
      const asked = {
        workspaceId: request.viewer.workspaceId,
        connectionId: request.params.id,
        actor: auditActor(request),
      };
      return { kept: stays, ...(await disconnect(parts, asked)) };
    },
  });
  app.post('/api/v1/connections/:id/erase', {
    config: { permission: 'sources.manage', errors: ['not_found'] },
    schema: {
      operationId: 'eraseConnection',
      tags,
      summary: 'Cut a connection and erase everything that was read with it',
      description:
        'The tokens go at once; raw events, facts and numbers within minutes. What other sources have read as well stays.',
      params: idParamsSchema,
      body: eraseConnectionSchema,
      response: { 202: disconnectedSchema },
    },
    handler: async (request, reply) => {
      const { viewer, params, body } = request;
      const asked = {
        workspaceId: viewer.workspaceId,
        connectionId: params.id,
        login: body.login,
        actor: auditActor(request),
      };
      const ended = await eraseConnection(parts, asked);
      return reply.code(202).send({ kept: 'Only what other sources have read as well stays.', ...ended });
    },
  });
}

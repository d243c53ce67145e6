import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import {
  becomeTeamSchema,
  deleteWorkspaceSchema,
  handOverSchema,
  newWorkspaceSchema,
  slugParamsSchema,
  workspacePlaceSchema,
} from '@devpulse/contract/wire/workspaces';
import { auditActor } from '../audit/record-audit.ts';
import type { App, ServerDeps } from '../deps.ts';
import { actingAs } from '../members/acting-as.ts';
import { handOver } from '../members/hand-over.ts';
import { becomeTeam } from './become-team.ts';
import { createWorkspace } from './create-workspace.ts';
import { deleteWorkspace } from './delete-workspace.ts';
import { findBySlug } from './find-by-slug.ts';
import { readFounder } from './read-founder.ts';

const tags = ['Workspaces'];

/** Making workspaces, finding them by their address, and what only an owner decides. */
export function registerWorkspacesRoutes(app: App, deps: ServerDeps): void {
  registerMaking(app, deps);
  registerOwning(app, deps);
}

function registerMaking(app: App, { store }: ServerDeps): void {
  app.post('/api/v1/workspaces', {
    config: { permission: 'workspace.create', errors: ['conflict'] },
    schema: {
      operationId: 'createWorkspace',
      tags,
      summary: 'Make a workspace for a team',
      description: 'Whoever makes it is its owner. The session stays where it is; `switchWorkspace` goes there.',
      body: newWorkspaceSchema,
      response: { 201: workspacePlaceSchema },
    },
    handler: async (request, reply) => {
      const founder = await readFounder(store, request.viewer);
      const { id, slug, name } = await createWorkspace({
        store,
        kind: 'team',
        founder,
        ...request.body,
        actor: auditActor(request),
      });
      return reply.code(201).send({ id, slug, name });
    },
  });
  app.get('/api/v1/workspaces/:slug', {
    config: { permission: 'account.manage', errors: ['not_found'] },
    schema: {
      operationId: 'findWorkspace',
      tags,
      summary: 'Your workspace at this address',
      description: 'A former address finds it, too, and the answer has the present one. Those of others are not found.',
      params: slugParamsSchema,
      response: { 200: workspacePlaceSchema },
    },
    handler: async ({ viewer, params }) => {
      const found = viewer.accountId === null ? null : await findBySlug(store, viewer.accountId, params.slug);
      if (found === null) throw new AppError('not_found', 'You have no workspace at this address.');
      return found;
    },
  });
}

function registerOwning(app: App, { store }: ServerDeps): void {
  app.post('/api/v1/workspace/team', {
    config: { permission: 'workspace.own', errors: ['conflict'] },
    schema: {
      operationId: 'becomeTeam',
      tags,
      summary: 'Make the personal workspace a team’s',
      description: 'Everything in it stays; its former address leads to it. You get a new, empty personal workspace.',
      body: becomeTeamSchema,
      response: { 200: workspacePlaceSchema },
    },
    handler: async (request) =>
      becomeTeam({
        store,
        workspaceId: request.viewer.workspaceId,
        founder: await readFounder(store, request.viewer),
        name: request.body.name,
        as: actingAs(request),
      }),
  });
  app.post('/api/v1/workspace/handover', {
    config: { permission: 'workspace.own', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'handOverWorkspace',
      tags,
      summary: 'Hand the workspace over to another member',
      description: 'They become an owner, and you an admin.',
      body: handOverSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      const { workspaceId } = request.viewer;
      await handOver({ store, workspaceId, personId: request.body.personId, as: actingAs(request) });
      return reply.code(204).send(null);
    },
  });
  app.post('/api/v1/workspace/deletion', {
    config: { permission: 'workspace.own', errors: ['conflict'] },
    schema: {
      operationId: 'deleteWorkspace',
      tags,
      summary: 'Delete the workspace with everything in it',
      description: 'Nothing of it can be had back. Its name has to be typed. A personal one goes with its account.',
      body: deleteWorkspaceSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      const { workspaceId } = request.viewer;
      await deleteWorkspace({ store, workspaceId, name: request.body.name, as: actingAs(request) });
      return reply.code(204).send(null);
    },
  });
}

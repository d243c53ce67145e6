import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import {
  addSourceAnswerSchema,
  addSourceSchema,
  eraseSourceSchema,
  folderListSchema,
  folderQuerySchema,
  removeSourceAnswerSchema,
  sourceSchema,
  type SourceView,
} from '@devpulse/contract/wire/sources';
import type { App, ServerDeps } from '../deps.ts';
import { auditActor } from '../audit/record-audit.ts';
import { addPlace } from './add-place.ts';
import { pauseSource, removeSource, resumeSource } from './change-source.ts';
import { listFolders } from './list-folders.ts';
import { askForLook } from './make-due.ts';
import { registerMonitors } from './monitor-routes.ts';
import { orderErasure } from './order-erasure.ts';
import { showSources } from './list-sources.ts';

const tags = ['Sources'];
const idParamsSchema = z.strictObject({ id: z.uuid() });

/** Choosing a place, adding what is there, and deciding whether it is looked at. */
export function registerSourceChanges(app: App, deps: ServerDeps): void {
  registerAdding(app, deps);
  registerPausing(app, deps);
  registerLooking(app, deps);
  registerMonitors(app, deps);
  registerErasing(app, deps);
}

function registerAdding(app: App, deps: ServerDeps): void {
  const { store, connectors, gitRoots } = deps;
  app.get('/api/v1/folders', {
    config: { permission: 'sources.manage', instance: true },
    schema: {
      operationId: 'listFolders',
      tags,
      summary: 'Folders on the machine DevPulse runs on, as far as they may be read',
      description: 'Below DEVPULSE_GIT_ROOTS only; hidden folders are left out, and at most 500 are listed.',
      querystring: folderQuerySchema,
      response: { 200: folderListSchema },
    },
    handler: ({ query }) => listFolders(gitRoots, query.path),
  });
  app.post('/api/v1/sources', {
    // Every place that can be added is a folder of this machine.
    config: { permission: 'sources.manage', instance: true },
    schema: {
      operationId: 'addSource',
      tags,
      summary: 'Add a repository, or all that a folder holds',
      description: 'Reading begins at once. What is there already is found again; if it was paused, it is resumed.',
      body: addSourceSchema,
      response: { 201: addSourceAnswerSchema },
    },
    handler: async (request, reply) => {
      const { workspaceId } = request.viewer;
      const asked = { workspaceId, wish: request.body, actor: auditActor(request) };
      const { ids, known } = await addPlace({ store, connectors, gitRoots, ...asked });
      for (const sourceId of ids) deps.readSoon({ workspaceId, sourceId });
      return reply.code(201).send({ sources: await showSources(store, workspaceId, ids), known });
    },
  });
}

function registerPausing(app: App, deps: ServerDeps): void {
  const { store } = deps;
  app.post('/api/v1/sources/:id/pause', {
    config: { permission: 'sources.manage', errors: ['not_found'] },
    schema: {
      operationId: 'pauseSource',
      tags,
      summary: 'Do not look at it until it is resumed',
      description: 'A reading that is under way ends within a moment; what was read stays.',
      params: idParamsSchema,
      response: { 200: sourceSchema },
    },
    handler: async (request) => {
      const { viewer, params } = request;
      await pauseSource(store, viewer.workspaceId, params.id, auditActor(request));
      return showOne(deps, viewer.workspaceId, params.id);
    },
  });
  app.post('/api/v1/sources/:id/resume', {
    config: { permission: 'sources.manage', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'resumeSource',
      tags,
      summary: 'Look at a paused source again, at once',
      params: idParamsSchema,
      response: { 200: sourceSchema },
    },
    handler: async (request) => {
      const { viewer, params } = request;
      const { workspaceId } = viewer;
      const { state } = await showOne(deps, workspaceId, params.id);
      if (state !== 'paused') throw new AppError('conflict', 'It is not paused; there is nothing to resume.');
      await resumeSource(store, workspaceId, params.id, auditActor(request));
      deps.readSoon({ workspaceId, sourceId: params.id });
      return showOne(deps, workspaceId, params.id);
    },
  });
}

function registerLooking(app: App, deps: ServerDeps): void {
  const { store } = deps;
  app.post('/api/v1/sources/:id/check', {
    config: { permission: 'sources.manage', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'checkSource',
      tags,
      summary: 'Look now for what is new',
      description:
        'Answers before the look is over; the source tells how it goes. Asked again within a minute, it is one look.',
      params: idParamsSchema,
      response: { 202: sourceSchema },
    },
    handler: async ({ viewer, params }, reply) => {
      const { workspaceId } = viewer;
      const { state } = await showOne(deps, workspaceId, params.id);
      if (state === 'paused') throw new AppError('conflict', 'It is paused: resume it, and it is looked at.');
      const isNew = await store.inWorkspace(workspaceId, (trx) => askForLook(trx, params.id));
      if (isNew) deps.readSoon({ workspaceId, sourceId: params.id });
      return reply.code(202).send(await showOne(deps, workspaceId, params.id));
    },
  });
  app.delete('/api/v1/sources/:id', {
    config: { permission: 'sources.manage', errors: ['not_found'] },
    schema: {
      operationId: 'removeSource',
      tags,
      summary: 'Forget a source; what was read from it stays',
      params: idParamsSchema,
      response: { 200: removeSourceAnswerSchema },
    },
    handler: async (request) => ({
      name: await removeSource(store, request.viewer.workspaceId, request.params.id, auditActor(request)),
      kept: 'Nothing new is read from it. What was read, and every number made of it, stays.',
    }),
  });
}

function registerErasing(app: App, deps: ServerDeps): void {
  app.post('/api/v1/sources/:id/erase', {
    config: { permission: 'sources.manage', errors: ['not_found'] },
    schema: {
      operationId: 'eraseSource',
      tags,
      summary: 'Forget a source and everything that was read from it',
      description:
        'The source goes at once; raw events, commits and numbers within minutes. What other sources have read as well stays.',
      params: idParamsSchema,
      body: eraseSourceSchema,
      response: { 202: removeSourceAnswerSchema },
    },
    handler: async (request, reply) => {
      const { viewer, params, body } = request;
      const order = { sourceId: params.id, name: body.name, actor: auditActor(request) };
      const name = await orderErasure(deps.store, viewer.workspaceId, order);
      return reply.code(202).send({ name, kept: 'Only what other sources have read as well stays.' });
    },
  });
}

async function showOne(deps: ServerDeps, workspaceId: string, id: string): Promise<SourceView> {
  const [source] = await showSources(deps.store, workspaceId, [id]);
  if (source === undefined) throw new AppError('not_found', 'There is no such source; it may have been removed.');
  return source;
}

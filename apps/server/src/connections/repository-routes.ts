import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import {
  includeOrganisationSchema,
  organisationListSchema,
  reachListSchema,
  reachQuerySchema,
  refreshedReachSchema,
  unwatchedSchema,
  unwatchSchema,
  watchedSchema,
  watchSchema,
} from '@devpulse/contract/wire/connections';
import { idParamsSchema } from '@devpulse/contract/wire/people';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { auditActor } from '../audit/record-audit.ts';
import type { App, ServerDeps, Viewer } from '../deps.ts';
import { type ConnectionRow, readConnection } from './connection-rows.ts';
import { githubPartsOf } from './github-parts.ts';
import { includeOrganisation } from './include-organisation.ts';
import { listOrganisations, listReached } from './list-reached.ts';
import { refreshReach } from './refresh-reach.ts';
import { answeringRefusals } from './refusals.ts';
import { unwatchRepositories, watchRepositories } from './watch-repositories.ts';

const tags = ['Connections'];
const stays = 'Nothing new is read from them. What was read, and every number made of it, stays.';

/** What a connection reaches, and what of it is read. */
export function registerRepositoryRoutes(app: App, deps: ServerDeps): void {
  registerListing(app, deps);
  registerWatching(app, deps);
  registerOrganisations(app, deps);
}

function registerListing(app: App, deps: ServerDeps): void {
  const parts = githubPartsOf(deps);
  app.post('/api/v1/connections/:id/repositories/refresh', {
    config: {
      permission: 'sources.manage',
      limit: 'costly',
      errors: ['not_found', 'source_busy', 'source_failed', 'conflict'],
    },
    schema: {
      operationId: 'refreshRepositories',
      tags,
      summary: 'Have GitHub list what a connection reaches',
      description: 'Renamed, transferred, archived and vanished repositories are recognised by their number.',
      params: idParamsSchema,
      response: { 200: refreshedReachSchema },
    },
    handler: async ({ viewer, params }) => {
      await demandReach(deps, viewer, params.id);
      return answeringRefusals(refreshReach(parts, viewer.workspaceId, params.id));
    },
  });
  app.get('/api/v1/connections/:id/repositories', {
    config: { permission: 'sources.manage', errors: ['not_found'] },
    schema: {
      operationId: 'listReachedRepositories',
      tags,
      summary: 'What a connection reaches, by name, as it was listed last',
      params: idParamsSchema,
      querystring: reachQuerySchema,
      response: { 200: reachListSchema },
    },
    handler: ({ viewer, params, query }) =>
      deps.store.inWorkspace(viewer.workspaceId, async (trx) =>
        listReached(trx, await readOwn(trx, viewer, params.id), query),
      ),
  });
}

function registerWatching(app: App, deps: ServerDeps): void {
  app.post('/api/v1/connections/:id/repositories/watch', {
    config: { permission: 'sources.manage', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'watchRepositories',
      tags,
      summary: 'Have repositories read from now on',
      description: 'Reading begins at once. What is watched already is left as it is.',
      params: idParamsSchema,
      body: watchSchema,
      response: { 201: watchedSchema },
    },
    handler: async (request, reply) => {
      const { viewer, params, body } = request;
      const { workspaceId } = viewer;
      const watched = await deps.store.inWorkspace(workspaceId, async (trx) => {
        await readOwn(trx, viewer, params.id);
        return watchRepositories(trx, { workspaceId, connectionId: params.id, ...body, actor: auditActor(request) });
      });
      for (const sourceId of watched.sourceIds) deps.readSoon({ workspaceId, sourceId });
      return reply.code(201).send(watched);
    },
  });
  app.post('/api/v1/connections/:id/repositories/unwatch', {
    config: { permission: 'sources.manage', errors: ['not_found'] },
    schema: {
      operationId: 'unwatchRepositories',
      tags,
      summary: 'Read these repositories no longer; what was read stays',
      params: idParamsSchema,
      body: unwatchSchema,
      response: { 200: unwatchedSchema },
    },
    handler: async (request) => {
      const { viewer, params, body } = request;
      const { workspaceId } = viewer;
      const asked = { workspaceId, connectionId: params.id, numbers: body.numbers, actor: auditActor(request) };
      const unwatched = await deps.store.inWorkspace(workspaceId, (trx) => unwatchRepositories(trx, asked));
      return { unwatched, kept: stays };
    },
  });
}

function registerOrganisations(app: App, deps: ServerDeps): void {
  app.get('/api/v1/connections/:id/organisations', {
    config: { permission: 'sources.manage', errors: ['not_found'] },
    schema: {
      operationId: 'listOrganisations',
      tags,
      summary: 'The organisations that a connection reaches, and which of them are switched on',
      params: idParamsSchema,
      querystring: z.strictObject({}),
      response: { 200: organisationListSchema },
    },
    handler: ({ viewer, params }) =>
      deps.store.inWorkspace(viewer.workspaceId, async (trx) => ({
        organisations: await listOrganisations(trx, await readOwn(trx, viewer, params.id)),
      })),
  });
  app.put('/api/v1/connections/:id/organisations/:number', {
    config: { permission: 'sources.manage', errors: ['not_found'] },
    schema: {
      operationId: 'includeOrganisation',
      tags,
      summary: 'Switch an organisation on or off',
      description: 'Off: none of its repositories is read. What was read stays.',
      params: idParamsSchema.extend({ number: z.string().min(1).max(40) }),
      body: includeOrganisationSchema,
      response: { 200: organisationListSchema },
    },
    handler: async (request) => {
      const { viewer, params, body } = request;
      const { workspaceId } = viewer;
      const asked = {
        workspaceId,
        connectionId: params.id,
        number: params.number,
        ...body,
        actor: auditActor(request),
      };
      const { resumed, organisations } = await deps.store.inWorkspace(workspaceId, async (trx) => {
        const row = await readOwn(trx, viewer, params.id);
        return { resumed: await includeOrganisation(trx, asked), organisations: await listOrganisations(trx, row) };
      });
      for (const sourceId of resumed) deps.readSoon({ workspaceId, sourceId });
      return { organisations };
    },
  });
}

/**
 * What somebody's own grant reaches is shown to them alone: it names private repositories that have nothing to do with the
 * workspace. What the App reaches was given to the workspace.
 */
async function readOwn(trx: WorkspaceTransaction, viewer: Viewer, id: string): Promise<ConnectionRow> {
  const row = await readConnection(trx, id);
  if (row.kind === 'app' || row.person_id === viewer.personId) return row;
  throw new AppError('not_found', 'What this connection reaches is shown to whoever connected it.');
}

async function demandReach(deps: ServerDeps, viewer: Viewer, id: string): Promise<void> {
  await deps.store.inWorkspace(viewer.workspaceId, (trx) => readOwn(trx, viewer, id));
}

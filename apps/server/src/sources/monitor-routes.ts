import { z } from 'zod';
import { changeMonitorSchema, planSourceSchema, sourceSchema } from '@devpulse/contract/wire/sources';
import type { App, ServerDeps } from '../deps.ts';
import { auditActor } from '../audit/record-audit.ts';
import { githubPartsOf } from '../connections/github-parts.ts';
import { changeMonitor } from './change-monitor.ts';
import { showSource } from './list-sources.ts';
import { planSource } from './plan-source.ts';

const tags = ['Sources'];
const idParamsSchema = z.strictObject({ id: z.uuid() });

/** How often a source is looked at, how far back, and what that takes. */
export function registerMonitors(app: App, deps: ServerDeps): void {
  const { store } = deps;
  app.patch('/api/v1/sources/:id/monitor', {
    config: { permission: 'sources.manage', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'changeMonitor',
      tags,
      summary: 'Choose how often a source is looked at, and how much of it is read',
      params: idParamsSchema,
      body: changeMonitorSchema,
      response: { 200: sourceSchema },
    },
    handler: async (request) => {
      const { viewer, params, body } = request;
      const { workspaceId } = viewer;
      await changeMonitor(store, workspaceId, { sourceId: params.id, wish: body, actor: auditActor(request) });
      if (body.history !== undefined || body.branches !== undefined)
        deps.readSoon({ workspaceId, sourceId: params.id });
      return showSource(store, workspaceId, params.id);
    },
  });
  app.post('/api/v1/sources/:id/plan', {
    config: { permission: 'sources.manage', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'planSource',
      tags,
      summary: 'Count what reading the past of a source takes, before it begins',
      description: 'Asks the source two questions. Asked again within a minute, it answers what it counted.',
      params: idParamsSchema,
      body: planSourceSchema,
      response: { 200: sourceSchema },
    },
    handler: async ({ viewer, params, body }) => {
      const { workspaceId } = viewer;
      const asked = { workspaceId, sourceId: params.id, ...body };
      await planSource({ parts: githubPartsOf(deps), connectors: deps.connectors }, asked);
      return showSource(store, workspaceId, params.id);
    },
  });
}

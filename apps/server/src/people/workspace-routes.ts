import { updateWorkspaceSchema, workspaceSchema } from '@devpulse/contract/wire/people';
import { AppError } from '@devpulse/contract/errors';
import { auditActor } from '../audit/record-audit.ts';
import type { App, ServerDeps } from '../deps.ts';
import { publishChange } from '../live/announce-change.ts';
import { readWorkspace, updateWorkspace } from './update-workspace.ts';

const tags = ['People'];

/** The settings of the workspace that the token belongs to. */
export function registerWorkspaceRoutes(app: App, deps: ServerDeps): void {
  app.get('/api/v1/workspace', {
    config: { permission: 'workspace.read' },
    schema: {
      operationId: 'showWorkspace',
      tags,
      summary: 'Settings of the workspace',
      response: { 200: workspaceSchema },
    },
    handler: async (request) => readWorkspace({ store: deps.store, workspaceId: request.viewer.workspaceId }),
  });
  app.patch('/api/v1/workspace', {
    config: { permission: 'workspace.change', errors: ['conflict'] },
    schema: {
      operationId: 'updateWorkspace',
      tags,
      summary: 'Change name, address, time zone, first day of the week or retention',
      description:
        'Another time zone cuts anew all days of the workspace, and of people without a zone of their own. A former address ' +
        'goes on leading here. Who sees private repositories is for owners to decide.',
      body: updateWorkspaceSchema,
      response: { 200: workspaceSchema },
    },
    handler: async (request) => {
      const { viewer, body } = request;
      // Whoever runs the workspace for its owner cannot show themselves what GitHub keeps from them.
      if (body.privateRepositories !== undefined && viewer.role !== 'owner')
        throw new AppError('forbidden', 'Who sees private repositories is for owners of the workspace to decide.');
      const updated = await updateWorkspace(
        { store: deps.store, workspaceId: viewer.workspaceId, actor: auditActor(request) },
        body,
      );
      if (body.privateRepositories !== undefined)
        await publishChange(deps.store, viewer.workspaceId, { metrics: ['*'], sources: true });
      return updated;
    },
  });
}

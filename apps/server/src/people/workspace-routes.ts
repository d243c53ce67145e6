import { updateWorkspaceSchema, workspaceSchema } from '@devpulse/contract/wire/people';
import { auditActor } from '../audit/record-audit.ts';
import type { App, ServerDeps } from '../deps.ts';
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
        'goes on leading here.',
      body: updateWorkspaceSchema,
      response: { 200: workspaceSchema },
    },
    handler: async (request) =>
      updateWorkspace(
        { store: deps.store, workspaceId: request.viewer.workspaceId, actor: auditActor(request) },
        request.body,
      ),
  });
}

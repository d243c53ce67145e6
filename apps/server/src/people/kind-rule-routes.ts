import {
  idParamsSchema,
  kindRuleChangeSchema,
  kindRuleListSchema,
  kindRuleOutcomeSchema,
  kindRulePreviewSchema,
  newKindRuleSchema,
  switchKindRuleSchema,
} from '@devpulse/contract/wire/people';
import type { App, ServerDeps } from '../deps.ts';
import { changeKindRules, previewKindRules } from './change-kind-rules.ts';
import { listKindRules } from './list-kind-rules.ts';

const tags = ['People'];

/** The one table of rules that tells automation and agents from people. */
export function registerKindRuleRoutes(app: App, deps: ServerDeps): void {
  const { store } = deps;
  app.get('/api/v1/kind-rules', {
    config: { permission: 'people.read' },
    schema: {
      operationId: 'listKindRules',
      tags,
      summary: 'All rules, in the order in which they are asked',
      response: { 200: kindRuleListSchema },
    },
    handler: async (request) => ({ rules: await listKindRules({ store, workspaceId: request.viewer.workspaceId }) }),
  });
  app.post('/api/v1/kind-rules', {
    config: { permission: 'people.identify', errors: ['conflict'] },
    schema: {
      operationId: 'addKindRule',
      tags,
      summary: 'Add a rule; everybody is classified anew',
      body: newKindRuleSchema,
      response: { 201: kindRuleOutcomeSchema },
    },
    handler: async ({ viewer, body }, reply) =>
      reply
        .code(201)
        .send(await changeKindRules({ store, workspaceId: viewer.workspaceId, change: { change: 'add', rule: body } })),
  });
  app.post('/api/v1/kind-rules/preview', {
    config: { permission: 'people.identify', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'previewKindRuleChange',
      tags,
      summary: 'Whom a change of the rules would make something else; changes nothing',
      body: kindRuleChangeSchema,
      response: { 200: kindRulePreviewSchema },
    },
    handler: async ({ viewer, body }) => previewKindRules({ store, workspaceId: viewer.workspaceId, change: body }),
  });
  app.patch('/api/v1/kind-rules/:id', {
    config: { permission: 'people.identify', errors: ['not_found'] },
    schema: {
      operationId: 'switchKindRule',
      tags,
      summary: 'Switch a rule on or off',
      params: idParamsSchema,
      body: switchKindRuleSchema,
      response: { 200: kindRuleOutcomeSchema },
    },
    handler: async ({ viewer, params, body }) =>
      changeKindRules({
        store,
        workspaceId: viewer.workspaceId,
        change: { change: body.enabled ? 'enable' : 'disable', id: params.id },
      }),
  });
  app.delete('/api/v1/kind-rules/:id', {
    config: { permission: 'people.identify', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'removeKindRule',
      tags,
      summary: 'Remove a rule of your own',
      params: idParamsSchema,
      response: { 200: kindRuleOutcomeSchema },
    },
    handler: async ({ viewer, params }) =>
      changeKindRules({ store, workspaceId: viewer.workspaceId, change: { change: 'remove', id: params.id } }),
  });
}

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  changeRoleSchema,
  memberListQuerySchema,
  memberListSchema,
  memberParamsSchema,
} from '@devpulse/contract/wire/members';
import type { App, ServerDeps } from '../deps.ts';
import { actingAs } from './acting-as.ts';
import { changeRole } from './change-role.ts';
import { deactivateMember, leaveWorkspace, type OnMember, reactivateMember } from './end-membership.ts';
import { listMembers } from './list-members.ts';
import { registerInvitationAnswers } from './invitation-answer-routes.ts';
import { registerInvitationRoutes } from './invitation-routes.ts';

const tags = ['Members'];
const errors = ['not_found', 'conflict'] as const;

/** Who is a member of the workspace and as what, and how one becomes one. */
export function registerMemberRoutes(app: App, deps: ServerDeps): void {
  registerMembers(app, deps);
  registerEnds(app, deps);
  registerInvitationRoutes(app, deps);
  registerInvitationAnswers(app, deps);
}

function registerMembers(app: App, { store }: ServerDeps): void {
  app.get('/api/v1/members', {
    config: { permission: 'people.read' },
    schema: {
      operationId: 'listMembers',
      tags,
      summary: 'Members of the workspace, alphabetically, with their roles',
      description: 'Also those who are not active any more: what they did is still there.',
      querystring: memberListQuerySchema,
      response: { 200: memberListSchema },
    },
    handler: (request) => listMembers({ store, workspaceId: request.viewer.workspaceId, ...request.query }),
  });
  app.patch('/api/v1/members/:id', {
    config: { permission: 'members.manage', errors },
    schema: {
      operationId: 'changeRole',
      tags,
      summary: 'Give a member another role',
      description:
        'It counts from their next request. Only owners make owners or change what one is, and one owner stays. ' +
        'What somebody had offered and may not offer any more is taken back.',
      params: memberParamsSchema,
      body: changeRoleSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      await changeRole({ ...onMember(request, request.params.id), store, role: request.body.role });
      return reply.code(204).send(null);
    },
  });
}

function registerEnds(app: App, { store }: ServerDeps): void {
  app.post('/api/v1/members/:id/deactivate', {
    config: { permission: 'members.manage', errors },
    schema: {
      operationId: 'deactivateMember',
      tags,
      summary: 'End a membership; what was done stays',
      description: 'Sessions, devices and tokens of theirs are refused here from the next request.',
      params: memberParamsSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      await deactivateMember({ ...onMember(request, request.params.id), store });
      return reply.code(204).send(null);
    },
  });
  app.post('/api/v1/members/:id/reactivate', {
    config: { permission: 'members.manage', errors },
    schema: {
      operationId: 'reactivateMember',
      tags,
      summary: 'Let a deactivated member back in, with the role they had',
      description: 'Whoever left by themselves is invited again instead.',
      params: memberParamsSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      await reactivateMember({ ...onMember(request, request.params.id), store });
      return reply.code(204).send(null);
    },
  });
  app.post('/api/v1/workspace/leave', {
    config: { permission: 'account.manage', errors: ['conflict'] },
    schema: {
      operationId: 'leaveWorkspace',
      tags,
      summary: 'Leave the workspace',
      description: 'The last owner cannot; whoever wants to come back is invited again.',
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      await leaveWorkspace({ store, workspaceId: request.viewer.workspaceId, as: actingAs(request) });
      return reply.code(204).send(null);
    },
  });
}

function onMember(request: FastifyRequest, personId: string): Omit<OnMember, 'store'> {
  return { workspaceId: request.viewer.workspaceId, personId, as: actingAs(request) };
}

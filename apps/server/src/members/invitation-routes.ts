import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { z } from 'zod';
import {
  invitationListSchema,
  invitationParamsSchema,
  newInvitationSchema,
  sentInvitationSchema,
} from '@devpulse/contract/wire/members';
import { countMail } from '../accounts/limit-attempts.ts';
import { ownOrigin } from '../accounts/own-origin.ts';
import { accountOf } from '../accounts/prove-password.ts';
import type { App, ServerDeps } from '../deps.ts';
import { actingAs } from './acting-as.ts';
import { selectInvitations, toInvitationView } from './invitation-rows.ts';
import { renewInvitation, revokeInvitation, type SendInvitation, sendInvitation } from './send-invitation.ts';

const tags = ['Members'];
const shownMost = 200;

/** Inviting people, and taking it back. */
export function registerInvitationRoutes(app: App, deps: ServerDeps): void {
  const { store } = deps;
  // Without a configured address a mailed link would lead wherever the inviter's request claimed to have come.
  const mailer = deps.publicUrl === null ? null : deps.mailer;
  const inviteOf = async (request: FastifyRequest, isMailed = true): Promise<SendInvitation> => ({
    store,
    workspaceId: request.viewer.workspaceId,
    as: actingAs(request),
    // Whoever had too many mailed gets the link instead, as where nothing can be mailed.
    mailer: isMailed && mailer !== null && (await countMail(store, accountOf(request))) ? mailer : null,
    address: ownOrigin(request, deps),
  });
  app.get('/api/v1/invitations', {
    config: { permission: 'members.manage' },
    schema: {
      operationId: 'listInvitations',
      tags,
      summary: 'Invitations to the workspace, and what became of them',
      response: { 200: invitationListSchema },
    },
    handler: async (request) => {
      const rows = await store.inWorkspace(request.viewer.workspaceId, (trx) =>
        selectInvitations(trx, sql`true`, shownMost),
      );
      return { invitations: rows.map(toInvitationView), mail: mailer !== null };
    },
  });
  app.post('/api/v1/invitations', {
    config: { permission: 'members.manage', errors: ['conflict'] },
    schema: {
      operationId: 'sendInvitation',
      tags,
      summary: 'Invite somebody',
      description:
        'Nobody becomes a member before they accept. An invitation counts once and for seven days. One by address or GitHub ' +
        'login is only accepted by an account that proves to be that; `link` by whoever holds it. It is mailed where an ' +
        'address is given and this instance can send mail; otherwise, and after 200 mails in a day, the answer has the link, this once.',
      body: newInvitationSchema,
      response: { 201: sentInvitationSchema },
    },
    handler: async (request, reply) =>
      reply.code(201).send(await sendInvitation(await inviteOf(request, request.body.kind === 'email'), request.body)),
  });
  app.post('/api/v1/invitations/:id/renew', {
    config: { permission: 'members.manage', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'renewInvitation',
      tags,
      summary: 'Send it again with a new link, for another seven days',
      description: 'The link before it opens nothing any more.',
      params: invitationParamsSchema,
      response: { 200: sentInvitationSchema },
    },
    handler: async (request) => renewInvitation(await inviteOf(request), request.params.id),
  });
  app.delete('/api/v1/invitations/:id', {
    config: { permission: 'members.manage', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'revokeInvitation',
      tags,
      summary: 'Take an invitation back',
      params: invitationParamsSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      await revokeInvitation(await inviteOf(request, false), request.params.id);
      return reply.code(204).send(null);
    },
  });
}

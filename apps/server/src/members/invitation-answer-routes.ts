import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import {
  acceptInvitationSchema,
  invitationSecretSchema,
  joinedSchema,
  shownInvitationSchema,
  signUpSchema,
} from '@devpulse/contract/wire/members';
import { sessionSchema } from '@devpulse/contract/wire/session';
import { enter } from '../accounts/enter.ts';
import { refuseForeignPage } from '../accounts/prove-same-origin.ts';
import { auditActor } from '../audit/record-audit.ts';
import { sayWait } from '../accounts/sign-in-parts.ts';
import type { App, ServerDeps } from '../deps.ts';
import { checkZone } from '../people/check-zone.ts';
import { readFounder } from '../workspaces/read-founder.ts';
import { acceptInvitation, declineInvitation } from './answer-invitation.ts';
import { showInvitation } from './look-at-invitation.ts';
import { signUpByInvitation } from './sign-up-by-invitation.ts';

const tags = ['Members'];

/** What the holder of a link can do with it. The secret is sent in a body, which no log and no `Referer` holds. */
export function registerInvitationAnswers(app: App, deps: ServerDeps): void {
  const { store, now } = deps;
  app.post('/api/v1/invitations/look', {
    config: { permission: 'public', limit: 'doors', errors: ['not_found', 'forbidden', 'store_unavailable'] },
    schema: {
      operationId: 'lookAtInvitation',
      tags,
      summary: 'What an invitation offers, for whoever holds its link',
      body: invitationSecretSchema,
      response: { 200: shownInvitationSchema },
    },
    handler: async (request) => {
      refuseForeignPage(request);
      return showInvitation(store, request.body.secret);
    },
  });
  app.post('/api/v1/invitations/decline', {
    config: {
      permission: 'public',
      limit: 'doors',
      errors: ['not_found', 'conflict', 'forbidden', 'store_unavailable'],
    },
    schema: {
      operationId: 'declineInvitation',
      tags,
      summary: 'Turn an invitation down',
      description: 'Needs no account: whoever holds the link is who was asked.',
      body: invitationSecretSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      refuseForeignPage(request);
      await declineInvitation({ store, secret: request.body.secret, actor: auditActor(request) });
      return reply.code(204).send(null);
    },
  });
  app.post('/api/v1/invitations/accept', {
    config: { permission: 'account.manage', limit: 'doors', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'acceptInvitation',
      tags,
      summary: 'Become a member, as who is signed in',
      description:
        'The session acts in that workspace from then on. An invitation by address or GitHub login is refused to any other ' +
        'account, and is not used up by that.',
      body: acceptInvitationSchema,
      response: { 200: joinedSchema },
    },
    handler: async (request) => {
      const { accountId, via } = request.viewer;
      if (accountId === null) throw new AppError('forbidden', 'Only a person who signed in can accept.');
      const known = await readFounder(store, request.viewer);
      const { secret } = request.body;
      const zone = request.body.zone === undefined ? null : await checkZone(store, request.body.zone);
      const { workspaceId, personId } = await acceptInvitation({
        store,
        secret,
        guest: async () => ({ accountId, name: known.name, zone: known.zone ?? zone }),
        actor: auditActor(request),
        now: now(),
      });
      if (via === 'session') await sql`select move_session(${request.proof.hash}, ${workspaceId})`.execute(store.app);
      return { workspaceId, personId };
    },
  });
  registerSignUp(app, deps);
}

function registerSignUp(app: App, deps: ServerDeps): void {
  app.post('/api/v1/invitations/sign-up', {
    config: {
      permission: 'public',
      limit: 'doors',
      errors: ['not_found', 'conflict', 'forbidden', 'too_many_requests', 'store_unavailable'],
    },
    schema: {
      operationId: 'signUpByInvitation',
      tags,
      summary: 'Make an account through an invitation, and accept it',
      description:
        'Both or neither. An address that has an account already is refused: it signs in and accepts. The session is a ' +
        'cookie that no script can read, and acts in the workspace of the invitation.',
      body: signUpSchema,
      response: { 201: sessionSchema },
    },
    handler: async (request, reply) => {
      refuseForeignPage(request);
      const agent = request.headers['user-agent'] ?? '';
      const wish = { store: deps.store, address: request.ip, agent, actor: auditActor(request), now: deps.now() };
      const token = await signUpByInvitation(wish, request.body).catch(sayWait(reply));
      return reply.code(201).send(await enter(deps, token, 'invitation', { request, reply }));
    },
  });
}

import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { endOthersSchema, renameSchema, sessionListSchema } from '@devpulse/contract/wire/devices';
import { idParamsSchema } from '@devpulse/contract/wire/people';
import { auditActor, recordAudit } from '../audit/record-audit.ts';
import type { App, ServerDeps } from '../deps.ts';
import { listSessions } from './list-sessions.ts';

const tags = ['Sessions and devices'];

/** The sessions of an account: which there are, what they are called, and their end. */
export function registerSessionRoutes(app: App, deps: ServerDeps): void {
  const { store } = deps;
  app.get('/api/v1/me/sessions', {
    config: { permission: 'account.manage' },
    schema: {
      operationId: 'listSessions',
      tags,
      summary: 'Where one is signed in with a browser',
      response: { 200: sessionListSchema },
    },
    handler: async (request) => ({ sessions: await listSessions(store, request.proof.hash) }),
  });
  app.patch('/api/v1/me/sessions/:id', {
    config: { permission: 'account.manage', errors: ['not_found'] },
    schema: {
      operationId: 'renameSession',
      tags,
      summary: 'Call a session something',
      params: idParamsSchema,
      body: renameSchema,
      response: { 200: sessionListSchema },
    },
    handler: async (request) => {
      const { rows } = await sql<{ done: boolean }>`
        select rename_session(${request.proof.hash}, ${request.params.id}, ${request.body.name}) as done
      `.execute(store.app);
      if (rows[0]?.done !== true) throw noSuchSession();
      return { sessions: await listSessions(store, request.proof.hash) };
    },
  });
  registerEnds(app, deps);
}

function registerEnds(app: App, { store }: ServerDeps): void {
  app.delete('/api/v1/me/sessions/:id', {
    config: { permission: 'account.manage', errors: ['not_found'] },
    schema: {
      operationId: 'endSession',
      tags,
      summary: 'Sign out elsewhere',
      description: 'Its next request is refused, and its live channel ends within five seconds.',
      params: idParamsSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      const { viewer, proof, params } = request;
      await store.inWorkspace(viewer.workspaceId, async (trx) => {
        const { rows } = await sql<{ done: boolean }>`
          select end_session_by_id(${proof.hash}, ${params.id}) as done`.execute(trx);
        if (rows[0]?.done !== true) throw noSuchSession();
        await recordAudit(trx, {
          actor: auditActor(request),
          action: 'session.ended',
          target: { kind: 'session', id: params.id },
        });
      });
      return reply.code(204).send(null);
    },
  });
  app.post('/api/v1/me/sessions/end-others', {
    config: { permission: 'account.manage' },
    schema: {
      operationId: 'endOtherSignIns',
      tags,
      summary: 'Sign out everywhere else',
      description:
        'Ends every other session and every paired device. API tokens are another matter: they stay until they are revoked.',
      response: { 200: endOthersSchema },
    },
    handler: async (request) => {
      const { viewer, proof } = request;
      return store.inWorkspace(viewer.workspaceId, async (trx) => {
        const { rows } = await sql<{ sessions: number; devices: number }>`
          select * from end_other_sign_ins(${proof.hash})`.execute(trx);
        const ended = rows[0] ?? { sessions: 0, devices: 0 };
        await recordAudit(trx, { actor: auditActor(request), action: 'session.others_ended', after: ended });
        return ended;
      });
    },
  });
}

function noSuchSession(): AppError {
  return new AppError('not_found', 'You have no such session; it may have ended by now.');
}

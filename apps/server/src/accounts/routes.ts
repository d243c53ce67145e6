import type { FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import {
  type SessionView,
  sessionSchema,
  setupSchema,
  signInSchema,
  switchWorkspaceSchema,
} from '@devpulse/contract/wire/session';
import type { Store } from '@devpulse/db/open-store';
import type { App, ServerDeps } from '../deps.ts';
import { proveSameOrigin, refuseForeignPage } from './prove-same-origin.ts';
import { readSessionView } from './read-session-view.ts';
import { hashSecret } from './secret-format.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from './session-cookie.ts';
import { setUpOwner } from './set-up-owner.ts';
import { signIn, TooManyAttempts } from './sign-in.ts';

const tags = ['Session'];
const cookieNote = 'The session is a cookie that no script can read.';

/** Making the instance somebody's, signing in and out: what the browser does before it has a session. */
export function registerAccountRoutes(app: App, deps: ServerDeps): void {
  const { store } = deps;
  app.get('/api/v1/session', {
    config: { permission: 'public', errors: ['store_unavailable'] },
    schema: {
      operationId: 'showSession',
      tags,
      summary: 'Who is signed in here, and where they may act',
      response: { 200: sessionSchema },
    },
    handler: async (request) => readSessionView(store, readSessionCookie(request)),
  });
  app.post('/api/v1/setup', {
    config: { permission: 'public', errors: ['forbidden', 'store_unavailable'] },
    schema: {
      operationId: 'setUp',
      tags,
      summary: 'Become the owner, by the one-time link',
      description: `Works once. Where somebody is the owner already, it sets the password anew and ends all sessions. ${cookieNote}`,
      body: setupSchema,
      response: { 201: sessionSchema },
    },
    handler: async (request, reply) => {
      refuseForeignPage(request);
      const secret = await setUpOwner({ store, setup: request.body, agent: agentOf(request) });
      deps.log.info('somebody became the owner by the one-time link');
      return reply.code(201).send(await welcome(store, secret, { request, reply }));
    },
  });
  registerSignIn(app, deps);
  app.post('/api/v1/session/workspace', {
    config: { permission: 'account.manage', errors: ['not_found'] },
    schema: {
      operationId: 'switchWorkspace',
      tags,
      summary: 'Act in another workspace from now on',
      body: switchWorkspaceSchema,
      response: { 200: sessionSchema },
    },
    handler: async (request) => {
      const secret = readSessionCookie(request);
      if (request.viewer.via !== 'session' || secret === null)
        throw new AppError('forbidden', 'A token belongs to one workspace; only a session can move.');
      const { rows } = await sql<{ moved: boolean }>`
        select move_session(${hashSecret('session', secret)}, ${request.body.workspaceId}) as moved`.execute(store.app);
      if (rows[0]?.moved !== true) throw new AppError('not_found', 'You have no such workspace.');
      return readSessionView(store, secret);
    },
  });
}

function registerSignIn(app: App, { store }: ServerDeps): void {
  app.post('/api/v1/session', {
    config: {
      permission: 'public',
      errors: ['unauthenticated', 'forbidden', 'too_many_requests', 'store_unavailable'],
    },
    schema: {
      operationId: 'signIn',
      tags,
      summary: 'Sign in with the password of the owner',
      description: `At most 10 attempts in 15 minutes from one address, and 100 from all together. ${cookieNote}`,
      body: signInSchema,
      response: { 201: sessionSchema },
    },
    handler: async (request, reply) => {
      refuseForeignPage(request);
      const wish = { store, password: request.body.password, address: request.ip, agent: agentOf(request) };
      const secret = await signIn(wish).catch((error: unknown) => {
        if (error instanceof TooManyAttempts) void reply.header('retry-after', String(error.waitSeconds));
        throw error;
      });
      return reply.code(201).send(await welcome(store, secret, { request, reply }));
    },
  });
  app.delete('/api/v1/session', {
    config: { permission: 'public', errors: ['forbidden', 'store_unavailable'] },
    schema: {
      operationId: 'signOut',
      tags,
      summary: 'Sign out',
      description: 'Ends the session for good, also for whoever may have copied the cookie.',
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      refuseForeignPage(request);
      const secret = readSessionCookie(request);
      if (secret !== null) {
        proveSameOrigin(request);
        await sql`select end_session(${hashSecret('session', secret)})`.execute(store.app);
      }
      clearSessionCookie(request, reply);
      return reply.code(204).send(null);
    },
  });
}

/** Gives the browser its session; one that it brought along ends, so that there is never one too many. */
async function welcome(
  store: Store,
  secret: string,
  exchange: { request: FastifyRequest; reply: FastifyReply },
): Promise<SessionView> {
  const { request, reply } = exchange;
  const former = readSessionCookie(request);
  if (former !== null) await sql`select end_session(${hashSecret('session', former)})`.execute(store.app);
  setSessionCookie(request, reply, secret);
  return readSessionView(store, secret);
}

function agentOf(request: FastifyRequest): string {
  return request.headers['user-agent'] ?? '';
}

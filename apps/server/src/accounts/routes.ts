import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { sessionSchema, setupSchema, switchWorkspaceSchema } from '@devpulse/contract/wire/session';
import type { App, ServerDeps } from '../deps.ts';
import { auditActor, recordAccountAudit } from '../audit/record-audit.ts';
import { registerDoorRoutes } from './door-routes.ts';
import { enter } from './enter.ts';
import { registerGithubRoutes } from './github-routes.ts';
import { registerMailRoutes } from './mail-routes.ts';
import { registerPasskeyRoutes } from './passkey-routes.ts';
import { proveSameOrigin, refuseForeignPage } from './prove-same-origin.ts';
import { readSessionView } from './read-session-view.ts';
import { hashSecret } from './secret-format.ts';
import { mailConfirmation } from './mail-confirmation.ts';
import { registerSecurityRoutes } from './security-routes.ts';
import { clearSessionCookie, readSessionCookie } from './session-cookie.ts';
import { setUpOwner } from './set-up-owner.ts';
import { openSignInParts, type SignInParts } from './sign-in-parts.ts';
import { registerTwoFactorRoutes } from './two-factor-routes.ts';

const tags = ['Session'];
const cookieNote = 'The session is a cookie that no script can read.';

/** Making the instance somebody's, signing in and out, and the means of it. */
export function registerAccountRoutes(app: App, deps: ServerDeps): void {
  const parts = openSignInParts(app, deps);
  registerSession(app, deps);
  registerSetup(app, parts);
  registerDoorRoutes(app, parts);
  registerGithubRoutes(app, parts);
  registerMailRoutes(app, parts);
  registerSecurityRoutes(app, parts);
  registerTwoFactorRoutes(app, parts);
  registerPasskeyRoutes(app, parts);
}

function registerSession(app: App, deps: ServerDeps): void {
  const { store } = deps;
  app.get('/api/v1/session', {
    config: { permission: 'public', errors: ['store_unavailable'] },
    schema: {
      operationId: 'showSession',
      tags,
      summary: 'Who is signed in here, and where they may act',
      response: { 200: sessionSchema },
    },
    handler: async (request) => readSessionView(deps, readSessionCookie(request)),
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
        const view = await readSessionView(deps, secret);
        await sql`select end_session(${hashSecret('session', secret)})`.execute(store.app);
        if (view.account !== null)
          await recordAccountAudit(store, view.account.id, {
            actor: { ...auditActor(request), accountId: view.account.id },
            action: 'account.signed_out',
          });
      }
      clearSessionCookie(request, reply);
      return reply.code(204).send(null);
    },
  });
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
      return readSessionView(deps, secret);
    },
  });
}

function registerSetup(app: App, parts: SignInParts): void {
  const { deps } = parts;
  app.post('/api/v1/setup', {
    config: { permission: 'public', limit: 'doors', errors: ['forbidden', 'conflict', 'store_unavailable'] },
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
      const agent = request.headers['user-agent'] ?? '';
      const secret = await setUpOwner({ store: deps.store, setup: request.body, agent });
      deps.log.info('somebody became the owner by the one-time link');
      const view = await enter(deps, secret, 'one-time link', { request, reply });
      if (view.account !== null)
        await recordAccountAudit(deps.store, view.account.id, {
          actor: { ...auditActor(request), accountId: view.account.id },
          action: 'account.set_up',
        });
      const email = view.account?.email ?? null;
      if (deps.mailer !== null && email !== null && request.body.email !== undefined)
        parts.later(() => mailConfirmation(parts, request, email));
      return reply.code(201).send(view);
    },
  });
}

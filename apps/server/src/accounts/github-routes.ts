import type { FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { byIdSchema, connectGithubSchema, elsewhereSchema, startGithubSchema } from '@devpulse/contract/wire/sign-in';
import type { App } from '../deps.ts';
import { auditActor, recordAccountAudit } from '../audit/record-audit.ts';
import { checkZone } from '../people/check-zone.ts';
import { carryCookies, headersFor, sessionTokenIn } from './better-auth/carry-cookies.ts';
import { libraryPath } from './better-auth/library-options.ts';
import { asking } from './better-auth/translate-error.ts';
import { enter } from './enter.ts';
import { mayJoin } from './may-join.ts';
import { ownOrigin } from './own-origin.ts';
import { refuseForeignPage } from './prove-same-origin.ts';
import { readSignInMeans } from './read-sign-in-means.ts';
import { accountOf, demandFreshSession } from './prove-password.ts';
import { readSessionCookie } from './session-cookie.ts';
import { onBehalfOf } from './sign-in-events.ts';
import type { SignInParts } from './sign-in-parts.ts';

const doorPath = '/';
const joinPath = '/join';
const securityPath = '/settings/security';

/** Signing in with GitHub, and connecting it to an account that is there. */
export function registerGithubRoutes(app: App, parts: SignInParts): void {
  registerGithubDoor(app, parts);
  registerConnections(app, parts);
}

function registerGithubDoor(app: App, parts: SignInParts): void {
  const { deps } = parts;
  app.post('/api/v1/session/github', {
    config: { permission: 'public', limit: 'doors', errors: ['forbidden', 'not_configured', 'store_unavailable'] },
    schema: {
      operationId: 'startGithub',
      tags: ['Session'],
      summary: 'Begin signing in with GitHub',
      description: 'With state and PKCE; asks GitHub for the confirmed addresses and nothing else.',
      body: startGithubSchema,
      response: { 200: elsewhereSchema },
    },
    handler: async (request, reply) => {
      refuseForeignPage(request);
      demandGithub(parts);
      const { invitation } = request.body;
      const zone = request.body.zone === undefined ? null : await checkZone(deps.store, request.body.zone);
      if (invitation !== undefined && !(await mayJoin(deps.store, invitation)))
        throw new AppError('forbidden', 'This invitation counts no more. Ask for a new one.');
      const origin = ownOrigin(request, deps);
      const library = await parts.library.for(request);
      const { headers, response } = await asking(
        library.signInSocial({
          body: {
            provider: 'github',
            // Back to where the invitation is accepted; what stands behind the # no server on the way sees.
            callbackURL: `${origin}${invitation === undefined ? doorPath : `${joinPath}#${invitation}`}`,
            errorCallbackURL: `${origin}${doorPath}`,
            disableRedirect: true,
            ...(invitation === undefined
              ? {}
              : { requestSignUp: true, additionalData: { invitation, ...(zone === null ? {} : { zone }) } }),
          },
          headers: headersFor(request, null),
          returnHeaders: true,
        }),
      );
      carryCookies(request, reply, headers);
      return { url: response.url };
    },
  });
  app.get(`${libraryPath}/callback/github`, {
    config: { permission: 'public', limit: 'doors', errors: ['not_configured', 'store_unavailable'] },
    schema: {
      operationId: 'returnFromGithub',
      tags: ['Session'],
      summary: 'Where GitHub sends the browser back to',
      querystring: z.object({
        code: z.string().max(500).optional(),
        state: z.string().max(500).optional(),
        error: z.string().max(100).optional(),
      }),
      response: { 302: z.null() },
    },
    handler: async (request, reply) => {
      demandGithub(parts);
      return reply
        .code(302)
        .header('location', await comeBack(parts, request, reply))
        .send(null);
    },
  });
}

/** Lets in whom GitHub vouches for, and says where the browser goes from here. */
async function comeBack(parts: SignInParts, request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const library = await parts.library.for(request);
  const query = Object.fromEntries(
    Object.entries(request.query as Record<string, string | undefined>).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  const answer = await onBehalfOf(request, () =>
    library.callbackOAuth({
      method: 'GET',
      params: { id: 'github' },
      query,
      headers: headersFor(request, null),
      asResponse: true,
    }),
  );
  carryCookies(request, reply, answer.headers);
  const token = sessionTokenIn(answer.headers);
  // Whoever connected their account while they were signed in does not come in by it.
  if (token === null) parts.deps.nudge();
  if (token !== null) {
    try {
      await enter(parts.deps, token, 'github', { request, reply });
    } catch (error) {
      if (error instanceof AppError) return `${doorPath}?error=no_workspace`;
      throw error;
    }
  }
  const target = answer.headers.get('location') ?? '';
  const origin = ownOrigin(request, parts.deps);
  return target.startsWith(`${origin}/`) ? target.slice(origin.length) : `${doorPath}?error=unknown`;
}

function registerConnections(app: App, parts: SignInParts): void {
  const { deps } = parts;
  app.post('/api/v1/account/github', {
    config: { permission: 'account.manage', errors: ['not_configured'] },
    schema: {
      operationId: 'connectGithub',
      tags: ['Sign-in'],
      summary: 'Connect GitHub to one’s account, or grant it more',
      description:
        'Scopes beyond signing in are asked for here and only when a feature needs them; GitHub asks its person. ' +
        'Needs a session that is younger than a day.',
      body: connectGithubSchema,
      response: { 200: elsewhereSchema },
    },
    handler: async (request, reply) => {
      demandGithub(parts);
      await demandFreshSession(deps, request);
      const origin = ownOrigin(request, deps);
      const library = await parts.library.for(request);
      const { headers, response } = await asking(
        library.linkSocialAccount({
          body: {
            provider: 'github',
            callbackURL: `${origin}${securityPath}?connected=github`,
            errorCallbackURL: `${origin}${securityPath}`,
            scopes: request.body.scopes,
            disableRedirect: true,
          },
          headers: headersFor(request, readSessionCookie(request)),
          returnHeaders: true,
        }),
      );
      carryCookies(request, reply, headers);
      return { url: response.url };
    },
  });
  app.delete('/api/v1/account/github/:id', {
    config: { permission: 'account.manage', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'disconnectGithub',
      tags: ['Sign-in'],
      summary: 'Disconnect GitHub from one’s account',
      description: 'What it gave us is forgotten at once. The last way to sign in stays.',
      params: byIdSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const means = await readSignInMeans(deps, accountOf(request));
      const found = means.github.find((connection) => connection.id === id);
      if (found === undefined) throw new AppError('not_found', 'You have no such connection.');
      if (means.github.length === 1 && !means.hasPassword && means.passkeys.length === 0)
        throw new AppError('conflict', 'This is the only way to sign in to your account. Set a password first.');
      await sql`delete from auth.account where id = ${id} and user_id = ${accountOf(request)} and provider_id = 'github'`.execute(
        deps.store.auth,
      );
      await recordAccountAudit(deps.store, accountOf(request), {
        actor: auditActor(request),
        action: 'account.github_disconnected',
        ...(found.login === null ? {} : { target: { kind: 'GitHub', id, name: found.login } }),
      });
      return reply.code(204).send(null);
    },
  });
}

function demandGithub({ deps }: SignInParts): void {
  if (deps.github !== null) return;
  throw new AppError(
    'not_configured',
    'Signing in with GitHub is not set up. Whoever runs this instance sets GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET.',
  );
}

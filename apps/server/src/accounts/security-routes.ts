import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { z } from 'zod';
import { changeEmailSchema, changePasswordSchema, signInMeansSchema } from '@devpulse/contract/wire/sign-in';
import type { App } from '../deps.ts';
import { auditActor, recordAccountAudit } from '../audit/record-audit.ts';
import { mailAddressChanged } from './account-mails.ts';
import { headersFor } from './better-auth/carry-cookies.ts';
import { asking } from './better-auth/translate-error.ts';
import { changeEmail } from './change-email.ts';
import type { Exchange } from './enter.ts';
import { countMail } from './limit-attempts.ts';
import { mailConfirmation } from './mail-confirmation.ts';
import { ownOrigin } from './own-origin.ts';
import { accountOf, demandFreshSession, limitGuesses, provePassword } from './prove-password.ts';
import { readSignInMeans } from './read-sign-in-means.ts';
import { readSessionCookie, setSessionCookie } from './session-cookie.ts';
import type { SignInParts } from './sign-in-parts.ts';

const tags = ['Sign-in'];
const config = { permission: 'account.manage', limit: 'doors', errors: ['conflict', 'too_many_requests'] } as const;

/** How one's own account is entered: what there is, the password, and the address. */
export function registerSecurityRoutes(app: App, parts: SignInParts): void {
  const { deps } = parts;
  app.get('/api/v1/account/sign-in', {
    config: { permission: 'account.manage' },
    schema: {
      operationId: 'showSignInMeans',
      tags,
      summary: 'How one can sign in to one’s own account',
      response: { 200: signInMeansSchema },
    },
    handler: async (request) => readSignInMeans(deps, accountOf(request)),
  });
  app.put('/api/v1/account/password', {
    config,
    schema: {
      operationId: 'changePassword',
      tags,
      summary: 'Change one’s password, or set the first one',
      description:
        'Ends all other sessions, and every paired device. The present password is needed where there is one, and else a ' +
        'session that is younger than a day.',
      body: changePasswordSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      await changePassword(parts, { request, reply }, request.body);
      await recordAccountAudit(deps.store, accountOf(request), {
        actor: auditActor(request),
        action: 'account.password_changed',
      });
      return reply.code(204).send(null);
    },
  });
  app.put('/api/v1/account/email', {
    config,
    schema: {
      operationId: 'changeEmail',
      tags,
      summary: 'Change the address one signs in with',
      description: 'It is to be confirmed anew, by a mailed link where this instance can send mail.',
      body: changeEmailSchema,
      response: { 200: signInMeansSchema },
    },
    handler: async (request, reply) => {
      const { email, password } = request.body;
      await limitGuesses(deps, { request, reply }, () => provePassword(parts, request, password));
      const changed = await changeEmail(deps.store, accountOf(request), email);
      if (changed !== null) {
        const actor = auditActor(request);
        await recordAccountAudit(deps.store, accountOf(request), {
          actor,
          action: 'account.email_changed',
          ...changed,
        });
        if (deps.mailer !== null && (await countMail(deps.store, accountOf(request))))
          parts.later(() => mailConfirmation(parts, request, email));
        await tellFormerAddress(parts, request, changed.before.email);
      }
      return readSignInMeans(deps, accountOf(request));
    },
  });
}

/** Whoever took an account over would change its address first of all. */
async function tellFormerAddress(parts: SignInParts, request: FastifyRequest, former: string | null): Promise<void> {
  const { mailer, store } = parts.deps;
  if (mailer === null || former === null || !(await countMail(store, accountOf(request)))) return;
  const origin = ownOrigin(request, parts.deps);
  parts.later(() => mailAddressChanged({ mailer, to: former, origin }));
}

async function changePassword(
  parts: SignInParts,
  exchange: Exchange,
  { current, password }: { current?: string | undefined; password: string },
): Promise<void> {
  const { request, reply } = exchange;
  const library = await parts.library.for(request);
  const headers = headersFor(request, readSessionCookie(request));
  if (current === undefined) {
    await demandFreshSession(parts.deps, request);
    await asking(library.setPassword({ body: { newPassword: password }, headers, returnHeaders: true }));
    // The library does so for a change alone.
    await sql`select end_other_sign_ins(${request.proof.hash})`.execute(parts.deps.store.app);
    return;
  }
  const body = { currentPassword: current, newPassword: password, revokeOtherSessions: true };
  const { response } = await limitGuesses(parts.deps, exchange, () =>
    asking(library.changePassword({ body, headers, returnHeaders: true })),
  );
  if (response.token !== null) setSessionCookie(request, reply, response.token);
}

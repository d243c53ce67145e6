import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AuditAction } from '@devpulse/contract/audit-actions';
import {
  byPasswordSchema,
  confirmTwoFactorSchema,
  recoveryCodesSchema,
  startedTwoFactorSchema,
} from '@devpulse/contract/wire/sign-in';
import type { App } from '../deps.ts';
import { auditActor, recordAccountAudit } from '../audit/record-audit.ts';
import { headersFor, sessionTokenIn } from './better-auth/carry-cookies.ts';
import { asking } from './better-auth/translate-error.ts';
import { useCode } from './limit-attempts.ts';
import { accountOf, limitGuesses } from './prove-password.ts';
import { readSessionCookie, setSessionCookie } from './session-cookie.ts';
import type { SignInParts } from './sign-in-parts.ts';

const tags = ['Sign-in'];
const config = { permission: 'account.manage', limit: 'doors', errors: ['conflict', 'too_many_requests'] } as const;

/** The second step after a password: a code of an app, or one of ten that were written down. */
export function registerTwoFactorRoutes(app: App, parts: SignInParts): void {
  registerStart(app, parts);
  registerChanges(app, parts);
}

function registerStart(app: App, parts: SignInParts): void {
  app.post('/api/v1/account/two-factor', {
    config,
    schema: {
      operationId: 'startTwoFactor',
      tags,
      summary: 'Begin to set up two-factor sign-in',
      description: 'It is on once a code was confirmed.',
      body: byPasswordSchema,
      response: { 201: startedTwoFactorSchema },
    },
    handler: async (request, reply) => {
      const library = await parts.library.for(request);
      const { response } = await limitGuesses(parts.deps, { request, reply }, () =>
        asking(library.enableTwoFactor(ask(request, request.body))),
      );
      const secret = new URL(response.totpURI).searchParams.get('secret') ?? '';
      return reply.code(201).send({ uri: response.totpURI, secret, recoveryCodes: response.backupCodes });
    },
  });
  app.post('/api/v1/account/two-factor/confirm', {
    config,
    schema: {
      operationId: 'confirmTwoFactor',
      tags,
      summary: 'Switch two-factor sign-in on by a first code',
      body: confirmTwoFactorSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      const library = await parts.library.for(request);
      const { headers } = await asking(library.verifyTOTP(ask(request, request.body)), 'code');
      // What it was set up with is no code to sign in with any more.
      await useCode(parts.deps.store, accountOf(request), request.body.code);
      const token = sessionTokenIn(headers);
      if (token !== null) setSessionCookie(request, reply, token);
      await note(parts, request, 'account.two_factor_on');
      return reply.code(204).send(null);
    },
  });
}

function registerChanges(app: App, parts: SignInParts): void {
  app.post('/api/v1/account/two-factor/off', {
    config,
    schema: {
      operationId: 'stopTwoFactor',
      tags,
      summary: 'Switch two-factor sign-in off',
      body: byPasswordSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      const library = await parts.library.for(request);
      const { headers } = await limitGuesses(parts.deps, { request, reply }, () =>
        asking(library.disableTwoFactor(ask(request, request.body))),
      );
      const token = sessionTokenIn(headers);
      if (token !== null) setSessionCookie(request, reply, token);
      await note(parts, request, 'account.two_factor_off');
      return reply.code(204).send(null);
    },
  });
  app.post('/api/v1/account/two-factor/recovery-codes', {
    config,
    schema: {
      operationId: 'makeRecoveryCodes',
      tags,
      summary: 'Make ten new recovery codes; the earlier ones end',
      body: byPasswordSchema,
      response: { 201: recoveryCodesSchema },
    },
    handler: async (request, reply) => {
      const library = await parts.library.for(request);
      const { response } = await limitGuesses(parts.deps, { request, reply }, () =>
        asking(library.generateBackupCodes(ask(request, request.body))),
      );
      await note(parts, request, 'account.recovery_codes_made');
      return reply.code(201).send({ recoveryCodes: response.backupCodes });
    },
  });
}

function note({ deps }: SignInParts, request: FastifyRequest, action: AuditAction): Promise<void> {
  return recordAccountAudit(deps.store, accountOf(request), { actor: auditActor(request), action });
}

function ask<Body>(request: FastifyRequest, body: Body): { body: Body; headers: Headers; returnHeaders: true } {
  return { body, headers: headersFor(request, readSessionCookie(request)), returnHeaders: true };
}

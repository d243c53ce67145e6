import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { confirmEmailSchema, forgottenSchema, resetPasswordSchema } from '@devpulse/contract/wire/sign-in';
import type { App } from '../deps.ts';
import { headersFor } from './better-auth/carry-cookies.ts';
import { asking } from './better-auth/translate-error.ts';
import { countAttempt, countMail, countResetMail, resetMailsPerHour } from './limit-attempts.ts';
import { accountOf } from './prove-password.ts';
import { mailConfirmation } from './mail-confirmation.ts';
import { makePlaceholder, shownAddress } from './placeholder-address.ts';
import { refuseForeignPage } from './prove-same-origin.ts';
import { onBehalfOf } from './sign-in-events.ts';
import { sayWait, type SignInParts } from './sign-in-parts.ts';
import { TooManyAttempts } from './too-many-attempts.ts';

const tags = ['Sign-in'];

/** What goes by mail: a lost password, and the proof that an address is somebody's. */
export function registerMailRoutes(app: App, parts: SignInParts): void {
  const { store } = parts.deps;
  app.post('/api/v1/password-reset', {
    config: {
      permission: 'public',
      limit: 'doors',
      errors: ['forbidden', 'not_configured', 'too_many_requests', 'store_unavailable'],
    },
    schema: {
      operationId: 'askForReset',
      tags,
      summary: 'Have a link to a new password mailed',
      description:
        `The answer is the same whether or not there is such an account. At most ${resetMailsPerHour} links are mailed to one address in ` +
        'an hour, for which each of them counts.',
      body: forgottenSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      refuseForeignPage(request);
      demandMail(parts);
      const wait = await countAttempt(store, request.ip);
      if (wait > 0) sayWait(reply)(new TooManyAttempts(wait));
      const library = await parts.library.for(request);
      const question = { body: request.body, headers: headersFor(request, null), returnHeaders: true as const };
      // A mail takes its time, and only an address that is known gets one.
      parts.later(async () => {
        if (await countResetMail(store, request.body.email)) await library.requestPasswordReset(question);
      });
      return reply.code(204).send(null);
    },
  });
  app.post('/api/v1/password-reset/confirm', {
    config: { permission: 'public', limit: 'doors', errors: ['forbidden', 'store_unavailable'] },
    schema: {
      operationId: 'resetPassword',
      tags,
      summary: 'Set a new password by the mailed link',
      description:
        'Works once and ends all sessions. Whoever has two-factor sign-in still needs it. Where the address was never confirmed, ' +
        'passkeys and connections to GitHub end as well: somebody else may have made them.',
      body: resetPasswordSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      refuseForeignPage(request);
      const library = await parts.library.for(request);
      const { token, password } = request.body;
      const question = { body: { token, newPassword: password }, headers: headersFor(request, null) };
      await asking(onBehalfOf(request, () => library.resetPassword({ ...question, returnHeaders: true })));
      return reply.code(204).send(null);
    },
  });
  registerConfirmation(app, parts);
}

function registerConfirmation(app: App, parts: SignInParts): void {
  const { store } = parts.deps;
  app.post('/api/v1/email-confirmation', {
    config: { permission: 'public', limit: 'doors', errors: ['forbidden', 'store_unavailable'] },
    schema: {
      operationId: 'confirmEmail',
      tags,
      summary: 'Confirm an address by the mailed link',
      body: confirmEmailSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      refuseForeignPage(request);
      const library = await parts.library.for(request);
      const question = { query: { token: request.body.token }, headers: headersFor(request, null) };
      await asking(onBehalfOf(request, () => library.verifyEmail(question)));
      return reply.code(204).send(null);
    },
  });
  app.post('/api/v1/account/email/confirmation', {
    config: {
      permission: 'account.manage',
      errors: ['not_configured', 'conflict', 'mail_failed', 'too_many_requests'],
    },
    schema: {
      operationId: 'askForConfirmation',
      tags,
      summary: 'Have a link mailed that confirms one’s address',
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      demandMail(parts);
      const { rows } = await sql<{ email: string; email_verified: boolean }>`
        select email, email_verified from auth."user" where id = ${request.viewer.accountId}`.execute(store.auth);
      const row = rows[0];
      if (shownAddress(row?.email ?? makePlaceholder('')) === null)
        throw new AppError('conflict', 'Your account has no address yet. Enter one first.');
      if (row?.email_verified === true) throw new AppError('conflict', 'This address is confirmed already.');
      if (!(await countMail(store, accountOf(request))))
        throw new AppError('too_many_requests', 'Too many mails were sent for you today. Try again in an hour.');
      await mailConfirmation(parts, request, row?.email ?? '').catch((cause: unknown) => {
        throw new AppError('mail_failed', 'The mail server did not take the mail.', { cause });
      });
      return reply.code(204).send(null);
    },
  });
}

function demandMail({ deps }: SignInParts): void {
  if (deps.mailer !== null) return;
  throw new AppError(
    'not_configured',
    'This instance cannot send mail. Whoever runs it sets SMTP_URL, MAIL_FROM and DEVPULSE_URL, or makes a link with ' +
      '`npm run devpulse -- account link <address>`.',
  );
}

import { sessionSchema, signInSchema } from '@devpulse/contract/wire/session';
import { passkeyOptionsSchema, passkeyProofSchema, secondFactorSchema } from '@devpulse/contract/wire/sign-in';
import type { App } from '../deps.ts';
import { auditActor, recordAccountAudit } from '../audit/record-audit.ts';
import { carryCookies, headersFor } from './better-auth/carry-cookies.ts';
import { asking } from './better-auth/translate-error.ts';
import { demandUnusedCode } from './demand-unused-code.ts';
import { enter } from './enter.ts';
import { countAttempt, forgetAttempts } from './limit-attempts.ts';
import { readRecoveryCode } from './make-recovery-codes.ts';
import { refuseForeignPage } from './prove-same-origin.ts';
import { describeOutsider } from './read-session-view.ts';
import { signIn } from './sign-in.ts';
import { type SignInParts, sayWait } from './sign-in-parts.ts';
import { TooManyAttempts } from './too-many-attempts.ts';

const tags = ['Session'];
const errors = ['unauthenticated', 'forbidden', 'too_many_requests', 'store_unavailable'] as const;
const cookieNote = 'The session is a cookie that no script can read.';

/** Signing in by what one knows or holds. */
export function registerDoorRoutes(app: App, parts: SignInParts): void {
  const { deps } = parts;
  app.post('/api/v1/session', {
    config: { permission: 'public', limit: 'doors', errors },
    schema: {
      operationId: 'signIn',
      tags,
      summary: 'Sign in with an address and a password',
      description:
        `At most 10 attempts in 15 minutes from one address, 3 while more than 100 come from everywhere, and 50 at one ` +
        `account from addresses it was never signed in from; of wrong passwords 30 from one address. ${cookieNote} ` +
        'Where two-factor sign-in is on the answer is 202, and a code is asked for.',
      body: signInSchema,
      response: { 201: sessionSchema, 202: sessionSchema },
    },
    handler: async (request, reply) => {
      refuseForeignPage(request);
      const exchange = { request, reply };
      const token = await signIn(parts, request.body, exchange).catch(sayWait(reply));
      if (token === null) return reply.code(202).send(describeOutsider(deps, 'second_factor'));
      return reply.code(201).send(await enter(deps, token, 'password', exchange));
    },
  });
  app.post('/api/v1/session/second-factor', {
    config: { permission: 'public', limit: 'doors', errors: [...errors, 'conflict'] },
    schema: {
      operationId: 'giveSecondFactor',
      tags,
      summary: 'Go on with the code of the second step',
      description: 'Within ten minutes of the password, at most five tries. Every code counts once.',
      body: secondFactorSchema,
      response: { 201: sessionSchema },
    },
    handler: async (request, reply) => {
      refuseForeignPage(request);
      const { code, trust } = request.body;
      const library = await parts.library.for(request);
      const typed = code.replaceAll(/\s/g, '');
      const isRecovery = !/^\d{6}$/.test(typed);
      const question = {
        body: { code: isRecovery ? readRecoveryCode(typed) : typed, trustDevice: trust },
        headers: headersFor(request, null),
        returnHeaders: true as const,
      };
      const { headers, response } = await asking(
        isRecovery ? library.verifyBackupCode(question) : library.verifyTOTP(question),
      ).catch(sayWait(reply));
      if (!isRecovery) await demandUnusedCode(deps.store, response.token, typed);
      const view = await enter(deps, response.token, 'two-factor', { request, reply });
      carryCookies(request, reply, headers);
      if (isRecovery && view.account !== null)
        await recordAccountAudit(deps.store, view.account.id, {
          actor: { ...auditActor(request), accountId: view.account.id },
          action: 'account.recovery_code_used',
        });
      return reply.code(201).send(view);
    },
  });
  registerPasskeyDoor(app, parts);
}

function registerPasskeyDoor(app: App, parts: SignInParts): void {
  app.post('/api/v1/session/passkey/options', {
    config: { permission: 'public', limit: 'doors', errors: ['forbidden', 'store_unavailable'] },
    schema: {
      operationId: 'askForPasskey',
      tags,
      summary: 'Begin signing in with a passkey',
      response: { 200: passkeyOptionsSchema },
    },
    handler: async (request, reply) => {
      refuseForeignPage(request);
      const library = await parts.library.for(request);
      const { headers, response } = await library.generatePasskeyAuthenticationOptions({
        body: undefined,
        headers: headersFor(request, null),
        returnHeaders: true,
      });
      carryCookies(request, reply, headers);
      return { ...response, userVerification: 'required' };
    },
  });
  app.post('/api/v1/session/passkey', {
    config: { permission: 'public', limit: 'doors', errors },
    schema: {
      operationId: 'signInWithPasskey',
      tags,
      summary: 'Sign in with a passkey',
      description: `A passkey stands for both steps: no code is asked for. ${cookieNote}`,
      body: passkeyProofSchema,
      response: { 201: sessionSchema },
    },
    handler: async (request, reply) => {
      refuseForeignPage(request);
      const wait = await countAttempt(parts.deps.store, request.ip);
      if (wait > 0) sayWait(reply)(new TooManyAttempts(wait));
      const library = await parts.library.for(request);
      const { response } = await asking(
        library.verifyPasskeyAuthentication({
          body: request.body,
          headers: headersFor(request, null),
          returnHeaders: true,
        }),
      );
      // Many people come from one address, and whoever was let in has not tried to guess.
      await forgetAttempts(parts.deps.store, request.ip);
      return reply.code(201).send(await enter(parts.deps, response.session.token, 'passkey', { request, reply }));
    },
  });
}

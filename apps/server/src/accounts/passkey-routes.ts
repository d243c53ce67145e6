import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import {
  addPasskeySchema,
  byIdSchema,
  passkeyOptionsSchema,
  renamePasskeySchema,
  signInMeansSchema,
} from '@devpulse/contract/wire/sign-in';
import type { App } from '../deps.ts';
import { auditActor, recordAccountAudit } from '../audit/record-audit.ts';
import { carryCookies, headersFor } from './better-auth/carry-cookies.ts';
import { asking } from './better-auth/translate-error.ts';
import { readSignInMeans } from './read-sign-in-means.ts';
import { accountOf } from './prove-password.ts';
import { readSessionCookie } from './session-cookie.ts';
import type { SignInParts } from './sign-in-parts.ts';

const tags = ['Sign-in'];
const mostPasskeys = 20;

/** The passkeys of one's own account. */
export function registerPasskeyRoutes(app: App, parts: SignInParts): void {
  const { store } = parts.deps;
  app.post('/api/v1/account/passkeys/options', {
    config: { permission: 'account.manage', limit: 'doors', errors: ['conflict'] },
    schema: {
      operationId: 'askToAddPasskey',
      tags,
      summary: 'Begin to add a passkey',
      description:
        'Needs a session that is younger than a day: whoever finds a browser open must not make a key of it.',
      response: { 200: passkeyOptionsSchema },
    },
    handler: async (request, reply) => {
      const { passkeys } = await readSignInMeans(parts.deps, accountOf(request));
      if (passkeys.length >= mostPasskeys)
        throw new AppError('conflict', `More than ${mostPasskeys} passkeys are too many. Remove one first.`);
      const library = await parts.library.for(request);
      const { headers, response } = await asking(
        library.generatePasskeyRegistrationOptions({
          body: undefined,
          headers: headersFor(request, readSessionCookie(request)),
          returnHeaders: true,
        }),
      );
      carryCookies(request, reply, headers);
      return response;
    },
  });
  app.post('/api/v1/account/passkeys', {
    config: { permission: 'account.manage', limit: 'doors' },
    schema: {
      operationId: 'addPasskey',
      tags,
      summary: 'Add the passkey that the browser made',
      body: addPasskeySchema,
      response: { 201: signInMeansSchema },
    },
    handler: async (request, reply) => {
      const library = await parts.library.for(request);
      const { response } = await asking(
        library.verifyPasskeyRegistration({
          body: request.body,
          headers: headersFor(request, readSessionCookie(request)),
          returnHeaders: true,
        }),
      );
      await recordAccountAudit(store, accountOf(request), {
        actor: auditActor(request),
        action: 'account.passkey_added',
        target: { kind: 'passkey', id: response.id, name: request.body.name },
      });
      return reply.code(201).send(await readSignInMeans(parts.deps, accountOf(request)));
    },
  });
  registerPasskeyChanges(app, parts);
}

// Plain rows of one's own: the library would answer a passkey of somebody else otherwise than one that is not there.
function registerPasskeyChanges(app: App, { deps }: SignInParts): void {
  app.patch('/api/v1/account/passkeys/:id', {
    config: { permission: 'account.manage', errors: ['not_found'] },
    schema: {
      operationId: 'renamePasskey',
      tags,
      summary: 'Rename a passkey',
      params: byIdSchema,
      body: renamePasskeySchema,
      response: { 200: signInMeansSchema },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { rows } = await sql<{ id: string }>`
        update auth.passkey set name = ${request.body.name}
        where id = ${id} and user_id = ${accountOf(request)} returning id`.execute(deps.store.auth);
      if (rows.length === 0) throw new AppError('not_found', 'You have no such passkey.');
      await recordAccountAudit(deps.store, accountOf(request), {
        actor: auditActor(request),
        action: 'account.passkey_renamed',
        target: { kind: 'passkey', id, name: request.body.name },
      });
      return readSignInMeans(deps, accountOf(request));
    },
  });
  app.delete('/api/v1/account/passkeys/:id', {
    config: { permission: 'account.manage', errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'removePasskey',
      tags,
      summary: 'Remove a passkey',
      description: 'The last way to sign in stays.',
      params: byIdSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      const { id } = request.params;
      const means = await readSignInMeans(deps, accountOf(request));
      const found = means.passkeys.find((passkey) => passkey.id === id);
      if (found === undefined) throw new AppError('not_found', 'You have no such passkey.');
      if (means.passkeys.length === 1 && !means.hasPassword && means.github.length === 0)
        throw new AppError('conflict', 'This is the only way to sign in to your account. Set a password first.');
      await sql`delete from auth.passkey where id = ${id} and user_id = ${accountOf(request)}`.execute(deps.store.auth);
      await recordAccountAudit(deps.store, accountOf(request), {
        actor: auditActor(request),
        action: 'account.passkey_removed',
        target: { kind: 'passkey', id, name: found.name },
      });
      return reply.code(204).send(null);
    },
  });
}

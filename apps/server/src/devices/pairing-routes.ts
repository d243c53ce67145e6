import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import {
  approvePairingSchema,
  claimPairingSchema,
  deviceTokensSchema,
  jwksSchema,
  pairingSchema,
  refreshSchema,
  startedPairingSchema,
  startPairingSchema,
  userCodeSchema,
} from '@devpulse/contract/wire/devices';
import { ownOrigin } from '../accounts/own-origin.ts';
import { refuseForeignPage } from '../accounts/prove-same-origin.ts';
import type { App, ServerDeps } from '../deps.ts';
import { openAccessTokens } from './access-token.ts';
import { answerPairing, lookAtPairing } from './answer-pairing.ts';
import { AskAgain, claimPairing } from './claim-pairing.ts';
import { openDeviceSecrets } from './device-secrets.ts';
import { leaveDevice, refreshTokens } from './refresh-tokens.ts';
import { startPairing } from './start-pairing.ts';

const tags = ['Sessions and devices'];

/** Pairing a program on somebody's machine, after RFC 8628, and the tokens it then has. */
export function registerPairingRoutes(app: App, deps: ServerDeps): void {
  registerAsking(app, deps);
  registerAnswering(app, deps);
  registerRefreshing(app, deps);
  const accessTokens = openAccessTokens(deps);
  app.get('/.well-known/jwks.json', {
    config: { permission: 'public' },
    schema: {
      operationId: 'showKeySet',
      tags,
      summary: 'The public keys of access tokens',
      description:
        'The present quarter’s, the one before and the next. A signature says nothing of whether a device was revoked since.',
      response: { 200: jwksSchema },
    },
    handler: async () => accessTokens.publish(),
  });
}

function registerAsking(app: App, deps: ServerDeps): void {
  const { store } = deps;
  const secrets = openDeviceSecrets(deps.keyring);
  const accessTokens = openAccessTokens(deps);
  app.post('/api/v1/devices/pairings', {
    config: { permission: 'public', errors: ['busy', 'forbidden', 'store_unavailable'] },
    schema: {
      operationId: 'startPairing',
      tags,
      summary: 'A device asks to be paired',
      description:
        'Show the short code and the address to whoever sits there; they approve it where they are signed in. Then ask for ' +
        'tokens with the device code, no more often than `intervalSeconds` says. The shape is RFC 8628’s.',
      body: startPairingSchema,
      response: { 201: startedPairingSchema },
    },
    handler: async (request, reply) => {
      refuseForeignPage(request);
      const origin = ownOrigin(request, deps);
      const started = await startPairing({ store, secrets, device: request.body, address: request.ip, origin });
      return reply.code(201).send(started);
    },
  });
  app.post('/api/v1/devices/tokens', {
    config: {
      permission: 'public',
      errors: [
        'pairing_pending',
        'pairing_denied',
        'pairing_expired',
        'too_many_requests',
        'forbidden',
        'store_unavailable',
      ],
    },
    schema: {
      operationId: 'claimPairing',
      tags,
      summary: 'The device asks whether it was approved',
      description: 'The answer may be asked for again within ten seconds, should it get lost.',
      body: claimPairingSchema,
      response: { 200: deviceTokensSchema },
    },
    handler: async (request, reply) => {
      refuseForeignPage(request);
      const { deviceCode } = request.body;
      return claimPairing({ store, secrets, accessTokens, deviceCode, request }).catch((error: unknown) => {
        if (error instanceof AskAgain) void reply.header('retry-after', String(error.waitSeconds));
        throw error;
      });
    },
  });
}

function registerAnswering(app: App, deps: ServerDeps): void {
  const { store } = deps;
  const secrets = openDeviceSecrets(deps.keyring);
  app.post('/api/v1/devices/pairings/look', {
    // As dear as a sign-in: somebody might try codes.
    config: { permission: 'account.manage', limit: 'doors', errors: ['not_found'] },
    schema: {
      operationId: 'lookAtPairing',
      tags,
      summary: 'Which device waits behind a short code',
      body: userCodeSchema,
      response: { 200: pairingSchema },
    },
    handler: async (request) => lookAtPairing({ store, secrets, userCode: request.body.userCode, request }),
  });
  app.post('/api/v1/devices/pairings/approve', {
    config: { permission: 'account.manage', limit: 'doors', errors: ['not_found'] },
    schema: {
      operationId: 'approvePairing',
      tags,
      summary: 'Let a device act in one’s name, in the workspace that is open',
      body: approvePairingSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      const { userCode, name = null } = request.body;
      await answerPairing({ store, secrets, userCode, name, approve: true, request });
      return done(reply);
    },
  });
  app.post('/api/v1/devices/pairings/deny', {
    config: { permission: 'account.manage', limit: 'doors', errors: ['not_found'] },
    schema: {
      operationId: 'denyPairing',
      tags,
      summary: 'Refuse a device',
      body: userCodeSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      await answerPairing({ store, secrets, userCode: request.body.userCode, name: null, approve: false, request });
      return done(reply);
    },
  });
}

function registerRefreshing(app: App, deps: ServerDeps): void {
  const { store } = deps;
  const secrets = openDeviceSecrets(deps.keyring);
  const accessTokens = openAccessTokens(deps);
  app.post('/api/v1/devices/refresh', {
    config: { permission: 'public', errors: ['unauthenticated', 'forbidden', 'store_unavailable'] },
    schema: {
      operationId: 'refreshTokens',
      tags,
      summary: 'New tokens for a refresh token',
      description:
        'A refresh token counts once. For ten seconds the same one gives the same successor, should an answer get lost; after ' +
        'that, or with an older one, all tokens of the device are revoked and it must be paired again.',
      body: refreshSchema,
      response: { 200: deviceTokensSchema },
    },
    handler: async (request) => {
      refuseForeignPage(request);
      const { refreshToken, signature } = request.body;
      return refreshTokens({ store, secrets, accessTokens, refreshToken, signature, request });
    },
  });
  app.post('/api/v1/devices/leave', {
    config: { permission: 'public', errors: ['forbidden', 'store_unavailable'] },
    schema: {
      operationId: 'leaveDevice',
      tags,
      summary: 'The device signs itself out',
      description: 'Answers the same for a token that is unknown.',
      body: z.strictObject({ refreshToken: z.string().min(1).max(200) }),
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      refuseForeignPage(request);
      await leaveDevice({ store, secrets, refreshToken: request.body.refreshToken, request });
      return done(reply);
    },
  });
}

function done(reply: FastifyReply): FastifyReply {
  return reply.code(204).send(null);
}

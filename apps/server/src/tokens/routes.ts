import { z } from 'zod';
import { type Scope, scopeNames } from '@devpulse/contract/permissions';
import { idParamsSchema } from '@devpulse/contract/wire/people';
import {
  createdTokenSchema,
  createTokenSchema,
  tokenDays,
  tokenListSchema,
  type TokenView,
} from '@devpulse/contract/wire/tokens';
import { auditActor, recordAudit } from '../audit/record-audit.ts';
import type { App, ServerDeps } from '../deps.ts';
import { insertToken } from './create-token.ts';
import { listTokens, type TokenEntry } from './list-tokens.ts';
import { endToken } from './revoke-token.ts';

const tags = ['API tokens'];

/** What a person gives their programs. */
export function registerTokenRoutes(app: App, deps: ServerDeps): void {
  const { store } = deps;
  app.get('/api/v1/me/tokens', {
    config: { permission: 'account.manage' },
    schema: {
      operationId: 'listTokens',
      tags,
      summary: 'One’s own API tokens in this workspace',
      description: 'Newest first, with those that have ended.',
      response: { 200: tokenListSchema },
    },
    handler: async (request) => {
      const { workspaceId, personId } = request.viewer;
      const entries = await listTokens({ store, workspaceId, personId });
      return { tokens: entries.map((entry) => viewToken(entry, deps.now())) };
    },
  });
  registerCreation(app, deps);
  app.delete('/api/v1/me/tokens/:id', {
    config: { permission: 'account.manage', errors: ['not_found'] },
    schema: {
      operationId: 'revokeToken',
      tags,
      summary: 'End an API token for good',
      description: 'Whoever uses it is refused from the next request on.',
      params: idParamsSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      const { workspaceId, personId } = request.viewer;
      const { id } = request.params;
      await store.inWorkspace(workspaceId, async (trx) => {
        const { name } = await endToken(trx, { workspaceId, id, personId });
        await recordAudit(trx, {
          actor: auditActor(request),
          action: 'token.revoked',
          target: { kind: 'token', id, name },
        });
      });
      return reply.code(204).send(null);
    },
  });
}

function registerCreation(app: App, deps: ServerDeps): void {
  const { store, keyring } = deps;
  app.post('/api/v1/me/tokens', {
    config: { permission: 'account.manage' },
    schema: {
      operationId: 'createToken',
      tags,
      summary: 'Make an API token',
      description: `The answer is the only place where it ever stands. It ends after ${tokenDays.usual} days unless said otherwise.`,
      body: createTokenSchema,
      response: { 201: createdTokenSchema },
    },
    handler: async (request, reply) => {
      const { workspaceId, personId } = request.viewer;
      const { name, scopes, expiresInDays } = request.body;
      const expiresAt = new Date(deps.now().getTime() + expiresInDays * 86_400_000);
      const made = await store.inWorkspace(workspaceId, async (trx) => {
        const wish = { workspaceId, personId, name, scopes, expiresAt, keyring };
        const token = await insertToken(trx, wish);
        await recordAudit(trx, {
          actor: auditActor(request),
          action: 'token.created',
          target: { kind: 'token', id: token.id, name },
          after: { scopes, expiresAt: expiresAt.toISOString() },
        });
        return token;
      });
      const entries = await listTokens({ store, workspaceId, personId });
      const entry = entries.find(({ id }) => id === made.id);
      if (entry === undefined) throw new Error('a token that was just made is gone');
      return reply.code(201).send({ token: made.token, entry: viewToken(entry, deps.now()) });
    },
  });
}

function viewToken(entry: TokenEntry, now: Date): TokenView {
  const { id, name, prefix, createdAt, expiresAt, lastUsedAt, revokedAt } = entry;
  return {
    id,
    name,
    prefix,
    scopes: entry.scopes.filter((scope): scope is Scope => scopeNames.includes(scope as Scope)),
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    state: revokedAt !== null ? 'revoked' : expiresAt !== null && expiresAt <= now ? 'expired' : 'active',
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}

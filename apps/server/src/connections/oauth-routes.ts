import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { neededScopes } from '@devpulse/connectors/github/needs';
import { AppError } from '@devpulse/contract/errors';
import { SourceRefused } from '@devpulse/contract/source-client';
import { startConnectionSchema } from '@devpulse/contract/wire/connections';
import { elsewhereSchema } from '@devpulse/contract/wire/sign-in';
import { libraryPath } from '../accounts/better-auth/library-options.ts';
import { ownOrigin } from '../accounts/own-origin.ts';
import { auditActor } from '../audit/record-audit.ts';
import type { App, ServerDeps } from '../deps.ts';
import { readConnection } from './connection-rows.ts';
import { exchangeCode } from './exchange-grant.ts';
import { beginFlow, endFlow, type Flow } from './flows.ts';
import { usualScopes } from './grants.ts';
import { type GithubParts, githubPartsOf } from './github-parts.ts';
import { findClientOf, findOauthClient, type OauthClient } from './oauth-client.ts';
import { readAccount } from './read-account.ts';
import { saveGrant } from './save-grant.ts';

/** Below the address that signing in returns to: an OAuth app with that one address takes this one as well. */
export const returnPath = `${libraryPath}/callback/github/connection`;

/** The page that shows connections; the browser ends there, with what came of it. */
export const connectionsPage = '/settings/connections';

const detailsSchema = z.looseObject({
  redirect: z.string(),
  clientId: z.string(),
  scopes: z.array(z.string()),
  connectionId: z.uuid().nullable(),
});

/** Connecting GitHub by its own page. */
export function registerOauthRoutes(app: App, deps: ServerDeps): void {
  const parts = githubPartsOf(deps);
  app.post('/api/v1/connections/oauth', {
    config: { permission: 'sources.manage', errors: ['not_configured', 'not_found'] },
    schema: {
      operationId: 'startConnection',
      tags: ['Connections'],
      summary: 'Begin connecting a GitHub account, or granting a connection more',
      description:
        'With state and PKCE, both bound to the session that asks. What signing in was granted is another thing: neither takes ' +
        'anything from the other.',
      body: startConnectionSchema,
      response: { 200: elsewhereSchema },
    },
    handler: async (request, reply) => ({ url: await begin(parts, deps, { request, reply }, request.body) }),
  });
  app.get(returnPath, {
    config: { permission: 'public', limit: 'doors', errors: ['store_unavailable'] },
    schema: {
      operationId: 'returnConnection',
      tags: ['Connections'],
      summary: 'Where GitHub sends the browser back to after a grant',
      querystring: z.object({
        code: z.string().max(500).optional(),
        state: z.string().max(200).optional(),
        error: z.string().max(100).optional(),
      }),
      response: { 302: z.null() },
    },
    handler: async (request, reply) => {
      const outcome = await comeBack(parts, deps, { request, reply }, request.query);
      return reply.redirect(`${connectionsPage}?${new URLSearchParams(outcome).toString()}`, 302);
    },
  });
}

type Exchange = { request: FastifyRequest; reply: FastifyReply };

async function begin(
  parts: GithubParts,
  deps: ServerDeps,
  exchange: Exchange,
  wish: z.infer<typeof startConnectionSchema>,
): Promise<string> {
  const { workspaceId } = exchange.request.viewer;
  const known =
    wish.connectionId === undefined
      ? null
      : await parts.store.inWorkspace(workspaceId, (trx) => readConnection(trx, wish.connectionId ?? ''));
  const client = (known === null ? null : await findClientOf(parts, known.client_id)) ?? (await findOauthClient(parts));
  if (client === null)
    throw new AppError(
      'not_configured',
      'No OAuth app and no GitHub App is set up here. Paste a token, or ask whoever runs this instance.',
    );
  // Asked for anew, or they would be missing from the new grant.
  const scopes = [
    ...new Set([...(known?.form === 'oauth' ? known.agreed : []), ...chooseScopes(wish.scopes)]),
  ].toSorted();
  const redirect = `${ownOrigin(exchange.request, deps)}${returnPath}`;
  const { state, challenge } = await beginFlow(parts, exchange, {
    purpose: 'oauth',
    details: { redirect, clientId: client.clientId, scopes, connectionId: known?.id ?? null },
  });
  const ask = new URLSearchParams({
    client_id: client.clientId,
    redirect_uri: redirect,
    state,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...(client.form === 'oauth' ? { scope: scopes.join(' ') } : {}),
    // With another account than the one that is signed in there nothing could be healed.
    ...(known === null ? {} : { login: known.login }),
  });
  return `${parts.github.url}/login/oauth/authorize?${ask.toString()}`;
}

function chooseScopes(wished: readonly string[] | undefined): readonly string[] {
  const unknown = wished?.find((scope) => !neededScopes.some(({ name }) => name === scope));
  if (unknown === undefined) return wished ?? usualScopes;
  throw new AppError('invalid_request', `Nothing here needs the scope ${unknown}.`, {
    problems: [{ path: 'body.scopes', message: `one of ${neededScopes.map(({ name }) => name).join(', ')}` }],
  });
}

async function comeBack(
  parts: GithubParts,
  deps: ServerDeps,
  exchange: Exchange,
  came: { code?: string | undefined; state?: string | undefined; error?: string | undefined },
): Promise<Record<string, string>> {
  const flow = await endFlow(parts, exchange, { purpose: 'oauth', state: came.state });
  if (flow === null) return { error: 'state' };
  if (came.error !== undefined || came.code === undefined) return { error: 'denied' };
  const details = detailsSchema.parse(flow.details);
  const client = await findClientOf(parts, details.clientId);
  if (client === null || flow.verifier === null) return { error: 'state' };
  try {
    const proof = { code: came.code, redirect: details.redirect, verifier: flow.verifier };
    return await keep(parts, deps, {
      request: exchange.request,
      flow,
      client,
      proof,
      connectionId: details.connectionId,
    });
  } catch (error) {
    if (error instanceof AppError) return { error: error.code === 'conflict' ? 'other_account' : 'gone' };
    if (error instanceof SourceRefused) return { error: error.kind === 'throttled' ? 'throttled' : 'failed' };
    throw error;
  }
}

async function keep(
  parts: GithubParts,
  deps: ServerDeps,
  come: {
    request: FastifyRequest;
    flow: Flow;
    client: OauthClient;
    proof: { code: string; redirect: string; verifier: string };
    connectionId: string | null;
  },
): Promise<Record<string, string>> {
  const { flow, client } = come;
  const exchanged = await exchangeCode(parts, client, come.proof);
  if ('error' in exchanged) return { error: 'failed' };
  const { account } = await readAccount(parts, { authorization: `Bearer ${exchanged.tokens.access ?? ''}` });
  const actor = {
    ...auditActor(come.request),
    accountId: flow.accountId,
    personId: flow.personId,
    via: 'session' as const,
  };
  const who = { workspaceId: flow.workspaceId, personId: flow.personId, actor, connectionId: come.connectionId };
  const saved = await saveGrant(parts, who, {
    kind: 'oauth',
    form: client.form,
    account,
    clientId: client.clientId,
    scopes: exchanged.scopes,
    permissions: {},
    tokens: exchanged.tokens,
    expiresAt: null,
  });
  for (const sourceId of saved.revived) deps.readSoon({ workspaceId: flow.workspaceId, sourceId });
  return { connected: saved.connectionId };
}

import { z } from 'zod';
import { SourceRefused } from '@devpulse/contract/source-client';
import { askGithub } from './ask-github.ts';
import type { Tokens } from './connection-secrets.ts';
import type { GithubParts } from './github-parts.ts';
import type { OauthClient } from './oauth-client.ts';

const givenSchema = z.looseObject({
  access_token: z.string().min(1),
  // Separated by commas; empty where nothing but what is public was granted.
  scope: z.string().default(''),
  expires_in: z.coerce.number().positive().optional(),
  refresh_token: z.string().min(1).optional(),
  refresh_token_expires_in: z.coerce.number().positive().optional(),
});
const refusedSchema = z.looseObject({ error: z.string() });

/** What a code or a refresh token was exchanged for, or the error that GitHub named: it answers both with 200. */
export type Exchanged = { tokens: Tokens; scopes: string[] } | { error: string };

/** Exchanges the code that a browser brought back. */
export function exchangeCode(
  parts: GithubParts,
  client: OauthClient,
  proof: { code: string; redirect: string; verifier: string },
): Promise<Exchanged> {
  return exchange(parts, client, { code: proof.code, redirect_uri: proof.redirect, code_verifier: proof.verifier });
}

/** Exchanges a refresh token, which is worth nothing from then on. */
export function exchangeRefresh(parts: GithubParts, client: OauthClient, refresh: string): Promise<Exchanged> {
  return exchange(parts, client, { grant_type: 'refresh_token', refresh_token: refresh });
}

async function exchange(parts: GithubParts, client: OauthClient, fields: Record<string, string>): Promise<Exchanged> {
  const answer = await askGithub(parts, {
    method: 'POST',
    at: 'web',
    path: '/login/oauth/access_token',
    form: { client_id: client.clientId, client_secret: client.clientSecret, ...fields },
  });
  const refused = refusedSchema.safeParse(answer.json);
  if (refused.success) return { error: refused.data.error };
  const given = givenSchema.safeParse(answer.json);
  if (!given.success || answer.status !== 200)
    throw new SourceRefused('failed', `GitHub answered ${answer.status} without a token`, { status: answer.status });
  const at = parts.now().getTime();
  const inSeconds = (seconds: number | undefined): Date | null =>
    seconds === undefined ? null : new Date(at + seconds * 1000);
  return {
    tokens: {
      access: given.data.access_token,
      refresh: given.data.refresh_token ?? null,
      accessExpiresAt: inSeconds(given.data.expires_in),
      refreshExpiresAt: inSeconds(given.data.refresh_token_expires_in),
    },
    scopes: given.data.scope.split(/[\s,]+/).filter((scope) => scope !== ''),
  };
}

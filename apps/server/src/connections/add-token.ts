import { AppError } from '@devpulse/contract/errors';
import { SourceRefused } from '@devpulse/contract/source-client';
import type { GithubParts } from './github-parts.ts';
import { countWrongToken, refuseAfterWrongTokens } from './limit-wrong-tokens.ts';
import { probeToken } from './probe-token.ts';
import { readAccount, type ReadAccount } from './read-account.ts';
import { type Granting, type Saved, saveGrant } from './save-grant.ts';

/** Keeps a token that somebody pasted, once GitHub has said whose it is and what it may. */
export async function addToken(parts: GithubParts, who: Granting, token: string): Promise<Saved> {
  refuseForeign(token);
  const authorization = `Bearer ${token}`;
  const account = who.actor.accountId ?? who.personId;
  await refuseAfterWrongTokens(parts.store, account);
  const read = await readOwner(parts, authorization, account);
  // A fine-grained token has no scopes; asking is the only way to learn what it may.
  const form = token.startsWith('github_pat_') || !read.saysScopes ? 'fine-grained' : 'classic';
  const budget = `${parts.github.host}|user|${read.account.number}`;
  return saveGrant(parts, who, {
    kind: 'token',
    form,
    account: read.account,
    clientId: null,
    scopes: read.scopes,
    permissions: form === 'classic' ? {} : await probeToken(parts, { authorization, budget }),
    tokens: { access: token, refresh: null, accessExpiresAt: read.expiresAt, refreshExpiresAt: null },
    expiresAt: read.expiresAt,
  });
}

/** Tokens that end within hours by design would be dead before the first night. */
function refuseForeign(token: string): void {
  if (!/^gh[usr]_/.test(token)) return;
  throw wrong('This is a token of an App, which runs out within hours. Make a personal access token.');
}

async function readOwner(parts: GithubParts, authorization: string, account: string): Promise<ReadAccount> {
  try {
    return await readAccount(parts, { authorization });
  } catch (error) {
    if (error instanceof SourceRefused && error.kind === 'unauthenticated') await countWrongToken(parts.store, account);
    if (error instanceof SourceRefused && (error.kind === 'unauthenticated' || error.kind === 'denied'))
      throw wrong(error.message);
    throw error;
  }
}

function wrong(message: string): AppError {
  return new AppError('invalid_request', message, { problems: [{ path: 'body.token', message }] });
}

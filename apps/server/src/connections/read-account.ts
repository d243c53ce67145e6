import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SourceRefused } from '@devpulse/contract/source-client';
import { askGithub, type GithubAnswer } from './ask-github.ts';
import type { GithubParts } from './github-parts.ts';
import { readScopes } from './grants.ts';

const userSchema = z.looseObject({
  id: z.number().int().positive(),
  login: z.string().min(1).max(100),
  type: z.string().max(40).default('User'),
});

/** Whose token it is and what it may, as GitHub says it beside any answer. */
export interface ReadAccount {
  account: { number: string; login: string; type: string };
  scopes: string[];
  /** Null where GitHub told none: a token of an App, or a fine-grained one. */
  saysScopes: boolean;
  expiresAt: Date | null;
}

/** Asks who the holder of a token is. Throws `unauthenticated` where GitHub does not know it. */
export async function readAccount(
  parts: GithubParts,
  signed: { authorization: string; budget?: string },
): Promise<ReadAccount> {
  // Whose limits it spends is only known afterwards; until then the token is counted by itself.
  const budget =
    signed.budget ??
    `${parts.github.host}|grant|${createHash('sha256').update(signed.authorization).digest('hex').slice(0, 16)}`;
  const answer = await askGithub(parts, { path: '/user', authorization: signed.authorization, budget });
  if (answer.status === 401)
    throw new SourceRefused('unauthenticated', 'GitHub does not know this token; it may have been revoked.', {
      status: 401,
    });
  const user = userSchema.safeParse(answer.json);
  if (answer.status !== 200 || !user.success)
    throw new SourceRefused('denied', `GitHub answered ${answer.status} when asked whose token it is.`, {
      status: answer.status,
    });
  return {
    account: { number: String(user.data.id), login: user.data.login, type: user.data.type },
    scopes: readScopes(answer.headers.get('x-oauth-scopes')),
    saysScopes: answer.headers.has('x-oauth-scopes'),
    expiresAt: readExpiry(answer),
  };
}

/** `2026-12-24 10:00:00 UTC`, or with an offset. */
function readExpiry({ headers }: GithubAnswer): Date | null {
  const text = headers.get('github-authentication-token-expiration') ?? '';
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) (UTC|[+-]\d{4})$/.exec(text.trim());
  if (match === null) return null;
  const [, day, time, zone = 'UTC'] = match;
  const at = new Date(`${day}T${time}${zone === 'UTC' ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(3)}`}`);
  return Number.isNaN(at.getTime()) ? null : at;
}

import type { FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { ServerDeps } from '../deps.ts';
import { headersFor } from './better-auth/carry-cookies.ts';
import { asking } from './better-auth/translate-error.ts';
import type { Exchange } from './enter.ts';
import { countAttempt, countGuess, forgetAttempts } from './limit-attempts.ts';
import { readSessionCookie } from './session-cookie.ts';
import { type SignInParts, sayWait } from './sign-in-parts.ts';
import { TooManyAttempts } from './too-many-attempts.ts';

/** Only a person who signed in gets as far as the routes of an account. */
export function accountOf(request: FastifyRequest): string {
  const { accountId } = request.viewer;
  if (accountId === null) throw new AppError('forbidden', 'Only a person who signed in has an account here.');
  return accountId;
}

/**
 * Does what hangs on a password; each try counts as an attempt to sign in, and at the account as well. Whoever finds a browser
 * open, or copied its cookie, could otherwise try passwords as often as they please.
 */
export async function limitGuesses<Result>(
  { store }: Pick<ServerDeps, 'store'>,
  { request, reply }: Exchange,
  work: () => Promise<Result>,
): Promise<Result> {
  const wait = (await countAttempt(store, request.ip)) || (await countGuess(store, accountOf(request)));
  if (wait > 0) sayWait(reply)(new TooManyAttempts(wait));
  const result = await work();
  await forgetAttempts(store, request.ip);
  return result;
}

/** Asks for the password again where there is one: a browser left open must not be enough to take an account over. */
export async function provePassword(
  parts: SignInParts,
  request: FastifyRequest,
  password: string | undefined,
): Promise<void> {
  const { rows } = await sql<{ has: boolean }>`
    select exists (
      select 1 from auth.account where user_id = ${accountOf(request)} and password is not null
    ) as has`.execute(parts.deps.store.auth);
  if (rows[0]?.has !== true) return demandFreshSession(parts.deps, request);
  const library = await parts.library.for(request);
  const headers = headersFor(request, readSessionCookie(request));
  await asking(library.verifyPassword({ body: { password: password ?? '' }, headers, returnHeaders: true }));
}

/**
 * Refuses what would leave a way in behind where no password stands in front of it: of a browser that was left open, or a cookie
 * that was copied, nobody must make a way in of their own. The same day counts for passkeys.
 */
export async function demandFreshSession({ store }: Pick<ServerDeps, 'store'>, request: FastifyRequest): Promise<void> {
  const { rows } = await sql<{ fresh: boolean }>`
    select created_at > now() - interval '1 day' as fresh from auth.session
    where id = ${request.viewer.sessionId} and user_id = ${accountOf(request)}`.execute(store.auth);
  if (rows[0]?.fresh !== true)
    throw new AppError('forbidden', 'This needs a session that is younger than a day. Sign in again.');
}

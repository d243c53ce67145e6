import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { Store } from '@devpulse/db/open-store';
import { auditActor, recordAccountAudit } from '../audit/record-audit.ts';
import { carryCookies, headersFor } from './better-auth/carry-cookies.ts';
import { asking } from './better-auth/translate-error.ts';
import type { Exchange } from './enter.ts';
import { countAttempt, countAttemptAt, countWrong, forgetAttempts } from './limit-attempts.ts';
import type { SignInParts } from './sign-in-parts.ts';
import { TooManyAttempts } from './too-many-attempts.ts';

/**
 * Signs somebody in by address and password and gives the token of the new session; null: the password was right, and a code is
 * asked for. An address of nobody and a wrong password get the same answer after the same work.
 */
export async function signIn(
  parts: SignInParts,
  wish: { email: string; password: string },
  exchange: Exchange,
): Promise<string | null> {
  const { store } = parts.deps;
  const { request, reply } = exchange;
  const wait = await countAttempt(store, request.ip);
  if (wait > 0) throw new TooManyAttempts(wait);
  const waitThere = await countAttemptAt(store, wish.email, request.ip);
  if (waitThere > 0) throw new TooManyAttempts(waitThere);
  const library = await parts.library.for(request);
  const { headers, response } = await asking(
    library.signInEmail({ body: wish, headers: headersFor(request, null), returnHeaders: true }),
  ).catch(async (error: unknown) => {
    if (error instanceof AppError && error.code === 'unauthenticated') {
      await countWrong(store, request.ip);
      parts.later(() => noteRefusal(store, wish.email, exchange));
    }
    throw error;
  });
  await forgetAttempts(store, request.ip);
  carryCookies(request, reply, headers);
  return 'token' in response ? response.token : null;
}

/** In the log of whoever the address belongs to: they should know that somebody tries. */
async function noteRefusal(store: Store, email: string, { request }: Exchange): Promise<void> {
  const { rows } = await sql<{ id: string }>`select id from auth."user" where email = ${email}`.execute(store.auth);
  const id = rows[0]?.id;
  if (id === undefined) return;
  await recordAccountAudit(store, id, {
    actor: auditActor(request),
    action: 'account.sign_in_refused',
    target: { kind: 'account', id },
    after: { means: 'password' },
  });
}

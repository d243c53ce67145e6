import type { FastifyRequest } from 'fastify';
import { headersFor } from './better-auth/carry-cookies.ts';
import type { SignInParts } from './sign-in-parts.ts';

/** Has the link mailed that proves an address; rejects when the mail server does not take it. */
export async function mailConfirmation(parts: SignInParts, request: FastifyRequest, email: string): Promise<void> {
  const library = await parts.library.for(request);
  await library.sendVerificationEmail({ body: { email }, headers: headersFor(request, null), returnHeaders: true });
}

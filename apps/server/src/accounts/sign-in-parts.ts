import type { FastifyReply } from 'fastify';
import type { App, ServerDeps } from '../deps.ts';
import { openSignInLibrary, type SignInLibrary } from './better-auth/sign-in-library.ts';
import { TooManyAttempts } from './too-many-attempts.ts';
import { openSignInEvents } from './sign-in-events.ts';

/** What the routes of signing in share. */
export interface SignInParts {
  deps: ServerDeps;
  library: SignInLibrary;
  /** For what must not keep whoever asks waiting, since how long it takes would tell them something. */
  later(work: () => Promise<unknown>): void;
}

/** Opens them for one process. */
export function openSignInParts(app: App, deps: ServerDeps): SignInParts {
  const pending = new Set<Promise<unknown>>();
  app.addHook('onClose', async () => {
    await Promise.allSettled(pending);
  });
  return {
    deps,
    library: openSignInLibrary(deps, openSignInEvents(deps)),
    later: (work) => {
      const running = work()
        .catch((error: unknown) => deps.log.warn({ err: error }, 'something after an answer of the sign-in failed'))
        .finally(() => pending.delete(running));
      pending.add(running);
    },
  };
}

/** Says in the header how long to wait, and passes the error on. */
export function sayWait(reply: FastifyReply): (error: unknown) => never {
  return (error) => {
    if (error instanceof TooManyAttempts) void reply.header('retry-after', String(error.waitSeconds));
    throw error;
  };
}

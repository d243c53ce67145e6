import type { FastifyRequest } from 'fastify';
import type { ServerDeps } from '../../deps.ts';
import { ownOrigin } from '../own-origin.ts';
import type { SignInEvents } from '../sign-in-events.ts';
import type { LibraryCalls } from './library-calls.ts';

/** The library as routes ask it. */
export interface SignInLibrary {
  /** For the browser that asks; the first call loads it. */
  for(request: FastifyRequest): Promise<LibraryCalls>;
}

// Each address under which people open the instance has its own: passkeys and the way back from GitHub belong to an address.
// Without a configured one anybody can name any, so that only the latest few are kept.
const mostOrigins = 4;

/** Opens nothing yet: the library is loaded by whoever signs in first. */
export function openSignInLibrary(deps: ServerDeps, events: SignInEvents): SignInLibrary {
  const opened = new Map<string, Promise<LibraryCalls>>();
  return {
    for: (request) => {
      const origin = ownOrigin(request, deps);
      const known = opened.get(origin);
      if (known !== undefined) {
        opened.delete(origin);
        opened.set(origin, known);
        return known;
      }
      const { store, keyring, mailer, github, log } = deps;
      const opening = import('./open-library.ts').then(({ openLibrary }) =>
        openLibrary({ origin, store, keyring, mailer, github, log, events }),
      );
      // What failed to open is tried anew by the next one who asks.
      opening.catch(() => opened.delete(origin));
      opened.set(origin, opening);
      for (const oldest of opened.keys()) {
        if (opened.size <= mostOrigins) break;
        opened.delete(oldest);
      }
      return opening;
    },
  };
}

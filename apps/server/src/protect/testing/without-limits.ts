import type { ServerDeps } from '../../deps.ts';
import { openStoreLimits } from '../limit-store.ts';
import { openLimiter } from '../open-limiter.ts';

/** For tests that ask so much that limits would answer instead of the routes. */
export function withoutLimits({ store }: Pick<ServerDeps, 'store'>): Pick<ServerDeps, 'protection'> {
  const limiter = openLimiter(openStoreLimits(store));
  return { protection: { limits: null, limiter, trustedProxies: [], tls: null } };
}

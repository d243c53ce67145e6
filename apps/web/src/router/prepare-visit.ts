import type { Address, Destination } from './address.ts';
import type { Params } from './match-path.ts';
import { findWay, redirectOf, type Route, type Way } from './route.ts';

/** What is on screen: an address, and how it is drawn. */
export interface Shown {
  readonly address: Address;
  readonly params: Params;
  /** From the outside in; what was loaded for them is in the cache of answers, so nothing of it is here. */
  readonly chain: readonly Pick<Route<never>, 'component' | 'errorComponent'>[];
  /** How deep in the chain something failed before it could be drawn. */
  readonly failure: { depth: number; error: unknown } | null;
  readonly found: boolean;
}

export type Outcome = { shown: Shown } | { redirect: Destination };

/** Everything that has to be there before an address can be shown; a failure is something to be shown, too. */
export async function prepareVisit<Context>(
  { ways, root, context }: { ways: readonly Way<Context>[]; root: Route<Context>; context: Context },
  address: Address,
): Promise<Outcome> {
  const way = findWay(ways, address.pathname);
  const { chain, params } = way ?? { chain: [root], params: {} };
  const shown = { address, params, chain, failure: null, found: way !== null };
  const visit = { ...address, context, params };
  for (const [depth, route] of chain.entries()) {
    try {
      route.beforeLoad?.(visit);
    } catch (error) {
      return endEarly(shown, depth, error);
    }
  }
  // Side by side: the code of a page and what it shows come in one round trip.
  const results = await Promise.allSettled(
    chain.map(async (route) => Promise.all([route.loader?.(visit), route.component?.preload?.()])),
  );
  for (const [depth, result] of results.entries())
    if (result.status === 'rejected') return endEarly(shown, depth, result.reason);
  return { shown };
}

function endEarly(shown: Shown, depth: number, error: unknown): Outcome {
  const redirect = redirectOf(error);
  return redirect === undefined ? { shown: { ...shown, failure: { depth, error } } } : { redirect };
}

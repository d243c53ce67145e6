import type { ComponentType } from 'react';
import type { Address, Destination } from './address.ts';
import { matchPath, type Params } from './match-path.ts';

/** What a route is told when somebody comes. */
export interface Visit<Context> extends Address {
  context: Context;
  params: Params;
}

/** A drawing that may have to be fetched first. */
export type Drawing<Props = object> = ComponentType<Props> & { preload?: () => Promise<unknown> };

/** A page, or with `children` what stands around pages. */
export interface Route<Context> {
  path?: string;
  /** Asked before anything is loaded, from the outside in; here one is sent elsewhere, by `redirect`. */
  beforeLoad?: (visit: Visit<Context>) => void;
  /** Done before the page appears. */
  loader?: (visit: Visit<Context>) => Promise<unknown>;
  /** Without one its children stand alone. */
  component?: Drawing;
  /** Drawn in its place when it cannot be. */
  errorComponent?: Drawing<{ error: unknown }>;
  children?: readonly Route<Context>[];
}

/** A page with everything around it, from the outside in. */
export interface Way<Context> {
  path: string;
  chain: readonly Route<Context>[];
}

/** Every page of a tree. */
export function listWays<Context>(route: Route<Context>, around: readonly Route<Context>[] = []): Way<Context>[] {
  const chain = [...around, route];
  const own = route.path === undefined ? [] : [{ path: route.path, chain }];
  return [...own, ...(route.children ?? []).flatMap((child) => listWays(child, chain))];
}

/** The page at an address. One that is named as it stands comes before one that leaves a part open. */
export function findWay<Context>(
  ways: readonly Way<Context>[],
  pathname: string,
): (Way<Context> & { params: Params }) | null {
  let best: (Way<Context> & { params: Params }) | null = null;
  for (const way of ways) {
    const params = matchPath(way.path, pathname);
    if (params !== null && (best === null || Object.keys(params).length < Object.keys(best.params).length))
      best = { ...way, params };
  }
  return best;
}

const redirects = new WeakMap<Error, Destination>();

/** Sends whoever comes here elsewhere; this page does not stay in the history. */
export function redirect(destination: Destination): never {
  const error = new Error(`This way leads to ${destination.to}`);
  redirects.set(error, destination);
  throw error;
}

export function redirectOf(error: unknown): Destination | undefined {
  return error instanceof Error ? redirects.get(error) : undefined;
}

import type { paths } from '../paths.ts';
import { parseSearch, stringifySearch } from '../search-text.ts';
import { type Params, writePath } from './match-path.ts';

/** An address within the screens. */
export interface Address {
  readonly pathname: string;
  readonly search: Readonly<Record<string, string>>;
  /** Without its sign. */
  readonly hash: string;
}

/** Where a link or an act leads. What is left out of the address is not in it. */
export interface Destination {
  /** A dot is the page one is on. */
  to: (typeof paths)[keyof typeof paths] | '.';
  params?: Params | undefined;
  search?: object | ((before: Address['search']) => object) | undefined;
  hash?: string | undefined;
  /** The way back does not lead to where one is now. */
  replace?: boolean | undefined;
}

export function readAddress(at: Pick<Location, 'pathname' | 'search' | 'hash'>): Address {
  return { pathname: trimPath(at.pathname), search: parseSearch(at.search), hash: at.hash.slice(1) };
}

export function writeAddress({ pathname, search, hash }: Address): string {
  return pathname + stringifySearch(search) + (hash === '' ? '' : `#${hash}`);
}

/** The address a destination means for somebody who is at `from`. */
export function resolveAddress({ to, params, search, hash = '' }: Destination, from: Address): Address {
  const wanted = typeof search === 'function' ? search(from.search) : (search ?? {});
  return {
    pathname: to === '.' ? from.pathname : writePath(to, params),
    search: parseSearch(stringifySearch(wanted as Record<string, unknown>)),
    hash,
  };
}

function trimPath(pathname: string): string {
  return pathname.replace(/(?<=.)\/+$/, '');
}

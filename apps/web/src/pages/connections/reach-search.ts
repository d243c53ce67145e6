import type { ReachSearch } from './connections-api.ts';

/** Reads the address; what cannot be meant is left out. */
export function readReachSearch({ search, owner, only }: Record<string, unknown>): ReachSearch {
  return {
    ...(typeof search === 'string' && search !== '' ? { search: search.slice(0, 200) } : {}),
    ...(typeof owner === 'string' && /^[\w.-]{1,100}$/.test(owner) ? { owner } : {}),
    ...(only === 'watched' || only === 'unwatched' ? { only } : {}),
  };
}

import { keepPreviousData, type QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import { ApiError } from './api-error.ts';
import { api, type Scope } from './api.ts';

/** The live channel says when something is no longer true; until then an answer stands. */
const untilTold = { staleTime: Number.POSITIVE_INFINITY };

export function createQueryClient(queryCache?: QueryCache): QueryClient {
  return new QueryClient({
    ...(queryCache === undefined ? {} : { queryCache }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        // What the server refuses it will refuse again; what did not arrive is asked for twice more.
        retry: (count, error) => count < 2 && (!(error instanceof ApiError) || (error.retry && error.status !== 0)),
        retryDelay: (count, error) =>
          error instanceof ApiError && error.retryAfterSeconds !== null
            ? Math.min(error.retryAfterSeconds, 10) * 1000
            : 500 * 2 ** count,
        // A server on this machine answers without a network, so the browser's own opinion decides nothing here.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
}

export const sessionQuery = queryOptions({ queryKey: ['session'], queryFn: () => api.session(), ...untilTold });
export const meQuery = queryOptions({ queryKey: ['me'], queryFn: () => api.me() });
export const workspaceQuery = queryOptions({ queryKey: ['workspace'], queryFn: () => api.workspace() });
/** Two are enough to know that somebody else is here. */
export const someoneElseQuery = queryOptions({ queryKey: ['people', 2], queryFn: () => api.people({ limit: 2 }) });

/** Who wrote the commits; a text narrows it down where there are more than can be listed. */
export function authorsQuery(search = '') {
  return queryOptions({
    queryKey: ['authors', search],
    queryFn: () => api.authors(search === '' ? undefined : search),
    placeholderData: keepPreviousData,
  });
}

/** Asks every few seconds while something is being read, should the live channel be blocked on the way. */
export const sourcesQuery = queryOptions({
  queryKey: ['sources'],
  queryFn: () => api.sources(),
  refetchInterval: ({ state }) => {
    if (state.data === undefined) return false;
    const { sources, work } = state.data;
    const busy = sources.some((source) => source.state === 'reading' || source.state === 'new');
    return busy || work.pendingEvents > 0 || work.pendingDays > 0 ? 2_000 : 60_000;
  },
});

export const demoQuery = queryOptions({
  queryKey: ['demo'],
  queryFn: () => api.demo(),
  refetchInterval: ({ state }) => (state.data?.state === 'making' ? 1_000 : false),
});

export function foldersQuery(path: string | undefined) {
  return queryOptions({ queryKey: ['folders', path ?? null], queryFn: () => api.folders(path), retry: false });
}

/** Enough to name one that is chosen. */
export const repositoryNamesQuery = queryOptions({
  queryKey: ['repositories', 'names'],
  queryFn: () => api.repositories({ limit: 500 }),
});

export function widgetQuery(id: string, scope: Scope) {
  return queryOptions({
    queryKey: ['widget', id, scope],
    queryFn: ({ signal }) => api.widget(id, scope, signal),
    ...untilTold,
    placeholderData: keepPreviousData,
  });
}

import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { api } from './api.ts';

/** Repositories whose name holds a text, page by page. */
export function repositoriesQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: ['repositories', search],
    queryFn: ({ pageParam }) =>
      api.repositories({ search: search === '' ? undefined : search, cursor: pageParam, limit: 100 }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

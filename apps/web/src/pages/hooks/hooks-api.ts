import { queryOptions } from '@tanstack/react-query';
import type { HookList, HookView } from '@devpulse/contract/wire/hooks';
import { send } from '../../send-request.ts';

/** Webhooks that are there, and whether GitHub can deliver here at all. Beneath the sources, so that what changes those renews it. */
export const hooksQuery = queryOptions({
  queryKey: ['sources', 'hooks'],
  queryFn: () => send<HookList>('GET', '/api/v1/hooks'),
});

const of = (sourceId: string): string => `/api/v1/sources/${sourceId}/hook`;

export const hooksApi = {
  make: (sourceId: string, reach: HookView['reach']) => send<HookView>('POST', of(sourceId), { body: { reach } }),
  remove: (sourceId: string) => send<{ left: string | null }>('DELETE', of(sourceId)),
  removeOne: (id: string) => send<{ left: string | null }>('DELETE', `/api/v1/hooks/${id}`),
  rotate: (id: string) => send<HookView>('POST', `/api/v1/hooks/${id}/rotate`),
};

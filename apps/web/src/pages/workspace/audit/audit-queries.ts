import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { AuditChain, AuditChoices, AuditPage } from '@devpulse/contract/wire/audit';
import { isDay } from '../../../range/days.ts';
import { send } from '../../../send-request.ts';

const address = '/api/v1/audit';
// Thousands of hashes are computed for this.
const chainPatienceMs = 60_000;

/** What the page narrows the log down to; it stands in the address. */
export interface AuditSearch {
  action?: string;
  actor?: string;
  from?: string;
  to?: string;
}

/** Reads the address; what cannot be meant is left out. */
export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const { action, actor, from, to } = search;
  return {
    ...(typeof action === 'string' && /^[a-z_]+\.[a-z_]+$/.test(action) ? { action } : {}),
    ...(typeof actor === 'string' && /^[0-9a-f-]{36}$/.test(actor) ? { actor } : {}),
    ...(typeof from === 'string' && isDay(from) ? { from } : {}),
    ...(typeof to === 'string' && isDay(to) ? { to } : {}),
  };
}

export function auditQuery(search: AuditSearch) {
  return infiniteQueryOptions({
    queryKey: ['audit', search],
    queryFn: ({ pageParam }) => send<AuditPage>('GET', address, { query: { ...search, cursor: pageParam, limit: 50 } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export const auditChoicesQuery = queryOptions({
  queryKey: ['audit choices'],
  queryFn: () => send<AuditChoices>('GET', `${address}/choices`),
});

export const auditChainQuery = queryOptions({
  queryKey: ['audit chain'],
  queryFn: () => send<AuditChain>('GET', `${address}/chain`, { patienceMs: chainPatienceMs }),
});

/** Where the browser fetches the log as a file. */
export function exportAddress(search: AuditSearch, format: 'csv' | 'jsonl'): string {
  return `${address}/export?${new URLSearchParams({ format, ...search }).toString()}`;
}

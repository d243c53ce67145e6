import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { deliveryDetailSchema, deliveryPageSchema } from '@devpulse/contract/wire/hooks';
import { type RawState, rawStates } from '@devpulse/contract/raw-event';
import { isDay } from '../../../range/days.ts';
import { send } from '../../../send-request.ts';

type Output<S extends { _output: unknown }> = S['_output'];

const base = '/api/v1/deliveries';

/** What the log is narrowed down to; it stands in the address. */
export interface DeliverySearch {
  event?: string;
  state?: RawState;
  repository?: string;
  repeated?: 'true';
  from?: string;
  to?: string;
}

/** Reads the address; what cannot be meant is left out. */
export function readDeliverySearch(search: Record<string, unknown>): DeliverySearch {
  const { event, state, repository, repeated, from, to } = search;
  const known = rawStates.find((one) => one === state);
  return {
    ...(typeof event === 'string' && /^[a-z][a-z0-9_.-]{0,58}$/.test(event) ? { event } : {}),
    ...(known === undefined ? {} : { state: known }),
    ...(typeof repository === 'string' && repository !== '' ? { repository: repository.slice(0, 200) } : {}),
    ...(repeated === 'true' ? { repeated } : {}),
    ...(typeof from === 'string' && isDay(from) ? { from } : {}),
    ...(typeof to === 'string' && isDay(to) ? { to } : {}),
  };
}

export function deliveriesQuery(search: DeliverySearch) {
  const { from, to, ...rest } = search;
  return infiniteQueryOptions({
    queryKey: ['deliveries', search],
    queryFn: ({ pageParam }) =>
      send<Output<typeof deliveryPageSchema>>('GET', base, {
        query: { ...rest, from: startOf(from), to: startOf(to, 1), cursor: pageParam, limit: 50 },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    // Whoever watches a hook being tried waits for the next line.
    refetchInterval: 10_000,
  });
}

/** Days are the browser's here: the log is for looking, nothing is counted by it. */
function startOf(day: string | undefined, later = 0): string | undefined {
  if (day === undefined) return undefined;
  const start = new Date(`${day}T00:00:00`);
  start.setDate(start.getDate() + later);
  return start.toISOString();
}

export function deliveryQuery(id: string) {
  return queryOptions({
    queryKey: ['delivery', id],
    queryFn: () => send<Output<typeof deliveryDetailSchema>>('GET', `${base}/${id}`),
  });
}

export const replayDeliveries = (ids: readonly string[]): Promise<{ replayed: number }> =>
  send('POST', `${base}/replay`, { body: { ids } });

import { infiniteQueryOptions } from '@tanstack/react-query';
import type { ReceiptQuestion } from '@devpulse/ui/receipts-context';
import { api } from '../api.ts';

/** A receipt with its records, page by page; it stands until the live channel says otherwise. */
export function receiptQuery({ metric, ...scope }: ReceiptQuestion) {
  return infiniteQueryOptions({
    queryKey: ['receipt', metric, scope],
    queryFn: ({ pageParam, signal }) => api.receipt(metric, { ...scope, cursor: pageParam, limit: 20 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

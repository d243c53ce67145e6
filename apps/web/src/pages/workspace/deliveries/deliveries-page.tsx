import './deliveries.css';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatCount, nameUnit } from '@devpulse/ui/format/format-number';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { describeError } from '../../../api-error.ts';
import { addToast } from '../../../frame/toasts.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { useNavigate, useSearch } from '../../../router/use-router.ts';
import { deliveriesQuery, type DeliverySearch, readDeliverySearch, replayDeliveries } from './deliveries-api.ts';
import { DeliveryDetail } from './delivery-detail.tsx';
import { DeliveryFilters } from './delivery-filters.tsx';
import { DeliveryTable } from './delivery-table.tsx';
import { HookList } from './hook-list.tsx';
import { HookNote } from './hook-note.tsx';

/** What webhooks delivered to this workspace, and what became of each. */
export function DeliveriesPage(): ReactElement {
  const search = useSearch(readDeliverySearch);
  const navigate = useNavigate();
  const { me } = useViewer();
  const [open, setOpen] = useState<string | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const query = useInfiniteQuery(deliveriesQuery(search));
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const replay = useReplay(() => setChosen(new Set()));
  const deliveries = data?.pages.flatMap((page) => page.deliveries) ?? [];
  const narrow = (wanted: DeliverySearch): void => void navigate({ to: '.', search: wanted, replace: true });
  const isNarrowed = Object.keys(search).length > 0;
  return (
    <div className="page-body workspace-page deliveries-page">
      <HookNote />
      {(isNarrowed || deliveries.length > 0) && <DeliveryFilters search={search} onChange={narrow} />}
      {isPending && <Skeleton height="16rem" shape="block" />}
      {data === undefined && error !== null && (
        <ErrorNote
          title="The deliveries could not be listed"
          action={<Button onClick={() => void refetch()}>Try again</Button>}
        >
          {describeError(error)}
        </ErrorNote>
      )}
      {data !== undefined && deliveries.length === 0 && (
        <EmptyState
          title={isNarrowed ? 'No delivery fits.' : 'No webhook has delivered anything yet.'}
          action={isNarrowed && <Button onClick={() => narrow({})}>Show everything</Button>}
        >
          {isNarrowed
            ? 'They are kept as long as raw events are.'
            : 'Nothing is lost by that: changes are found by asking, only later.'}
        </EmptyState>
      )}
      {deliveries.length > 0 && (
        <DeliveryTable
          deliveries={deliveries}
          zone={me.effectiveZone}
          chosen={chosen}
          onChoose={setChosen}
          onOpen={setOpen}
        />
      )}
      <div className="delivery-foot">
        {hasNextPage && (
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            Show more
          </Button>
        )}
        {chosen.size > 0 && (
          <Button tone="primary" busy={replay.isPending} onClick={() => replay.mutate([...chosen])}>
            Read {formatCount(chosen.size)} again
          </Button>
        )}
      </div>
      <HookList />
      {open !== null && (
        <DeliveryDetail
          id={open}
          zone={me.effectiveZone}
          isReplaying={replay.isPending}
          onReplay={() => replay.mutate([open])}
          onOpen={setOpen}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  );
}

function useReplay(onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: readonly string[]) => replayDeliveries(ids.slice(0, 1_000)),
    onSuccess: ({ replayed }) => {
      onDone();
      addToast({
        text:
          replayed === 0
            ? 'None was read again: what waits already and what has no body stays as it is.'
            : `${formatCount(replayed)} ${nameUnit(replayed, 'deliveries')} put back to be read again.`,
      });
    },
    onError: (error) => addToast({ text: `They were not read again. ${describeError(error)}` }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['deliveries'] }),
        client.invalidateQueries({ queryKey: ['delivery'] }),
      ]),
  });
}

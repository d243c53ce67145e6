import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { ConnectionView } from '@devpulse/contract/wire/connections';
import { Button } from '@devpulse/ui/button.tsx';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { formatCount, nameUnit } from '@devpulse/ui/format/format-number';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { describeError } from '../../api-error.ts';
import { addToast } from '../../frame/toasts.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { useNavigate, useSearch } from '../../router/use-router.ts';
import { ChosenBar } from './chosen-bar.tsx';
import { connectionsApi, connectionsKey, reachQuery, type ReachSearch } from './connections-api.ts';
import { ReachFilters } from './reach-filters.tsx';
import { readReachSearch } from './reach-search.ts';
import { RepositoryTable } from './repository-table.tsx';

/** What a connection reaches, found by the server, and the choice of what is watched. */
export function ReachedRepositories({ connection }: { connection: ConnectionView }): ReactElement {
  const search = useSearch(readReachSearch);
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const query = useInfiniteQuery(reachQuery(connection.id, search));
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const refresh = useRefresh(connection);
  const rows = data?.pages.flatMap((page) => page.repositories) ?? [];
  const first = data?.pages[0];
  const narrow = (wanted: ReachSearch): void => void navigate({ to: '.', search: wanted, replace: true });
  const isNarrowed = Object.keys(search).length > 0;
  // Of a list without a row nothing tells later that it was made.
  const isListed = isNarrowed || refresh.data !== undefined || (first !== undefined && first.listedAt !== null);
  return (
    <section aria-labelledby="repositories">
      <header className="connection-bar">
        <h2 id="repositories">Repositories to watch</h2>
        {first !== undefined && isListed && connection.isReading && (
          <ListedAt listedAt={first.listedAt} isPending={refresh.isPending} onRefresh={() => refresh.mutate()} />
        )}
      </header>
      {refresh.error !== null && (
        <ErrorNote title="GitHub did not list them">
          {describeError(refresh.error)} The list below is the former one.
        </ErrorNote>
      )}
      {data === undefined && error === null && <Skeleton height="12rem" shape="block" />}
      {data === undefined && error !== null && (
        <ErrorNote
          title="The repositories could not be listed"
          action={<Button onClick={() => void refetch()}>Try again</Button>}
        >
          {describeError(error)}
        </ErrorNote>
      )}
      {first !== undefined && !isListed && (
        <NotListed connection={connection} isPending={refresh.isPending} onRefresh={() => refresh.mutate()} />
      )}
      {first !== undefined && isListed && (
        <>
          <ReachFilters search={search} owners={first.owners} onChange={narrow} />
          <p className="page-note" role="status">
            {describeTotal(rows.length, first.total, isNarrowed)}
          </p>
          {rows.length === 0 ? (
            <EmptyState
              title={isNarrowed ? 'No repository fits.' : 'This connection reaches no repository.'}
              action={isNarrowed && <Button onClick={() => narrow({})}>Show all</Button>}
            >
              {isNarrowed
                ? 'Look for a part of the name, or in every owner.'
                : 'What it may stands above: GitHub lists only what was granted.'}
            </EmptyState>
          ) : (
            <RepositoryTable rows={rows} chosen={chosen} onChoose={setChosen} />
          )}
          {hasNextPage && (
            <div>
              <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                Show more
              </Button>
            </div>
          )}
          <ChosenBar connection={connection} rows={rows} chosen={chosen} onDone={() => setChosen(new Set())} />
        </>
      )}
    </section>
  );
}

function useRefresh({ id }: ConnectionView) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => connectionsApi.refresh(id),
    onSuccess: ({ reached, added, gone }) => {
      const news = [
        ...(added > 0 ? [`${formatCount(added)} new`] : []),
        ...(gone > 0 ? [`${formatCount(gone)} gone`] : []),
      ];
      addToast({
        text: `${formatCount(reached)} ${nameUnit(reached, 'repositories')} listed${news.length === 0 ? '.' : `, ${news.join(', ')}.`}`,
      });
    },
    onSettled: () => client.invalidateQueries({ queryKey: connectionsKey }),
  });
}

function NotListed(props: { connection: ConnectionView; isPending: boolean; onRefresh: () => void }): ReactElement {
  return (
    <EmptyState
      title="GitHub has not been asked yet what this connection reaches."
      action={
        props.connection.isReading && (
          <Button tone="primary" busy={props.isPending} onClick={props.onRefresh}>
            {props.isPending ? 'GitHub is listing them' : 'List the repositories'}
          </Button>
        )
      }
    >
      {props.connection.isReading
        ? 'A thousand repositories take about ten requests. Nothing is read before you choose.'
        : 'That is possible once the connection works again.'}
    </EmptyState>
  );
}

function ListedAt(props: { listedAt: string | null; isPending: boolean; onRefresh: () => void }): ReactElement {
  const { me } = useViewer();
  return (
    <span className="connection-listed">
      <small>
        {props.listedAt === null ? 'not listed yet' : `listed ${formatInstant(props.listedAt, me.effectiveZone)}`}
      </small>
      <Button busy={props.isPending} onClick={props.onRefresh}>
        {props.isPending ? 'GitHub is listing them' : 'Refresh the list'}
      </Button>
    </span>
  );
}

function describeTotal(shown: number, total: number, isNarrowed: boolean): string {
  const all = `${formatCount(total)} ${nameUnit(total, 'repositories')}${isNarrowed ? ' that fit' : ''}`;
  return shown < total ? `The first ${formatCount(shown)} of ${all}, by name` : all;
}

import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, use, useState, type ComponentType, type ReactElement } from 'react';
import type { WidgetAnswer } from '@devpulse/contract/wire/widgets';
import { Button } from '@devpulse/ui/button.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { Tile } from '@devpulse/ui/tile.tsx';
import { TileBoundary } from '@devpulse/ui/tile-boundary.tsx';
import { TileViewContext } from '@devpulse/ui/tile-view-context';
import type { ListedWidget, TileAnswer } from '@devpulse/ui/view-props';
import type { Scope } from '../api.ts';
import { ApiError, describeError } from '../api-error.ts';
import { widgetQuery } from '../queries.ts';
import { describeOwnDays, describeTile } from './describe-tile.ts';
import { OpenTileContext } from './open-tile-context.ts';
import { useSlowly } from './use-slowly.ts';

/** One tile of a board: asks its question, and draws whatever comes of it. */
export function BoardTile({ widget, scope }: { widget: ListedWidget; scope: Scope }): ReactElement {
  return (
    <div className="tile-slot" data-tile={widget.id}>
      <TileBoundary
        title={widget.title}
        span={widget.span}
        // Drawn again, it is fetched again: it may be the code that did not arrive.
        onError={() => views.delete(widget.id)}
      >
        <AskingTile widget={widget} scope={scope} />
      </TileBoundary>
    </div>
  );
}

function AskingTile({ widget, scope }: { widget: ListedWidget; scope: Scope }): ReactElement {
  const {
    data: answer,
    error,
    isPending,
    isPlaceholderData,
    isFetching,
    refetch,
  } = useQuery(widgetQuery(widget.id, scope));
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const openTile = use(OpenTileContext);
  const slow = useSlowly(isPending || isPlaceholderData);
  const failure =
    error === null
      ? null
      : {
          words: describeError(error),
          at: error instanceof ApiError ? error.requestId : null,
          denied: error instanceof ApiError && error.code === 'forbidden',
        };
  const shown = describeTile({ answer, failure, now: new Date() });
  return (
    <Tile
      title={widget.title}
      parameter={answer === undefined ? undefined : describeOwnDays(answer)}
      span={widget.span}
      state={shown.state}
      stateWord={shown.word}
      // Old figures that stay while new ones are counted say so, once that takes long.
      asOf={slow ? 'Still counting' : answer?.asOf ? formatInstant(answer.asOf, answer.subject.zone) : undefined}
      reason={shown.reason}
      action={
        failure === null || failure.denied ? undefined : (
          <Button busy={isFetching} onClick={() => void refetch()}>
            Try now
          </Button>
        )
      }
      loading={isPending}
      slow={slow ? 'Still counting' : undefined}
      open={openTile === widget.id}
      menu={
        <Suspense fallback={null}>
          <TileMenu widget={widget} scope={scope} view={view} onView={setView} />
        </Suspense>
      }
    >
      {answer === undefined || answer.result === null || failure?.denied ? null : (
        <div className="tile-view" data-old={isPlaceholderData ? '' : undefined}>
          <TileViewContext value={view}>
            <WidgetView widget={widget} answer={answer} />
          </TileViewContext>
        </div>
      )}
    </Tile>
  );
}

// Not in the way of the first view: it has its own place in the corner of the tile.
const TileMenu = lazy(async () => ({ default: (await import('./tile-menu.tsx')).TileMenu }));

type View = ComponentType<{ result: never; answer: TileAnswer }>;
const views = new Map<string, View>();

/** The drawing half arrives after the first paint, a chunk of its own each. */
function viewOf(widget: ListedWidget): View {
  let view = views.get(widget.id);
  if (view === undefined) {
    view = lazy(async () => ({ default: (await widget.load()).View }));
    views.set(widget.id, view);
  }
  return view;
}

function WidgetView({ widget, answer }: { widget: ListedWidget; answer: WidgetAnswer }): ReactElement {
  const View = viewOf(widget);
  return (
    <Suspense fallback={<NotDrawnYet />}>
      <View result={answer.result as never} answer={answer} />
    </Suspense>
  );
}

/** The answer came before the code that draws it. */
function NotDrawnYet(): ReactElement {
  return (
    <div className="tile-skeleton">
      <Skeleton width="4.5rem" height="1.5rem" />
      <Skeleton height="100%" shape="block" />
    </div>
  );
}

import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Grid } from '@devpulse/ui/grid.tsx';
import { StateChip } from '@devpulse/ui/state-chip.tsx';
import { ApiError, describeError } from '../api-error.ts';
import { PageHead } from '../frame/page-head.tsx';
import { useViewer } from '../frame/use-viewer.ts';
import { paths } from '../paths.ts';
import { viewablePersonQuery } from '../people/people-queries.ts';
import { Link } from '../router/link.tsx';
import { useSearch } from '../router/use-router.ts';
import { BoardBar } from './board-bar.tsx';
import { readBoardSearch } from './board-search.ts';
import { BoardTile } from './board-tile.tsx';
import { boardTiles } from './board-tiles.ts';
import { scopeOf } from './scope-of.ts';

/** The board of somebody else: their own numbers, in their own days, for whoever may be told them. */
export function PersonBoard({ id }: { id: string }): ReactElement {
  const { me, workspace } = useViewer();
  const search = useSearch(readBoardSearch);
  const { data: person, error } = useQuery({ ...viewablePersonQuery(id), retry: false });
  const today = person?.today ?? me.today;
  const scope = scopeOf(search, today, workspace.weekStart);
  return (
    <>
      <PageHead
        title={person?.name ?? 'Home'}
        bar={<BoardBar search={search} window={scope} today={today} zone={person?.zone ?? me.effectiveZone} />}
      />
      {error !== null && <NotTold error={error} />}
      {person !== undefined && error === null && (
        <Grid label="Board">
          {boardTiles(scope).map((widget) => (
            <BoardTile key={widget.id} widget={widget} scope={scope} />
          ))}
        </Grid>
      )}
    </>
  );
}

function NotTold({ error }: { error: Error }): ReactElement {
  const code = error instanceof ApiError ? error.code : null;
  if (code !== 'forbidden' && code !== 'not_found')
    return (
      <div className="page-body">
        <ErrorNote title="The numbers could not be fetched">{describeError(error)}</ErrorNote>
      </div>
    );
  return (
    <div className="page-body">
      {code === 'forbidden' && (
        <p>
          <StateChip state="denied" />
        </p>
      )}
      <EmptyState
        title={code === 'forbidden' ? 'These numbers are not yours to see.' : 'There is no such person here.'}
        action={
          <Link to={paths.home} className="btn btn-primary">
            Back to your own
          </Link>
        }
      >
        {code === 'forbidden'
          ? describeError(error)
          : 'The address may be of another workspace, or of somebody whose data were removed.'}
      </EmptyState>
    </div>
  );
}

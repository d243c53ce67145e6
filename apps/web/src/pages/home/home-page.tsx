import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { Grid } from '@devpulse/ui/grid.tsx';
import { BoardBar } from '../../board/board-bar.tsx';
import { BoardTile } from '../../board/board-tile.tsx';
import { boardTiles } from '../../board/board-tiles.ts';
import { scopeOf } from '../../board/scope-of.ts';
import { PageHead } from '../../frame/page-head.tsx';
import { useViewer } from '../../frame/use-viewer.ts';
import { paths } from '../../paths.ts';
import { sourcesQuery } from '../../queries.ts';

/** The first board. */
export function HomePage(): ReactElement {
  const { me, workspace } = useViewer();
  const search = useSearch({ from: '/framed/' });
  const scope = scopeOf(search, me.today, workspace.weekStart);
  const { data: read } = useQuery(sourcesQuery);
  const nothing = read !== undefined && read.sources.length === 0 && read.work.commits === 0;
  const zone = search.subject === 'workspace' ? workspace.zone : me.effectiveZone;
  return (
    <>
      <PageHead
        title="Home"
        bar={nothing ? undefined : <BoardBar search={search} window={scope} today={me.today} zone={zone} />}
      />
      {nothing ? (
        <NothingYet />
      ) : (
        <Grid label="Board">
          {boardTiles(scope).map((widget) => (
            <BoardTile key={widget.id} widget={widget} scope={scope} />
          ))}
        </Grid>
      )}
    </>
  );
}

function NothingYet(): ReactElement {
  return (
    <div className="page-body">
      <EmptyState
        title="Nothing is read yet."
        action={
          <Link to={paths.setup} className="btn btn-primary">
            Add a source
          </Link>
        }
      >
        This board shows what you did, once DevPulse may look somewhere: a folder with git repositories on this machine
        is enough.
      </EmptyState>
    </div>
  );
}

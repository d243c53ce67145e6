import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, type ReactElement } from 'react';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { Grid } from '@devpulse/ui/grid.tsx';
import { BoardBar } from '../../board/board-bar.tsx';
import { personOf, readBoardSearch } from '../../board/board-search.ts';
import { BoardTile } from '../../board/board-tile.tsx';
import { boardTiles } from '../../board/board-tiles.ts';
import { scopeOf } from '../../board/scope-of.ts';
import { PageHead } from '../../frame/page-head.tsx';
import { useMay } from '../../frame/use-may.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { paths } from '../../paths.ts';
import { sourcesQuery } from '../../queries.ts';
import { Link } from '../../router/link.tsx';
import { useSearch } from '../../router/use-router.ts';

const PersonBoard = lazy(async () => ({ default: (await import('../../board/person-board.tsx')).PersonBoard }));

/** The first board: one's own, everybody's, or that of somebody else. */
export function HomePage(): ReactElement {
  const { me } = useViewer();
  const { subject } = useSearch(readBoardSearch);
  const person = personOf(subject);
  if (person === undefined || person === me.id) return <OwnBoard />;
  return (
    <Suspense fallback={<PageHead title="Home" />}>
      <PersonBoard key={person} id={person} />
    </Suspense>
  );
}

function OwnBoard(): ReactElement {
  const { me, workspace } = useViewer();
  const search = useSearch(readBoardSearch);
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
  const { session } = useViewer();
  const mayManage = useMay('sources.manage');
  return (
    <div className="page-body">
      <EmptyState
        title="Nothing is read yet."
        action={
          mayManage && (
            <Link to={session.runsInstance ? paths.setup : paths.sources} className="btn btn-primary">
              Add a source
            </Link>
          )
        }
      >
        {mayManage && session.runsInstance
          ? 'This board shows what you did, once DevPulse may look somewhere: a folder with git repositories on this machine is enough.'
          : `This board shows what you did, once ${mayManage ? 'a source is there' : 'an owner or admin of the workspace has added a source'}.`}
      </EmptyState>
    </div>
  );
}

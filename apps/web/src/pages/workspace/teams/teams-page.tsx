import './teams.css';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import type { TeamEntry } from '@devpulse/contract/wire/teams';
import { Button } from '@devpulse/ui/button.tsx';
import { Checkbox } from '@devpulse/ui/checkbox.tsx';
import { type Column, DataTable } from '@devpulse/ui/data-table.tsx';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { describeError } from '../../../api-error.ts';
import { useMay } from '../../../frame/use-may.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { paths } from '../../../paths.ts';
import { Link } from '../../../router/link.tsx';
import { useNavigate, useSearch } from '../../../router/use-router.ts';
import { TeamDetail } from './team-detail.tsx';
import { teamsQuery } from './team-queries.ts';

const TeamDialog = lazy(async () => ({ default: (await import('./team-dialog.tsx')).TeamDialog }));

/** The teams of the workspace, or one of them. */
export function TeamsPage(): ReactElement {
  const { team } = useSearch(readTeamSearch);
  return <div className="page-body workspace-page">{team === undefined ? <TeamList /> : <TeamDetail id={team} />}</div>;
}

function readTeamSearch(search: Record<string, unknown>): { team?: string } {
  return typeof search['team'] === 'string' ? { team: search['team'] } : {};
}

function TeamList(): ReactElement {
  const { workspace } = useViewer();
  const isAlone = workspace.kind === 'personal';
  const mayManage = useMay('teams.manage') && !isAlone;
  const navigate = useNavigate();
  const [archived, setArchived] = useState(false);
  const [making, setMaking] = useState(false);
  const { data, error, refetch } = useQuery(teamsQuery(archived));
  return (
    <>
      <div className="teams-head">
        <p className="page-note">
          Managers see the numbers of whoever is in their team today. Everybody sees who is in which team.
        </p>
        {mayManage && (
          <Button tone="primary" icon="plus" onClick={() => setMaking(true)}>
            New team
          </Button>
        )}
      </div>
      <Teams
        data={data?.teams}
        error={error}
        onRetry={() => void refetch()}
        mayManage={mayManage}
        isAlone={isAlone}
        archived={archived}
      />
      <Checkbox
        label="Show archived teams"
        checked={archived}
        onChange={(event) => setArchived(event.currentTarget.checked)}
      />
      {making && (
        <Suspense fallback={null}>
          <TeamDialog
            onClose={() => setMaking(false)}
            onDone={({ id }) => void navigate({ to: paths.workspaceTeams, search: { team: id } })}
          />
        </Suspense>
      )}
    </>
  );
}

interface TeamsProps {
  data: readonly TeamEntry[] | undefined;
  error: Error | null;
  onRetry: () => void;
  mayManage: boolean;
  /** In a personal workspace nobody can be put into a team. */
  isAlone: boolean;
  archived: boolean;
}

function Teams({ data, error, onRetry, mayManage, isAlone, archived }: TeamsProps): ReactElement {
  if (data === undefined)
    return error === null ? (
      <Skeleton height="8rem" shape="block" />
    ) : (
      <ErrorNote title="The teams could not be listed" action={<Button onClick={onRetry}>Try again</Button>}>
        {describeError(error)}
      </ErrorNote>
    );
  if (data.length === 0 && isAlone) return <OnlyForTeams />;
  if (data.length === 0)
    return (
      <EmptyState title={archived ? 'There is no team, and none in the archive.' : 'There is no team yet.'}>
        {mayManage
          ? 'Make one, put people into it and say who manages it.'
          : 'Owners and admins of the workspace make teams.'}
      </EmptyState>
    );
  return <DataTable caption="Teams" columns={columns} rows={data} rowKey={(team) => team.id} />;
}

function OnlyForTeams(): ReactElement {
  return (
    <EmptyState
      title="This workspace is yours alone"
      action={
        <Link to={paths.workspaceGeneral} className="btn">
          Make it a team’s
        </Link>
      }
    >
      Teams are made of members. Make it a team’s workspace to have some, or make a new one from the switcher.
    </EmptyState>
  );
}

const columns: readonly Column<TeamEntry>[] = [
  {
    key: 'name',
    head: 'Team',
    rowHead: true,
    grow: true,
    cell: (team) => (
      <>
        <Link to={paths.workspaceTeams} search={{ team: team.id }} className="link">
          {team.name}
        </Link>
        {team.archivedAt !== null && <span className="quiet"> (archived)</span>}
      </>
    ),
  },
  { key: 'members', head: 'People today', align: 'end', cell: (team) => team.members },
  {
    key: 'managers',
    head: 'Managed by',
    wrap: true,
    wideOnly: true,
    cell: (team) => (team.managers.length === 0 ? '—' : team.managers.map(({ name }) => name).join(', ')),
  },
];

import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import type { Duty, StayView, TeamView } from '@devpulse/contract/wire/teams';
import { Button } from '@devpulse/ui/button.tsx';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { ApiError, describeError } from '../../../api-error.ts';
import { useMay } from '../../../frame/use-may.ts';
import { paths } from '../../../paths.ts';
import { Link } from '../../../router/link.tsx';
import { StayTable } from './stay-table.tsx';
import { teamActs, teamQuery } from './team-queries.ts';
import { useTeamAct } from './use-team-act.ts';

const TeamDialog = lazy(async () => ({ default: (await import('./team-dialog.tsx')).TeamDialog }));
const AddDialog = lazy(async () => ({ default: (await import('./add-dialog.tsx')).AddDialog }));
const StayDialog = lazy(async () => ({ default: (await import('./stay-dialog.tsx')).StayDialog }));

/** One team: who is in it, who manages it, and who was. */
export function TeamDetail({ id }: { id: string }): ReactElement {
  const { data: team, error, refetch } = useQuery({ ...teamQuery(id), retry: false });
  return (
    <>
      <p>
        <Link to={paths.workspaceTeams} className="link">
          All teams
        </Link>
      </p>
      {team !== undefined && <Team team={team} />}
      {team === undefined && error === null && <Skeleton height="12rem" shape="block" />}
      {team === undefined && error !== null && <NoTeam error={error} onRetry={() => void refetch()} />}
    </>
  );
}

function NoTeam({ error, onRetry }: { error: Error; onRetry: () => void }): ReactElement {
  if (error instanceof ApiError && (error.code === 'not_found' || error.code === 'invalid_request'))
    return <EmptyState title="There is no such team here.">It may be one of another workspace.</EmptyState>;
  return (
    <ErrorNote title="The team could not be shown" action={<Button onClick={onRetry}>Try again</Button>}>
      {describeError(error)}
    </ErrorNote>
  );
}

type Open = { kind: 'rename' } | { kind: 'add'; duty: Duty } | { kind: 'stay'; stay: StayView } | null;

function Team({ team }: { team: TeamView }): ReactElement {
  const mayManage = useMay('teams.manage');
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  const isArchived = team.archivedAt !== null;
  const change = mayManage ? (stay: StayView) => setOpen({ kind: 'stay', stay }) : undefined;
  const sections = [
    { duty: 'member', title: 'Members', act: 'Add somebody' },
    { duty: 'manager', title: 'Managers', act: 'Add a manager' },
  ] as const;
  return (
    <>
      <TeamHead team={team} mayManage={mayManage} onRename={() => setOpen({ kind: 'rename' })} />
      {sections.map(({ duty, title, act }) => (
        <section key={duty} className="teams-section" aria-label={title}>
          <div className="teams-head">
            <h3>{title}</h3>
            {mayManage && !isArchived && (
              <Button icon="plus" onClick={() => setOpen({ kind: 'add', duty })}>
                {act}
              </Button>
            )}
          </div>
          <StayTable
            caption={title}
            stays={team.stays.filter((stay) => stay.duty === duty)}
            today={team.today}
            onChange={change}
            empty={duty === 'member' ? 'Nobody is in this team yet.' : 'Nobody manages this team.'}
          />
        </section>
      ))}
      <Suspense fallback={null}>
        {open?.kind === 'rename' && <TeamDialog team={team} onClose={close} onDone={close} />}
        {open?.kind === 'add' && <AddDialog team={team} duty={open.duty} onDone={close} onClose={close} />}
        {open?.kind === 'stay' && <StayDialog team={team} stay={open.stay} onDone={close} onClose={close} />}
      </Suspense>
    </>
  );
}

function TeamHead(props: { team: TeamView; mayManage: boolean; onRename: () => void }): ReactElement {
  const { team, mayManage, onRename } = props;
  const isArchived = team.archivedAt !== null;
  const archive = useTeamAct(
    () => teamActs.update(team.id, { archived: !isArchived }),
    () => undefined,
  );
  return (
    <>
      <div className="teams-head">
        <h2>{team.name}</h2>
        {mayManage && (
          <div className="teams-acts">
            <Button onClick={onRename}>Rename</Button>
            <Button busy={archive.isPending} onClick={() => archive.mutate(undefined)}>
              {isArchived ? 'Take out of the archive' : 'Archive'}
            </Button>
          </div>
        )}
      </div>
      {isArchived && (
        <p className="page-note">
          This team is archived: its history stays, and nobody sees anybody’s numbers through it.
        </p>
      )}
      {archive.error !== null && <ErrorNote title="That was not kept">{describeError(archive.error)}</ErrorNote>}
    </>
  );
}

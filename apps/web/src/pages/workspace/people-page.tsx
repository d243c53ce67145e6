import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { Day } from '@devpulse/contract/day';
import type { MemberView } from '@devpulse/contract/wire/members';
import { Button } from '@devpulse/ui/button.tsx';
import { DataTable } from '@devpulse/ui/data-table.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatDay } from '@devpulse/ui/format/format-day';
import { splitInstant } from '@devpulse/ui/format/format-instant';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { describeError } from '../../api-error.ts';
import { useMay } from '../../frame/use-may.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { paths } from '../../paths.ts';
import { PersonLink } from '../../people/person-link.tsx';
import { Link } from '../../router/link.tsx';
import { MemberMenu } from './member-menu.tsx';
import { MemberRole } from './member-role.tsx';
import { roleMeanings } from './role-names.ts';
import { membersQuery } from './workspace-api.ts';

/** Who is a member, as what and since when. Alphabetical: nothing here says who did how much. */
export function PeoplePage(): ReactElement {
  const { workspace } = useViewer();
  const { data, error, refetch } = useQuery(membersQuery);
  const mayManage = useMay('members.manage');
  return (
    <div className="page-body workspace-page">
      <section aria-labelledby="members">
        <header className="workspace-head">
          <h2 id="members">{data === undefined ? 'Members' : describeCount(data)}</h2>
          {mayManage && workspace.kind === 'team' && (
            <Link to={paths.workspaceInvitations} className="btn btn-primary">
              Invite people
            </Link>
          )}
        </header>
        {error !== null && (
          <ErrorNote
            title="The members could not be listed"
            action={<Button onClick={() => void refetch()}>Try again</Button>}
          >
            {describeError(error)}
          </ErrorNote>
        )}
        {data === undefined && error === null && <Skeleton height="8rem" shape="block" />}
        {data !== undefined && <MemberTable members={data} />}
        {workspace.kind === 'personal' && (
          <p className="page-note">
            A personal workspace is for one. <Link to={paths.workspaceGeneral}>Make it a team’s</Link> to invite others.
          </p>
        )}
        {workspace.kind === 'demo' && (
          <p className="page-note">Nobody else is in the demo: the people whose commits you see are made up.</p>
        )}
      </section>
      <section aria-labelledby="roles">
        <h2 id="roles">What each role may do</h2>
        <dl className="workspace-facts">
          {roleMeanings.map(({ role, title, means }) => (
            <div key={role} className="workspace-fact">
              <dt>{title}</dt>
              <dd>{means}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}

function MemberTable({ members }: { members: readonly MemberView[] }): ReactElement {
  const { me } = useViewer();
  const dayOf = (instant: string): Day => splitInstant(instant, me.effectiveZone).day;
  return (
    <DataTable
      caption="Members of the workspace"
      rows={members}
      rowKey={({ personId }) => personId}
      columns={[
        {
          key: 'name',
          head: 'Name',
          rowHead: true,
          wrap: true,
          cell: (member) => (
            <>
              <span className={member.state === 'active' ? undefined : 'workspace-gone'}>
                <PersonLink person={{ id: member.personId, name: member.name, avatar: member.avatar }} />
              </span>
              {describeMember(member, { isMe: member.personId === me.id, dayOf }).map((words) => (
                <small key={words}>{words}</small>
              ))}
            </>
          ),
        },
        { key: 'role', head: 'Role', cell: (member) => <MemberRole member={member} /> },
        { key: 'since', head: 'Since', wideOnly: true, cell: (member) => formatDay(dayOf(member.since)) },
        {
          key: 'acts',
          head: <span className="vh">Acts</span>,
          align: 'end',
          cell: (member) => <MemberMenu member={member} />,
        },
      ]}
    />
  );
}

/** What the name alone does not tell. */
function describeMember(member: MemberView, told: { isMe: boolean; dayOf: (instant: string) => Day }): string[] {
  const day = member.deactivatedAt === null ? '' : formatDay(told.dayOf(member.deactivatedAt));
  return [
    ...(told.isMe ? ['You'] : []),
    ...(member.state === 'left' ? [`Left on ${day}`] : []),
    ...(member.state === 'deactivated' ? [`Deactivated on ${day}; what they did stays`] : []),
    ...(member.signsIn ? [] : ['Nobody signs in as this person yet']),
  ];
}

function describeCount(members: readonly MemberView[]): string {
  const active = members.filter(({ state }) => state === 'active').length;
  return active === 1 ? '1 active member' : `${active} active members`;
}

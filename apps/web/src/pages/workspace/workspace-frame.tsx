import '../settings/settings-frame.css';
import './workspace.css';
import type { ReactElement } from 'react';
import { type Permission, permissions, type Role, roleMay } from '@devpulse/contract/permissions';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { Icon } from '@devpulse/ui/icon.tsx';
import type { IconName } from '@devpulse/ui/icon-paths';
import { PageHead } from '../../frame/page-head.tsx';
import { useMay } from '../../frame/use-may.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';
import { Outlet } from '../../router/router-view.tsx';
import { useLocation } from '../../router/use-router.ts';

interface WorkspacePage {
  to: (typeof paths)[keyof typeof paths];
  title: string;
  icon: IconName;
  /** What one must be allowed to; whoever is not is told so in place of the page. */
  may: Permission;
}

/** Every page about the workspace, in the order of the list. Such a page is one line here and one route. */
const workspacePages: readonly WorkspacePage[] = [
  { to: paths.workspaceGeneral, title: 'General', icon: 'settings', may: 'workspace.read' },
  { to: paths.workspacePeople, title: 'People', icon: 'person', may: 'people.read' },
  { to: paths.workspaceAuthors, title: 'Authors', icon: 'commit', may: 'people.read' },
  { to: paths.workspaceInvitations, title: 'Invitations', icon: 'link', may: 'members.manage' },
  { to: paths.workspaceTeams, title: 'Teams', icon: 'team', may: 'people.read' },
  { to: paths.workspaceCalendar, title: 'Calendar', icon: 'calendar', may: 'workspace.read' },
  { to: paths.workspaceAudit, title: 'Audit', icon: 'receipt', may: 'audit.read' },
  { to: paths.deliveries, title: 'Deliveries', icon: 'download', may: 'machinery.operate' },
];

/** The head of every page about the workspace and the way to the others: beside it, or above it on a phone. */
export function WorkspaceFrame(): ReactElement {
  const { session, workspace } = useViewer();
  const role = session.workspace?.role ?? 'member';
  const { pathname } = useLocation();
  const here = workspacePages.find(({ to }) => pathname === to);
  return (
    <>
      <PageHead title={here === undefined ? workspace.name : `${here.title} · ${workspace.name}`} />
      <div className="settings-frame">
        <nav className="settings-nav" aria-label={`The workspace ${workspace.name}`}>
          {workspacePages
            .filter((page) => page === here || roleMay(role, page.may))
            .map((page) => (
              <Link key={page.to} to={page.to} className="side-link">
                <Icon name={page.icon} />
                {page.title}
              </Link>
            ))}
        </nav>
        {here === undefined ? <Outlet /> : <Permitted page={here} />}
      </div>
    </>
  );
}

function Permitted({ page }: { page: WorkspacePage }): ReactElement {
  const { session } = useViewer();
  if (useMay(page.may)) return <Outlet />;
  return (
    <div className="page-body">
      <EmptyState
        title={`This page is for ${nameRoles(permissions[page.may].roles)}.`}
        action={
          <Link to={paths.workspacePeople} className="btn">
            See who they are
          </Link>
        }
      >
        Your role here is {session.workspace?.role ?? 'none'}. Those who run the workspace can give you another.
      </EmptyState>
    </div>
  );
}

/** `owners and admins`. */
function nameRoles(names: readonly Role[]): string {
  return new Intl.ListFormat('en').format(names.map((name) => `${name}s`));
}

import { Link } from '@tanstack/react-router';
import { lazy, Suspense, type ReactElement } from 'react';
import { AvatarInitials } from '@devpulse/ui/avatar-initials.tsx';
import { Icon } from '@devpulse/ui/icon.tsx';
import { paths } from '../paths.ts';
import { mainPages } from './main-pages.ts';
import { PersonMenu } from './person-menu.tsx';
import { ThemeMenu } from './theme-menu.tsx';
import { useViewer } from './use-viewer.ts';
import { WorkspaceSwitch } from './workspace-switch.tsx';

// At the foot, where nothing moves when it arrives.
const SourceStates = lazy(async () => ({ default: (await import('./source-states.tsx')).SourceStates }));

/** Where one can go, what is read and how that stands, and who is looking. */
export function SideBar({ onShowKeys }: { onShowKeys: () => void }): ReactElement {
  const { me } = useViewer();
  return (
    <div className="side">
      <WorkspaceSwitch />
      <nav className="side-nav" aria-label="Main">
        {mainPages.map((page) => (
          <Link
            key={page.to}
            to={page.to}
            className="side-link"
            title={page.title}
            activeOptions={{ exact: true, includeSearch: false }}
          >
            <Icon name={page.icon} />
            <span className="side-label">{page.title}</span>
          </Link>
        ))}
      </nav>
      <Suspense fallback={<div className="side-sources" />}>
        <SourceStates />
      </Suspense>
      <section className="side-person" aria-label="Signed in">
        <AvatarInitials name={me.name} />
        <Link to={paths.settings} activeOptions={{ exact: true }}>
          {me.name}
        </Link>
        <ThemeMenu />
        <PersonMenu onShowKeys={onShowKeys} />
      </section>
    </div>
  );
}

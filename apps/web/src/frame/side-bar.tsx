import { lazy, Suspense, type ReactElement } from 'react';
import { Avatar } from '@devpulse/ui/avatar.tsx';
import { Icon } from '@devpulse/ui/icon.tsx';
import { paths } from '../paths.ts';
import { mainPages } from './main-pages.ts';
import { useViewer } from './use-viewer.ts';
import { WorkspaceSwitch } from './workspace-switch.tsx';
import { Link } from '../router/link.tsx';

// At the foot, where nothing moves when it arrives; what is drawn until then takes the same room.
const SourceStates = lazy(async () => ({ default: (await import('./source-states.tsx')).SourceStates }));
const ThemeMenu = lazy(async () => ({ default: (await import('./theme-menu.tsx')).ThemeMenu }));
const PersonMenu = lazy(async () => ({ default: (await import('./person-menu.tsx')).PersonMenu }));

/** Where one can go, what is read and how that stands, and who is looking. */
export function SideBar({ onShowKeys }: { onShowKeys: () => void }): ReactElement {
  const { me } = useViewer();
  return (
    <div className="side">
      <header>
        <WorkspaceSwitch />
      </header>
      <nav className="side-nav" aria-label="Main">
        {mainPages.map((page) => (
          <Link key={page.to} to={page.to} className="side-link" title={page.title}>
            <Icon name={page.icon} />
            <span className="side-label">{page.title}</span>
          </Link>
        ))}
      </nav>
      <Suspense fallback={<div className="side-sources" />}>
        <SourceStates />
      </Suspense>
      <section className="side-person" aria-label="Signed in">
        <Avatar name={me.name} src={me.avatar} />
        <Link to={paths.settings}>{me.name}</Link>
        <Suspense fallback={<span className="btn btn-quiet btn-icon" />}>
          <ThemeMenu />
        </Suspense>
        <Suspense fallback={<span className="btn btn-quiet btn-icon" />}>
          <PersonMenu onShowKeys={onShowKeys} />
        </Suspense>
      </section>
    </div>
  );
}

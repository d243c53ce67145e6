import './settings-frame.css';
import type { ReactElement } from 'react';
import { Icon } from '@devpulse/ui/icon.tsx';
import type { IconName } from '@devpulse/ui/icon-paths';
import { PageHead } from '../../frame/page-head.tsx';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';
import { Outlet } from '../../router/router-view.tsx';
import { useLocation } from '../../router/use-router.ts';

/** Every page of the settings, in the order of the list. A page of the settings is one line here and one route. */
const settingsPages = [
  { to: paths.settings, title: 'General', icon: 'settings' },
  { to: paths.profile, title: 'Profile', icon: 'person' },
  { to: paths.security, title: 'Security', icon: 'denied' },
  { to: paths.privacy, title: 'Privacy', icon: 'info' },
  { to: paths.connections, title: 'Connections', icon: 'source' },
  { to: paths.data, title: 'Your data', icon: 'download' },
] as const satisfies readonly { to: string; title: string; icon: IconName }[];

/** The head of every settings page and the way to the others: beside it, or above it on a phone. */
export function SettingsFrame(): ReactElement {
  const { pathname } = useLocation();
  const here = settingsPages.findLast(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  const title = here === undefined || here.to === paths.settings ? 'Settings' : here.title;
  return (
    <>
      <PageHead title={title} />
      <div className="settings-frame">
        <nav className="settings-nav" aria-label="Settings">
          {settingsPages.map((page) => (
            <Link key={page.to} to={page.to} className="side-link" within={page.to !== paths.settings}>
              <Icon name={page.icon} />
              {page.title}
            </Link>
          ))}
        </nav>
        <Outlet />
      </div>
    </>
  );
}

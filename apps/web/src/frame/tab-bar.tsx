import type { ReactElement } from 'react';
import { Icon } from '@devpulse/ui/icon.tsx';
import { paths } from '../paths.ts';
import { mainPages } from './main-pages.ts';
import { Link } from '../router/link.tsx';
import { useLocation } from '../router/use-router.ts';

/** The way around on a phone. */
export function TabBar(): ReactElement {
  const { pathname } = useLocation();
  const pages = [...mainPages, { to: paths.settings, title: 'You', icon: 'person' } as const];
  return (
    <nav className="tabbar" aria-label="Pages">
      {pages.map((page) => (
        <Link
          key={page.to}
          to={page.to}
          within={page.to === paths.settings}
          // The way to the pages of the workspace begins there on a phone.
          {...(page.to === paths.settings && isOfWorkspace(pathname) ? { 'aria-current': 'page' as const } : {})}
        >
          <Icon name={page.icon} />
          {page.title}
        </Link>
      ))}
    </nav>
  );
}

function isOfWorkspace(pathname: string): boolean {
  return pathname.startsWith(`${paths.workspace}/`);
}

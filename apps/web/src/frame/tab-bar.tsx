import type { ReactElement } from 'react';
import { Icon } from '@devpulse/ui/icon.tsx';
import { paths } from '../paths.ts';
import { mainPages } from './main-pages.ts';
import { Link } from '../router/link.tsx';

/** The way around on a phone. */
export function TabBar(): ReactElement {
  const pages = [...mainPages, { to: paths.settings, title: 'You', icon: 'person' } as const];
  return (
    <nav className="tabbar" aria-label="Pages">
      {pages.map((page) => (
        <Link key={page.to} to={page.to} within={page.to === paths.settings}>
          <Icon name={page.icon} />
          {page.title}
        </Link>
      ))}
    </nav>
  );
}

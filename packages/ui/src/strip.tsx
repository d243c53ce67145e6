import type { ReactElement, ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon-paths.ts';

export interface StripProps {
  tone: 'offline' | 'demo' | 'notice';
  children: ReactNode;
  action?: ReactNode;
}

const icons: Record<StripProps['tone'], IconName> = { offline: 'offline', demo: 'flask', notice: 'info' };

/** One line across the page for what holds for all of it: offline, demo data. */
export function Strip({ tone, children, action }: StripProps): ReactElement {
  return (
    <div className={`strip strip-${tone}`} role="status">
      <Icon name={icons[tone]} size="small" />
      <span className="strip-text">{children}</span>
      {action}
    </div>
  );
}

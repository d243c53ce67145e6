import type { ReactElement } from 'react';
import { Mark } from '@devpulse/ui/mark.tsx';
import { ThemeMenu } from '../../frame/theme-menu.tsx';

/** What stands above everything before there is a board. */
export function SetupHead(): ReactElement {
  return (
    <header className="setup-brand">
      <Mark size={24} />
      DevPulse
      <span className="setup-theme">
        <ThemeMenu />
      </span>
    </header>
  );
}

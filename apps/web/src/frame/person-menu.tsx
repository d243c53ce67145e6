import type { ReactElement } from 'react';
import { Menu } from '@devpulse/ui/menu.tsx';
import { paths } from '../paths.ts';
import { setPreference } from '../preferences.ts';
import { signOut } from './sign-out.ts';
import { usePreferences } from './use-preferences.ts';
import { useNavigate } from '../router/use-router.ts';

/** What concerns the person at the screen. */
export function PersonMenu({ onShowKeys }: { onShowKeys: () => void }): ReactElement {
  const navigate = useNavigate();
  const { sideBar } = usePreferences();
  return (
    <Menu
      label="You: menu"
      items={[
        { id: 'settings', label: 'Settings', icon: 'settings', onSelect: () => void navigate({ to: paths.settings }) },
        { id: 'keys', label: 'Keys', icon: 'keyboard', onSelect: onShowKeys },
        {
          id: 'fold',
          label: sideBar === 'folded' ? 'Unfold the side bar' : 'Fold the side bar',
          icon: sideBar === 'folded' ? 'right' : 'left',
          onSelect: () => setPreference('sideBar', sideBar === 'folded' ? 'open' : 'folded'),
        },
        { id: 'out', label: 'Sign out', icon: 'sign_out', parted: true, onSelect: () => void signOut() },
      ]}
    />
  );
}

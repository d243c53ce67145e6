import type { ReactElement } from 'react';
import { Icon } from '@devpulse/ui/icon.tsx';
import { Menu, type MenuItem } from '@devpulse/ui/menu.tsx';
import { type Preferences, setPreference } from '../preferences.ts';
import { usePreferences } from './use-preferences.ts';

const themes = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;
const palettes = { petrol: 'Calendar in petrol', ember: 'Calendar in ember', contrast: 'Calendar in greys' } as const;

/** Light or dark, and the colours of calendars. */
export function ThemeMenu(): ReactElement {
  const chosen = usePreferences();
  const items: MenuItem[] = [
    ...entriesOf(themes).map(([id, label]) => ({
      id,
      label,
      checked: chosen.theme === id,
      onSelect: () => setPreference('theme', id),
    })),
    ...entriesOf(palettes).map(([id, label], index) => ({
      id,
      label,
      parted: index === 0,
      checked: chosen.palette === id,
      onSelect: () => setPreference('palette', id),
    })),
  ];
  return (
    <Menu
      label="Colours"
      items={items}
      className="btn btn-quiet btn-icon"
      button={<Icon name={themeIcon(chosen.theme)} />}
    />
  );
}

function themeIcon(theme: Preferences['theme']): 'sun' | 'moon' | 'screen' {
  if (theme === 'system') return 'screen';
  return theme === 'dark' ? 'moon' : 'sun';
}

function entriesOf<Key extends string>(words: Readonly<Record<Key, string>>): [Key, string][] {
  return Object.entries(words) as [Key, string][];
}

import { type LocaleName, locales, setLocale } from '@devpulse/ui/format/locale';

/** What a person chose. It is kept in this browser; what is not about it alone follows the account, see `syncPreferences`. */
export interface Preferences {
  theme: 'light' | 'dark' | 'system';
  palette: 'petrol' | 'ember' | 'contrast';
  sideBar: 'open' | 'folded';
  keys: 'on' | 'off';
  locale: LocaleName;
}

const defaults: Preferences = { theme: 'system', palette: 'petrol', sideBar: 'open', keys: 'on', locale: 'en-GB' };
const allowed: { [Name in keyof Preferences]: readonly Preferences[Name][] } = {
  theme: ['light', 'dark', 'system'],
  palette: ['petrol', 'ember', 'contrast'],
  sideBar: ['open', 'folded'],
  keys: ['on', 'off'],
  locale: Object.keys(locales) as LocaleName[],
};
const prefix = 'devpulse.';

const listeners = new Set<() => void>();
let known = readAll();
setLocale(known.locale);

export function readPreferences(): Preferences {
  return known;
}

export function setPreference<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void {
  known = { ...known, [name]: value };
  setLocale(known.locale);
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // Storage may be shut off; the choice then lasts as long as the page.
  }
  showPreferences();
  for (const listener of listeners) listener();
}

export function subscribePreferences(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The same attributes that the script in the page's head sets before the first paint. */
function showPreferences(): void {
  const root = document.documentElement;
  setAttribute(root, 'data-theme', known.theme === 'system' ? null : known.theme);
  setAttribute(root, 'data-palette', known.palette === 'petrol' ? null : known.palette);
}

function setAttribute(root: HTMLElement, name: string, value: string | null): void {
  if (value === null) root.removeAttribute(name);
  else root.setAttribute(name, value);
}

function readAll(): Preferences {
  return {
    theme: readOne('theme'),
    palette: readOne('palette'),
    sideBar: readOne('sideBar'),
    keys: readOne('keys'),
    locale: readOne('locale'),
  };
}

function readOne<Name extends keyof Preferences>(name: Name): Preferences[Name] {
  try {
    const stored = localStorage.getItem(prefix + name);
    return allowed[name].find((value) => value === stored) ?? defaults[name];
  } catch {
    return defaults[name];
  }
}

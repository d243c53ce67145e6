import type { PreferencesView, UpdatePreferences } from '@devpulse/contract/wire/profile';
import { type Preferences, readPreferences, setPreference, subscribePreferences } from '../preferences.ts';
import { send } from '../send-request.ts';

/** Those that follow the account. Whether the side bar is folded depends on the screen at hand. */
const shared = ['theme', 'palette', 'keys', 'locale'] as const;

const address = '/api/v1/me/preferences';

/** Takes over what the account chose elsewhere, and tells the account what is chosen here. Ends when what it answers is called. */
export function syncPreferences(): () => void {
  let told = pick(readPreferences());
  let ended = false;
  let leave = (): void => undefined;
  const start = async (): Promise<void> => {
    const kept = await send<PreferencesView>('GET', address);
    if (ended) return;
    for (const name of shared) adopt(name, kept[name]);
    told = pick(readPreferences());
    leave = subscribePreferences(() => {
      const now = pick(readPreferences());
      const change = Object.fromEntries(
        shared.filter((name) => now[name] !== told[name]).map((name) => [name, now[name]]),
      );
      if (Object.keys(change).length === 0) return;
      told = now;
      void tell(change);
    });
  };
  // What could not be told holds in this browser all the same, and is told with the next choice elsewhere or here.
  void start().catch(() => undefined);
  return () => {
    ended = true;
    leave();
  };
}

function tell(change: UpdatePreferences): Promise<unknown> {
  return send('PATCH', address, { body: change }).catch(() => undefined);
}

function adopt<Name extends (typeof shared)[number]>(name: Name, kept: Preferences[Name] | null): void {
  if (kept !== null && kept !== readPreferences()[name]) setPreference(name, kept);
}

function pick({ theme, palette, keys, locale }: Preferences): Pick<Preferences, (typeof shared)[number]> {
  return { theme, palette, keys, locale };
}

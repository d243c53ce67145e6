import { useSyncExternalStore } from 'react';
import { type Preferences, readPreferences, subscribePreferences } from '../preferences.ts';

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribePreferences, readPreferences);
}

import type { ValueState } from '@devpulse/contract/states';

/** What a tile or a source can be in: what may be said of its number, or that it is running or was never connected. */
export type ShownState = ValueState | 'live' | 'not_connected';

/** The word of each state, as its chip says it when nothing more exact is known. */
export const stateWords: Record<ShownState, string> = {
  ok: 'Met',
  live: 'Not over',
  partial: 'Not complete',
  stale: 'Stale',
  throttled: 'Throttled',
  not_connected: 'Not connected',
  denied: 'Denied',
  failed: 'Failed',
  empty: 'Empty',
  unknown: 'Unknown',
};

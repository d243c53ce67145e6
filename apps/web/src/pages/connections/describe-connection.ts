import type { ConnectionState, ConnectionView } from '@devpulse/contract/wire/connections';
import type { ShownState } from '@devpulse/ui/shown-state';

const shown: Record<ConnectionState, { state: ShownState; word: string } | null> = {
  // All is well, which needs no mark.
  ok: null,
  unchecked: { state: 'unknown', word: 'Not checked' },
  dead: { state: 'failed', word: 'Not accepted' },
  expired: { state: 'failed', word: 'Run out' },
  narrowed: { state: 'denied', word: 'May do less' },
  sso: { state: 'denied', word: 'Single sign-on' },
  suspended: { state: 'denied', word: 'Suspended' },
  removed: { state: 'not_connected', word: 'Removed' },
  disconnected: { state: 'not_connected', word: 'Disconnected' },
};

/** How a connection stands, by shape and word; null where all is well. */
export function showConnection({ state }: Pick<ConnectionView, 'state'>): { state: ShownState; word: string } | null {
  return shown[state];
}

const forms: Record<ConnectionView['form'], string> = {
  oauth: 'granted on GitHub’s page',
  'app user': 'granted on GitHub’s page, through the App',
  classic: 'classic token',
  'fine-grained': 'fine-grained token',
  installation: 'GitHub App',
};

/** Which way it was made. */
export function nameForm({ form }: Pick<ConnectionView, 'form'>): string {
  return forms[form];
}

/** The act that brings it back; null where none here would. */
export function wayBackOf({ kind, state }: Pick<ConnectionView, 'kind' | 'state'>): WayBack | null {
  if (state === 'ok' || state === 'unchecked') return null;
  if (state === 'sso' || state === 'suspended') return 'check';
  if (kind === 'token') return 'token';
  if (kind === 'oauth') return 'grant';
  return state === 'narrowed' ? 'check' : 'claim';
}

/** `grant`: through GitHub’s page; `token`: a new one is pasted; `claim`: the App is installed or claimed again; `check`: mended there, asked about here. */
export type WayBack = 'grant' | 'token' | 'claim' | 'check';

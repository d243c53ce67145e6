import type { ConnectionState } from '@devpulse/contract/wire/connections';

/** In these nothing can be read with a connection, and its sources wait. */
export const endedStates: readonly ConnectionState[] = ['dead', 'expired', 'removed', 'suspended', 'disconnected'];

export function canRead(state: ConnectionState): boolean {
  return !endedStates.includes(state);
}

/** What is known of a state beyond its name. */
export interface StateDetail {
  /** Scopes or permissions that were granted once and are not any more. */
  missing?: string[];
  /** Organisations that want the grant authorised for single sign-on. */
  organisations?: string[];
  /** A page at GitHub on which it can be mended. */
  url?: string;
  /** What GitHub said, where that helps. */
  said?: string;
}

interface Described {
  kind: 'oauth' | 'token' | 'app';
  login: string;
  state: ConnectionState;
  detail: StateDetail | null;
}

/** How it stands with a connection and the way back, in words. */
export function describeState({ kind, login, state, detail }: Described): string {
  const again = kind === 'token' ? 'Paste a new token of the same account.' : 'Connect it again as the same account.';
  switch (state) {
    case 'unchecked':
      return 'Not checked yet.';
    case 'ok':
      return kind === 'app' ? `Installed on ${login}.` : `Connected as ${login}.`;
    case 'dead':
      return `GitHub does not accept it any more. ${again} What was missed meanwhile is read then.`;
    case 'expired':
      return `It has run out. ${again} What was missed meanwhile is read then.`;
    case 'narrowed':
      return `It may do less than before: ${(detail?.missing ?? []).join(', ')}. What was read stays; grant it again to read on.`;
    case 'sso':
      return `${(detail?.organisations ?? ['An organisation']).join(', ')} wants it authorised for single sign-on. Authorise it at GitHub, then check again.`;
    case 'suspended':
      return `The App is suspended on ${login}. An owner of ${login} can lift that at GitHub; reading goes on by itself then.`;
    case 'removed':
      return `The App was removed from ${login}. What was read stays. Install it again to go on.`;
    case 'disconnected':
      return `Disconnected. What was read stays. ${kind === 'app' ? 'Claim the installation again to go on.' : again}`;
  }
}

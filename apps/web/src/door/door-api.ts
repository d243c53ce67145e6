import type { SessionView } from '@devpulse/contract/wire/session';
import { send } from '../send-request.ts';

const v1 = '/api/v1';

/** What the door asks of the server; the dashboard's questions would weigh more than the door itself. */
export const doorApi = {
  signIn: (email: string, password: string) =>
    send<SessionView>('POST', `${v1}/session`, { body: { email, password } }),
  secondFactor: (code: string, trust: boolean) =>
    send<SessionView>('POST', `${v1}/session/second-factor`, { body: { code, trust } }),
  passkeyOptions: () => send<Record<string, unknown>>('POST', `${v1}/session/passkey/options`),
  passkey: (response: unknown) => send<SessionView>('POST', `${v1}/session/passkey`, { body: { response } }),
  github: () => send<{ url: string }>('POST', `${v1}/session/github`, { body: {} }),
  forgotten: (email: string) => send<unknown>('POST', `${v1}/password-reset`, { body: { email } }),
  reset: (token: string, password: string) =>
    send<unknown>('POST', `${v1}/password-reset/confirm`, { body: { token, password } }),
  confirm: (token: string) => send<unknown>('POST', `${v1}/email-confirmation`, { body: { token } }),
};

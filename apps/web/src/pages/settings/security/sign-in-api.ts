import { queryOptions } from '@tanstack/react-query';
import type { SignInMeans, StartedTwoFactor } from '@devpulse/contract/wire/sign-in';
import { send } from '../../../send-request.ts';

const own = '/api/v1/account';

/** What the page asks about how one signs in. */
export const signInApi = {
  changeEmail: (email: string, password: string | undefined) =>
    send<SignInMeans>('PUT', `${own}/email`, { body: { email, ...(password === undefined ? {} : { password }) } }),
  askForConfirmation: () => send<unknown>('POST', `${own}/email/confirmation`),
  changePassword: (current: string | undefined, password: string) =>
    send<unknown>('PUT', `${own}/password`, { body: { password, ...(current === undefined ? {} : { current }) } }),
  startTwoFactor: (password: string) => send<StartedTwoFactor>('POST', `${own}/two-factor`, { body: { password } }),
  confirmTwoFactor: (code: string) => send<unknown>('POST', `${own}/two-factor/confirm`, { body: { code } }),
  stopTwoFactor: (password: string) => send<unknown>('POST', `${own}/two-factor/off`, { body: { password } }),
  makeRecoveryCodes: (password: string) =>
    send<{ recoveryCodes: string[] }>('POST', `${own}/two-factor/recovery-codes`, { body: { password } }),
  passkeyOptions: () => send<Record<string, unknown>>('POST', `${own}/passkeys/options`),
  addPasskey: (name: string, response: unknown) =>
    send<SignInMeans>('POST', `${own}/passkeys`, { body: { name, response } }),
  renamePasskey: (id: string, name: string) => send<SignInMeans>('PATCH', `${own}/passkeys/${id}`, { body: { name } }),
  removePasskey: (id: string) => send<unknown>('DELETE', `${own}/passkeys/${id}`),
  connectGithub: () => send<{ url: string }>('POST', `${own}/github`, { body: {} }),
  disconnectGithub: (id: string) => send<unknown>('DELETE', `${own}/github/${id}`),
};

export const signInMeansQuery = queryOptions({
  queryKey: ['security', 'sign-in'],
  queryFn: () => send<SignInMeans>('GET', `${own}/sign-in`),
});

import { queryOptions } from '@tanstack/react-query';
import type { DeviceList, EndedSignIns, SessionList } from '@devpulse/contract/wire/devices';
import type { CreatedToken, CreateToken, TokenList } from '@devpulse/contract/wire/tokens';
import { send } from '../../../send-request.ts';

const own = '/api/v1/me';

/** What the page asks about sessions, devices and tokens. */
export const securityApi = {
  renameSession: (id: string, name: string) => send<SessionList>('PATCH', `${own}/sessions/${id}`, { body: { name } }),
  endSession: (id: string) => send<unknown>('DELETE', `${own}/sessions/${id}`),
  endOthers: () => send<EndedSignIns>('POST', `${own}/sessions/end-others`),
  renameDevice: (id: string, name: string) => send<DeviceList>('PATCH', `${own}/devices/${id}`, { body: { name } }),
  revokeDevice: (id: string) => send<unknown>('DELETE', `${own}/devices/${id}`),
  createToken: (body: CreateToken) => send<CreatedToken>('POST', `${own}/tokens`, { body }),
  revokeToken: (id: string) => send<unknown>('DELETE', `${own}/tokens/${id}`),
};

/** Who is signed in is looked at by those who wonder: an answer of half a minute ago would not do. */
const fresh = { staleTime: 0 };

export const sessionsQuery = queryOptions({
  ...fresh,
  queryKey: ['security', 'sessions'],
  queryFn: () => send<SessionList>('GET', `${own}/sessions`),
});

/** A device that was just approved is on the list once it has asked for its tokens, some seconds later. */
export const devicesQuery = queryOptions({
  ...fresh,
  refetchInterval: 5_000,
  queryKey: ['security', 'devices'],
  queryFn: () => send<DeviceList>('GET', `${own}/devices`),
});

export const tokensQuery = queryOptions({
  ...fresh,
  queryKey: ['security', 'tokens'],
  queryFn: () => send<TokenList>('GET', `${own}/tokens`),
});

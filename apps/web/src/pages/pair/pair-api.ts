import { queryOptions } from '@tanstack/react-query';
import type { PairingView } from '@devpulse/contract/wire/devices';
import { send } from '../../send-request.ts';

const pairings = '/api/v1/devices/pairings';

/** What the page does with a short code. The code goes in the body: addresses are logged. */
export const pairApi = {
  approve: (userCode: string, name: string) =>
    send<unknown>('POST', `${pairings}/approve`, { body: { userCode, name } }),
  deny: (userCode: string) => send<unknown>('POST', `${pairings}/deny`, { body: { userCode } }),
};

export function pairingQuery(userCode: string) {
  return queryOptions({
    queryKey: ['pairing', userCode],
    queryFn: () => send<PairingView>('POST', `${pairings}/look`, { body: { userCode } }),
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });
}

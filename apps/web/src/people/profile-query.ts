import { queryOptions } from '@tanstack/react-query';
import type { ProfileView } from '@devpulse/contract/wire/profile';
import { send } from '../send-request.ts';

/** How somebody shows themselves in the workspace. */
export function profileQuery(personId: string) {
  return queryOptions({
    queryKey: ['profile', personId],
    queryFn: () => send<ProfileView>('GET', `/api/v1/people/${personId}/profile`),
  });
}

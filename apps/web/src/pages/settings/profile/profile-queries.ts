import { queryOptions } from '@tanstack/react-query';
import type { HolidayList } from '@devpulse/contract/wire/people';
import type { ProfileView, UpdateProfile } from '@devpulse/contract/wire/profile';
import type { LookList } from '@devpulse/contract/wire/viewers';
import { send } from '../../../send-request.ts';

const me = '/api/v1/me';

export const ownHolidaysQuery = queryOptions({
  queryKey: ['own-holidays'],
  queryFn: () => send<HolidayList>('GET', `${me}/holidays`),
});

export function looksQuery(cursor: string | undefined) {
  return queryOptions({
    queryKey: ['looks', cursor ?? null],
    queryFn: () => send<LookList>('GET', `${me}/looks`, { query: { limit: 30, cursor } }),
  });
}

export const profileActs = {
  update: (body: UpdateProfile) => send<ProfileView>('PATCH', `${me}/profile`, { body }),
  putAvatar: (image: string) => send<ProfileView>('PUT', `${me}/avatar`, { body: { image } }),
  removeAvatar: () => send<ProfileView>('DELETE', `${me}/avatar`),
  addHolidays: (holidays: HolidayList['holidays']) =>
    send<HolidayList>('POST', `${me}/holidays`, { body: { holidays } }),
  removeHoliday: (day: string) => send<unknown>('DELETE', `${me}/holidays/${day}`),
};

import { queryOptions } from '@tanstack/react-query';
import type { NewStay, NewTeam, teamListSchema, TeamView, UpdateStay, UpdateTeam } from '@devpulse/contract/wire/teams';
import { send } from '../../../send-request.ts';

const teams = '/api/v1/teams';

export function teamsQuery(archived: boolean) {
  return queryOptions({
    queryKey: ['teams', archived],
    queryFn: () => send<(typeof teamListSchema)['_output']>('GET', teams, { query: { archived: String(archived) } }),
  });
}

export function teamQuery(id: string) {
  return queryOptions({ queryKey: ['team', id], queryFn: () => send<TeamView>('GET', `${teams}/${id}`) });
}

/** Everything that can be done to teams. */
export const teamActs = {
  make: (body: NewTeam) => send<TeamView>('POST', teams, { body }),
  update: (id: string, body: UpdateTeam) => send<TeamView>('PATCH', `${teams}/${id}`, { body }),
  addStay: (id: string, body: NewStay) => send<TeamView>('POST', `${teams}/${id}/stays`, { body }),
  updateStay: (id: string, stayId: string, body: UpdateStay) =>
    send<TeamView>('PATCH', `${teams}/${id}/stays/${stayId}`, { body }),
  removeStay: (id: string, stayId: string) => send<TeamView>('DELETE', `${teams}/${id}/stays/${stayId}`),
};

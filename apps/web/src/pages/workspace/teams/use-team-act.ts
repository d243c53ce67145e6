import { useMutation, type UseMutationResult, useQueryClient } from '@tanstack/react-query';
import type { TeamView } from '@devpulse/contract/wire/teams';
import { teamQuery } from './team-queries.ts';

/** Does something to a team; the answer is what it is now, and whom one may look at may have changed with it. */
export function useTeamAct<Wish>(
  act: (wish: Wish) => Promise<TeamView>,
  done: (team: TeamView) => void,
): UseMutationResult<TeamView, Error, Wish> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (team) => {
      client.setQueryData(teamQuery(team.id).queryKey, team);
      void client.invalidateQueries({ queryKey: ['teams'] });
      void client.invalidateQueries({ queryKey: ['people', 'viewable'] });
      // A move ends a stay elsewhere.
      void client.invalidateQueries({ queryKey: ['team'], predicate: ({ queryKey }) => queryKey[1] !== team.id });
      done(team);
    },
  });
}

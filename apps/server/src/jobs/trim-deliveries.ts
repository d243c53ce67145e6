import { z } from 'zod';
import { stripUnwatched, trimUnclaimed } from '../hooks-in/hand-over.ts';
import { listWorkspaces } from '../workspaces/ensure-workspace.ts';
import { defineJob } from './job.ts';

export const trimDeliveriesJob = defineJob({
  name: 'trim-deliveries',
  title: 'Forgets deliveries that nobody claimed within a day, and bodies about repositories that nobody watches',
  payload: z.object({}),
  schedule: '37 * * * *',
  run: async ({ store }, _payload, signal) => {
    let gone = await trimUnclaimed(store);
    for (const workspaceId of await listWorkspaces(store))
      if (!signal.aborted) gone += await stripUnwatched(store, workspaceId);
    return gone === 0 ? undefined : `${gone} deliveries forgotten or stripped`;
  },
});

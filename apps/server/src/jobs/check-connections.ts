import { z } from 'zod';
import { checkStaleConnections } from '../connections/check-stale-connections.ts';
import { defineJob } from './job.ts';

export const checkConnectionsJob = defineJob({
  name: 'check-connections',
  title: 'Asks once a day whether connections to GitHub still count',
  payload: z.object({}),
  schedule: '23 * * * *',
  run: async ({ githubParts, log }, _payload, signal) => {
    const checked = await checkStaleConnections(githubParts, signal, log);
    return checked === 0 ? undefined : `${checked} connections checked`;
  },
});

import { z } from 'zod';
import { stripPayloads } from '@devpulse/pipeline/capture/read-events';
import { listWorkspaces } from '../workspaces/ensure-workspace.ts';
import { defineJob } from './job.ts';

export const stripPayloadsJob = defineJob({
  name: 'strip-payloads',
  title: 'Removes the bodies of raw events whose retention ended; facts stay',
  payload: z.object({}),
  schedule: '17 * * * *',
  run: async (workers, _payload, signal) => {
    let stripped = 0;
    for (const workspaceId of await listWorkspaces(workers.store)) {
      for (let batch = -1; batch !== 0 && !signal.aborted; stripped += batch) {
        batch = await stripPayloads({ store: workers.store, workspaceId });
      }
    }
    return stripped === 0 ? undefined : `${stripped} bodies removed`;
  },
});

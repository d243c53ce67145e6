import { z } from 'zod';
import { checkSights } from '../viewers/check-sights.ts';
import { listWorkspaces } from '../workspaces/ensure-workspace.ts';
import { defineJob } from './job.ts';

export const checkSightsJob = defineJob({
  name: 'check-sights',
  title: 'Asks GitHub which members may see which private repositories',
  payload: z.object({}),
  // Signing in and hooks that tell of members nudge it; each answer is asked anew after a day.
  schedule: '*/10 * * * *',
  run: async ({ store, githubParts }, _payload, signal) => {
    let answers = 0;
    for (const workspaceId of await listWorkspaces(store)) {
      if (signal.aborted) break;
      answers += await checkSights(githubParts, workspaceId, signal);
    }
    return answers === 0 ? undefined : `${answers} answers about who may see what`;
  },
});

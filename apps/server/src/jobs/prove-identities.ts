import { z } from 'zod';
import { isAnybodyOnGithub, proveIdentities } from '../people/prove-identities.ts';
import { listWorkspaces } from '../workspaces/ensure-workspace.ts';
import { defineJob } from './job.ts';

export const proveIdentitiesJob = defineJob({
  name: 'prove-identities',
  title: 'Gives identities at GitHub to the members who sign in as them',
  payload: z.object({}),
  // The nudge of each sign-in is the rule; this finds those who signed in before anything was known of them.
  schedule: '*/5 * * * *',
  run: async ({ store, githubUrl, ask }, _payload, signal) => {
    if (!(await isAnybodyOnGithub(store))) return undefined;
    let proven = 0;
    for (const workspaceId of await listWorkspaces(store)) {
      if (signal.aborted) break;
      proven += await proveIdentities({ store, workspaceId, githubUrl });
    }
    if (proven === 0) return undefined;
    ask('roll-up');
    return `${proven} identities proven`;
  },
});

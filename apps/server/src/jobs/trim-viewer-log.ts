import { z } from 'zod';
import { trimLooks } from '../viewers/list-looks.ts';
import { listWorkspaces } from '../workspaces/ensure-workspace.ts';
import { defineJob } from './job.ts';

export const trimViewerLogJob = defineJob({
  name: 'trim-viewer-log',
  title: 'Forgets who looked at whose numbers, after 180 days',
  payload: z.object({}),
  schedule: '23 4 * * *',
  run: async (workers, _payload, signal) => {
    let forgotten = 0;
    for (const workspaceId of await listWorkspaces(workers.store)) {
      if (signal.aborted) break;
      forgotten += await trimLooks({ store: workers.store, workspaceId, now: new Date() });
    }
    return forgotten === 0 ? undefined : `${forgotten} looks forgotten`;
  },
});

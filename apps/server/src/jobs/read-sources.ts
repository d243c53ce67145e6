import { z } from 'zod';
import { readSource } from '../sources/read-source.ts';
import { listWorkspaces } from '../workspaces/ensure-workspace.ts';
import { defineJob } from './job.ts';

export const readSourcesJob = defineJob({
  name: 'read-sources',
  title: 'Looks at every source for what is new',
  payload: z.object({}),
  schedule: '*/5 * * * *',
  run: async (workers, _payload, signal) => {
    let captured = 0;
    let failed = 0;
    for (const workspaceId of await listWorkspaces(workers.store)) {
      const sources = await workers.store.inWorkspace(workspaceId, (trx) =>
        trx.selectFrom('sources').select('id').where('state', '!=', 'paused').orderBy('last_checked_at').execute(),
      );
      for (const { id } of sources) {
        if (signal.aborted) break;
        const result = await readSource({ ...workers, workspaceId, sourceId: id, signal });
        if (result.outcome === 'ok') captured += result.captured;
        if (result.outcome === 'failed') failed += 1;
      }
    }
    return captured + failed === 0 ? undefined : `${captured} events captured, ${failed} sources failed`;
  },
});

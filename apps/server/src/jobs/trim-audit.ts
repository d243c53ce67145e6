import { z } from 'zod';
import { trimAudit } from '../audit/trim-audit.ts';
import { listWorkspaces } from '../workspaces/ensure-workspace.ts';
import { defineJob } from './job.ts';

export const trimAuditJob = defineJob({
  name: 'trim-audit',
  title: 'Removes entries of audit logs whose retention ended; the chain goes on',
  payload: z.object({}),
  schedule: '53 3 * * *',
  run: async ({ store }, _payload, signal) => {
    let removed = 0;
    for (const workspaceId of await listWorkspaces(store)) {
      if (signal.aborted) break;
      removed += await trimAudit(store, workspaceId);
    }
    return removed === 0 ? undefined : `${removed} entries removed`;
  },
});

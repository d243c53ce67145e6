import { sql } from 'kysely';
import { z } from 'zod';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { listWorkspaces } from '../workspaces/ensure-workspace.ts';
import { defineJob } from './job.ts';

export const trimSignInsJob = defineJob({
  name: 'trim-sign-ins',
  title: 'Forgets sessions, devices, tokens, links and invitations that ended long ago',
  payload: z.object({}),
  schedule: '11 4 * * *',
  run: async ({ store }, _payload, signal) => {
    const { rows } = await sql<{ removed: number }>`select forget_ended_sign_ins() as removed`.execute(store.app);
    let removed = rows[0]?.removed ?? 0;
    for (const workspaceId of await listWorkspaces(store)) {
      if (signal.aborted) break;
      removed += await store.inWorkspace(workspaceId, async (trx) => {
        const tokens = await sql`
          delete from account_tokens where workspace_id = ${ownWorkspace} and least(expires_at, revoked_at) < now() - interval '90 days'`.execute(
          trx,
        );
        const invitations = await sql`
          delete from invitations
          where workspace_id = ${ownWorkspace} and least(expires_at, accepted_at, declined_at, revoked_at) < now() - interval '30 days'`.execute(
          trx,
        );
        const tickets =
          await sql`delete from live_tickets where workspace_id = ${ownWorkspace} and expires_at < now() - interval '1 day'`.execute(
            trx,
          );
        const flows =
          await sql`delete from connection_flows where workspace_id = ${ownWorkspace} and expires_at < now() - interval '1 day'`.execute(
            trx,
          );
        return [tokens, invitations, tickets, flows].reduce((sum, each) => sum + Number(each.numAffectedRows ?? 0n), 0);
      });
    }
    return removed === 0 ? undefined : `${removed} forgotten`;
  },
});

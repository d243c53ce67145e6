import { sql } from 'kysely';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { announceChange } from './announce-change.ts';

/** Says which metrics a batch of counted days changed; that fewer days wait now is shown beside the sources. */
export async function announceCounts(trx: WorkspaceTransaction, workspaceId: string, metrics: string[]): Promise<void> {
  await announceChange(trx, workspaceId, { metrics: (await isSettled(trx)) ? ['*'] : metrics, sources: true });
}

/** Says that events were worked in. Their days announce themselves when they are counted; without any, all is done now. */
export async function announceDrained(store: Store, workspaceId: string): Promise<void> {
  await store.inWorkspace(workspaceId, async (trx) => {
    await announceChange(trx, workspaceId, { metrics: (await isSettled(trx)) ? ['*'] : [], sources: true });
  });
}

/** While days wait every number is called stale, and then none is: even those that stayed the same have to be asked again. */
async function isSettled(trx: WorkspaceTransaction): Promise<boolean> {
  const { rows } = await sql<{ settled: boolean }>`
    select not exists (select 1 from rollup_stale where workspace_id = ${ownWorkspace}) as settled`.execute(trx);
  return rows[0]?.settled === true;
}

import { rm } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Store } from '@devpulse/db/open-store';
import { publishChange } from '../live/announce-change.ts';
import { deleteRows } from '../workspaces/delete-workspace.ts';
import { changeDemoState, type DemoState, noDemo, readDemoState } from './demo-state.ts';

const pauseMs = 200;

/**
 * Removes the demo with everything that belongs to it: workspace, numbers, raw events, repositories. Whoever still makes it is
 * stopped first. Safe at any time and any number of times; one that was interrupted is finished by the next.
 */
export async function removeDemo(options: { store: Store; folder: string }): Promise<DemoState> {
  const { store, folder } = options;
  const { state, plan } = await changeDemoState(store, (known) =>
    known.state === 'absent' || known.state === 'removing' ? null : { ...known, state: 'removing', error: null },
  );
  if (state !== 'removing') return noDemo;
  await awaitMaker(store);
  if (plan !== null) {
    await deleteWorkspace(store, plan.workspaceId);
    await publishChange(store, plan.workspaceId, { metrics: ['*'], sources: true, people: true });
  }
  await rm(folder, { recursive: true, force: true });
  return changeDemoState(store, (known) =>
    known.state === 'removing' && known.plan?.workspaceId === plan?.workspaceId ? noDemo : null,
  );
}

/** The maker looks every second whether it is still wanted; one that was killed has a lease that ends. */
async function awaitMaker(store: Store): Promise<void> {
  while (true) {
    const { rows } = await sql<{ now: number }>`
      select extract(epoch from clock_timestamp())::double precision as now`.execute(store.app);
    const { lease } = await readDemoState(store);
    if (lease === null || lease.until <= (rows[0]?.now ?? 0)) return;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** All of it or nothing; only ever a workspace of kind `demo`. */
async function deleteWorkspace(store: Store, workspaceId: string): Promise<void> {
  await store.inWorkspace(workspaceId, async (trx) => {
    const workspace = await trx
      .selectFrom('workspaces')
      .where('id', '=', workspaceId)
      .select('kind')
      .executeTakeFirst();
    if (workspace?.kind !== 'demo') return;
    await deleteRows(trx, workspaceId);
  });
}

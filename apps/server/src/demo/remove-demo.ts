import { rm } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Store } from '@devpulse/db/open-store';
import { lockFacts } from '@devpulse/pipeline/derive/mark-stale';
import { publishChange } from '../live/announce-change.ts';
import { changeDemoState, type DemoState, noDemo, readDemoState } from './demo-state.ts';

// What is large goes first, table by table: the cascade would look for the details of each commit by itself.
const largeTables = [
  'rollup_stale',
  'rollup_days',
  'fact_commit_files',
  'fact_commit_credits',
  'fact_commit_reach',
  'fact_commits',
  'raw_events',
] as const;

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
    const workspace = await trx.selectFrom('workspaces').select('kind').executeTakeFirst();
    if (workspace?.kind !== 'demo') return;
    // The locks of those who derive and count, in their order: none of them is met half-way.
    await lockFacts(trx);
    await sql`select pg_advisory_xact_lock(hashtextextended('devpulse rollup ' || ${workspaceId}, 0))`.execute(trx);
    // Whoever reads a source notices that it is gone and stops.
    await trx.deleteFrom('sources').execute();
    for (const table of largeTables) await sql`delete from ${sql.table(table)}`.execute(trx);
    await trx.deleteFrom('workspaces').where('id', '=', workspaceId).execute();
  });
}

import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { announceChange } from '../live/announce-change.ts';

/** Stops looking at a source until it is resumed. Its facts stay as they are. */
export async function pauseSource(store: Store, workspaceId: string, id: string): Promise<void> {
  await change(store, workspaceId, async (trx) => {
    const result = await trx
      .updateTable('sources')
      .set({ state: 'paused', last_error: null, progress: null })
      .where('id', '=', id)
      .executeTakeFirst();
    return result.numUpdatedRows;
  });
}

/** Looks at a paused source again, beginning with the next round. */
export async function resumeSource(store: Store, workspaceId: string, id: string): Promise<void> {
  await change(store, workspaceId, async (trx) => {
    const result = await trx
      .updateTable('sources')
      .set({ state: 'new' })
      .where('id', '=', id)
      .where('state', '=', 'paused')
      .executeTakeFirst();
    return result.numUpdatedRows;
  });
}

/** Forgets a source and says what it was called. What was read from it stays; erasing facts is another, explicit act. */
export async function removeSource(store: Store, workspaceId: string, id: string): Promise<string> {
  let name = '';
  await change(store, workspaceId, async (trx) => {
    const { rows } = await sql<{ name: string }>`delete from sources where id = ${id} returning name`.execute(trx);
    name = rows[0]?.name ?? '';
    return BigInt(rows.length);
  });
  return name;
}

async function change(
  store: Store,
  workspaceId: string,
  act: (trx: WorkspaceTransaction) => Promise<bigint>,
): Promise<void> {
  await store.inWorkspace(workspaceId, async (trx) => {
    if ((await act(trx)) === 0n)
      throw new AppError('not_found', 'there is no such source, or it is not in a state in which this can be done');
    await announceChange(trx, workspaceId, { sources: true, metrics: ['*'] });
  });
}

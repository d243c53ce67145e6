import { AppError } from '@devpulse/contract/errors';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';

/** Stops looking at a source until it is resumed. Its facts stay as they are. */
export function pauseSource(store: Store, workspaceId: string, id: string): Promise<void> {
  return change(store, workspaceId, (trx) =>
    trx.updateTable('sources').set({ state: 'paused', last_error: null }).where('id', '=', id).executeTakeFirst(),
  );
}

/** Looks at a paused source again, beginning with the next round. */
export function resumeSource(store: Store, workspaceId: string, id: string): Promise<void> {
  return change(store, workspaceId, (trx) =>
    trx
      .updateTable('sources')
      .set({ state: 'new' })
      .where('id', '=', id)
      .where('state', '=', 'paused')
      .executeTakeFirst(),
  );
}

/** Forgets a source. What was read from it stays; erasing facts is another, explicit act. */
export function removeSource(store: Store, workspaceId: string, id: string): Promise<void> {
  return change(store, workspaceId, (trx) => trx.deleteFrom('sources').where('id', '=', id).executeTakeFirst());
}

async function change(
  store: Store,
  workspaceId: string,
  act: (trx: WorkspaceTransaction) => Promise<{ numUpdatedRows?: bigint; numDeletedRows?: bigint }>,
): Promise<void> {
  const result = await store.inWorkspace(workspaceId, act);
  if ((result.numUpdatedRows ?? result.numDeletedRows ?? 0n) === 0n) {
    throw new AppError('not_found', 'there is no such source, or it is not in a state in which this can be done');
  }
}

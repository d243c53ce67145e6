import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { type AuditActor, type AuditNote, commandLineActor, recordAudit } from '../audit/record-audit.ts';
import { announceChange } from '../live/announce-change.ts';

/** Stops looking at a source until it is resumed. Its facts stay as they are. */
export async function pauseSource(
  store: Store,
  workspaceId: string,
  id: string,
  actor: AuditActor = commandLineActor,
): Promise<void> {
  await change(store, workspaceId, async (trx) => {
    const { rows } = await sql<{ name: string }>`
      update sources set state = 'paused', last_error = null, progress = null where workspace_id = ${ownWorkspace} and id = ${id} returning name`.execute(
      trx,
    );
    return {
      rows,
      note: { actor, action: 'source.changed', target: { kind: 'source', id }, after: { state: 'paused' } },
    };
  });
}

/** Looks at a paused source again, beginning with the next round. */
export async function resumeSource(
  store: Store,
  workspaceId: string,
  id: string,
  actor: AuditActor = commandLineActor,
): Promise<void> {
  await change(store, workspaceId, async (trx) => {
    const { rows } = await sql<{ name: string }>`
      update sources set state = 'new' where workspace_id = ${ownWorkspace} and id = ${id} and state = 'paused' returning name`.execute(
      trx,
    );
    return {
      rows,
      note: { actor, action: 'source.changed', target: { kind: 'source', id }, after: { state: 'resumed' } },
    };
  });
}

/** Forgets a source and says what it was called. What was read from it stays; erasing facts is another, explicit act. */
export async function removeSource(
  store: Store,
  workspaceId: string,
  id: string,
  actor: AuditActor = commandLineActor,
): Promise<string> {
  return change(store, workspaceId, async (trx) => {
    const { rows } = await sql<{
      name: string;
    }>`delete from sources where workspace_id = ${ownWorkspace} and id = ${id} returning name`.execute(trx);
    return { rows, note: { actor, action: 'source.removed', target: { kind: 'source', id } } };
  });
}

/** Does it, writes it down and answers what the source is called. */
async function change(
  store: Store,
  workspaceId: string,
  act: (trx: WorkspaceTransaction) => Promise<{
    rows: { name: string }[];
    note: AuditNote & { target: { kind: string; id: string } };
  }>,
): Promise<string> {
  return store.inWorkspace(workspaceId, async (trx) => {
    const { rows, note } = await act(trx);
    const name = rows[0]?.name;
    if (name === undefined)
      throw new AppError('not_found', 'there is no such source, or it is not in a state in which this can be done');
    await recordAudit(trx, { ...note, target: { ...note.target, name } });
    await announceChange(trx, workspaceId, { sources: true, metrics: ['*'] });
    return name;
  });
}

import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { ChangeMonitor } from '@devpulse/contract/wire/sources';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { type AuditActor, recordAudit } from '../audit/record-audit.ts';
import { announceChange } from '../live/announce-change.ts';

interface Wanted {
  sourceId: string;
  wish: ChangeMonitor;
  actor: AuditActor;
}

/** Changes how often a source is looked at and how much of it is read. What was read stays, whatever is chosen. */
export async function changeMonitor(store: Store, workspaceId: string, wanted: Wanted): Promise<void> {
  const { sourceId, wish, actor } = wanted;
  const { everySeconds, ...choices } = wish;
  await store.inWorkspace(workspaceId, async (trx) => {
    const { rows } = await sql<{ name: string; connection_id: string | null }>`
      select name, connection_id from sources where workspace_id = ${ownWorkspace} and id = ${sourceId}::uuid for update`.execute(
      trx,
    );
    const [row] = rows;
    if (row === undefined) throw new AppError('not_found', 'There is no such source; it may have been removed.');
    const reads = Object.keys(choices).length > 0;
    if (reads && row.connection_id === null)
      throw new AppError('conflict', 'Only of sources that are read with a connection can be chosen how much is read.');
    if (everySeconds !== undefined)
      await sql`
        update sources set wished_seconds = ${everySeconds}, look_seconds = coalesce(${everySeconds}, 60),
          next_look_at = least(next_look_at, now() + make_interval(secs => coalesce(${everySeconds}, 60)))
        where workspace_id = ${ownWorkspace} and id = ${sourceId}::uuid`.execute(trx);
    if (reads)
      await sql`
        update sources set settings = settings || ${JSON.stringify(choices)}::jsonb, next_look_at = least(next_look_at, now()),
          stirred_at = now()
        where workspace_id = ${ownWorkspace} and id = ${sourceId}::uuid`.execute(trx);
    await recordAudit(trx, {
      actor,
      action: 'source.changed',
      target: { kind: 'source', id: sourceId, name: row.name },
      after: { ...choices, ...(everySeconds === undefined ? {} : { everySeconds }) },
    });
    await announceChange(trx, workspaceId, { sources: true });
  });
}

import { sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { announceChange } from '../live/announce-change.ts';

/**
 * A source told of these repositories by itself: they are looked at soon, and once more when a look is under way that began
 * before. Answers which sources that are; whoever calls has each read soon.
 */
export async function makeDue(
  trx: WorkspaceTransaction,
  workspaceId: string,
  repositoryKeys: readonly string[],
  connector = 'github',
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    update sources set last_event_at = now(), stirred_at = now(),
      next_look_at = case when waiting_until > now() then next_look_at else least(next_look_at, now()) end
    where workspace_id = ${ownWorkspace} and connector = ${connector} and natural_key = any(${[...repositoryKeys]}::text[])
      and state <> 'paused'
    returning id`.execute(trx);
  if (rows.length > 0) await announceChange(trx, workspaceId, { sources: true });
  return rows.map((row) => row.id);
}

/** Somebody wants it looked at now; once a minute. False: it was asked for just before. */
export async function askForLook(trx: WorkspaceTransaction, sourceId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update sources set asked_at = now(), stirred_at = now(),
      next_look_at = case when waiting_until > now() then next_look_at else now() end
    where workspace_id = ${ownWorkspace} and id = ${sourceId}::uuid
      and (asked_at is null or asked_at < now() - interval '1 minute')`.execute(trx);
  return Number(numAffectedRows ?? 0n) > 0;
}

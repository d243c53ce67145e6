import { sql } from 'kysely';
import type { ConnectionState } from '@devpulse/contract/wire/connections';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { type AuditActor, recordAudit, systemActor } from '../audit/record-audit.ts';
import { announceChange } from '../live/announce-change.ts';
import { targetOf } from './connection-rows.ts';
import { canRead, describeState, type StateDetail } from './connection-states.ts';

interface Before {
  kind: 'oauth' | 'token' | 'app';
  login: string;
  state: ConnectionState;
}

/** A connection that is to be in another state. */
export interface Move {
  workspaceId: string;
  connectionId: string;
  state: ConnectionState;
  detail?: StateDetail;
  /** The program itself where left out. */
  actor?: AuditActor;
}

/** What the move set free: sources that can be read again. */
export interface Moved {
  changed: boolean;
  revived: string[];
}

/**
 * Puts a connection into a state and its sources with it. Whoever finds the same again changes nothing, so that there is one
 * notice for one loss. What was disconnected stays so until somebody connects it, which says its own `actor`.
 */
export async function moveConnection(trx: WorkspaceTransaction, move: Move): Promise<Moved> {
  const { workspaceId, connectionId, state, detail = null } = move;
  const { rows } = await sql<Before>`
    select kind, login, state from connections where workspace_id = ${ownWorkspace} and id = ${connectionId}::uuid for update`.execute(
    trx,
  );
  const [before] = rows;
  if (before === undefined) return { changed: false, revived: [] };
  if (before.state === 'disconnected' && move.actor === undefined) return { changed: false, revived: [] };
  const changed = before.state !== state;
  await sql`
    update connections set state = ${state}, state_detail = ${detail === null ? null : JSON.stringify(detail)}::jsonb,
      state_since = case when ${changed} then now() else state_since end
    where workspace_id = ${ownWorkspace} and id = ${connectionId}::uuid`.execute(trx);
  if (!changed) return { changed, revived: [] };
  const lost = !canRead(state);
  const message = describeState({ kind: before.kind, login: before.login, state, detail });
  if (lost) await stopSources(trx, connectionId, message);
  const revived = !lost && !canRead(before.state) ? await reviveSources(trx, connectionId) : [];
  await recordAudit(trx, {
    actor: move.actor ?? systemActor,
    action: 'connection.changed',
    target: targetOf({ ...before, id: connectionId }),
    before: { state: before.state },
    after: { state, ...(detail?.missing === undefined ? {} : { missing: detail.missing }) },
  });
  await announceChange(trx, workspaceId, { sources: true, metrics: ['*'] });
  return { changed, revived };
}

/** What they told stays and is marked as not up to date; they are not asked again until the connection can read. */
async function stopSources(trx: WorkspaceTransaction, connectionId: string, message: string): Promise<void> {
  await sql`
    update sources set state = 'failed', progress = null, last_error = ${JSON.stringify({ code: 'reconnect', message })}::jsonb
    where workspace_id = ${ownWorkspace} and connection_id = ${connectionId}::uuid and state <> 'paused'`.execute(trx);
}

/** They stay failed until they were read to the end: a number must not look whole before its gap is closed. */
async function reviveSources(trx: WorkspaceTransaction, connectionId: string): Promise<string[]> {
  const error = { code: 'catching up', message: 'Connected again. What was missed is being read.' };
  const { rows } = await sql<{ id: string }>`
    update sources set last_error = ${JSON.stringify(error)}::jsonb
    where workspace_id = ${ownWorkspace} and connection_id = ${connectionId}::uuid and state <> 'paused'
      and last_error ->> 'code' = 'reconnect' returning id`.execute(trx);
  return rows.map((row) => row.id);
}

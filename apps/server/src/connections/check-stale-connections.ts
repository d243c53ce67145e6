import { sql } from 'kysely';
import { SourceRefused } from '@devpulse/contract/source-client';
import type { Log } from '@devpulse/db/connection';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { checkConnection } from './check-connection.ts';
import type { GithubParts } from './github-parts.ts';

const dayMs = 86_400_000;

/** Checks what nobody has looked at for a day, behind everything else that wants to ask GitHub; says how many. */
export async function checkStaleConnections(parts: GithubParts, signal: AbortSignal, log: Log): Promise<number> {
  const before = new Date(parts.now().getTime() - dayMs);
  const { rows } = await sql<{ id: string }>`select workspaces_with_unchecked_connections(${before}) as id`.execute(
    parts.store.app,
  );
  let checked = 0;
  for (const { id: workspaceId } of rows)
    for (const connectionId of await findStale(parts, workspaceId, before)) {
      if (signal.aborted) return checked;
      try {
        await checkConnection(parts, { workspaceId, connectionId, lane: 'history' });
        checked += 1;
      } catch (error) {
        if (!(error instanceof SourceRefused)) throw error;
        // It says nothing of the connection; the next run asks again.
        log('warn', 'a connection could not be checked', { connectionId, kind: error.kind, error: error.message });
      }
    }
  return checked;
}

async function findStale({ store }: GithubParts, workspaceId: string, before: Date): Promise<string[]> {
  return store.inWorkspace(workspaceId, async (trx) => {
    const { rows } = await sql<{ id: string }>`
      select id from connections
      where workspace_id = ${ownWorkspace} and state in ('unchecked', 'ok', 'narrowed', 'sso', 'suspended')
        and (checked_at is null or checked_at < ${before}) order by checked_at nulls first, id`.execute(trx);
    return rows.map((row) => row.id);
  });
}

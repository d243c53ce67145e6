import { sql } from 'kysely';
import type { AskLane, SourceClient } from '@devpulse/contract/source-client';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { openSourceClient } from '@devpulse/http-client/open-client';
import type { GithubParts } from '../connections/github-parts.ts';
import { credentialsOf } from '../connections/read-credential.ts';
import { refreshReach } from '../connections/refresh-reach.ts';

interface Borrower {
  workspaceId: string;
  connectionId: string;
  signal?: AbortSignal;
}

/** What a connector asks with: signed by the connection, within its limits. */
export function lendClient(
  parts: GithubParts,
  { workspaceId, connectionId, signal }: Borrower,
  lane: AskLane,
): SourceClient {
  return openSourceClient({
    host: parts.github.host,
    apiUrl: parts.github.apiUrl,
    lane,
    workspaceId,
    credentials: credentialsOf(parts, workspaceId, connectionId),
    governor: parts.governor,
    now: () => parts.now(),
    log: { info: (fields, message) => parts.log('info', message, { ...fields }) },
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Whether the listing of a connection that can still read no longer has a repository. It is listed anew for that. */
export async function isUnlisted(parts: GithubParts, borrower: Borrower, naturalKey: string): Promise<boolean> {
  const { workspaceId, connectionId } = borrower;
  await refreshReach(parts, workspaceId, connectionId);
  const number = naturalKey.slice(naturalKey.lastIndexOf('/') + 1);
  const { rows } = await parts.store.inWorkspace(workspaceId, (trx) =>
    sql`
      select 1 from connection_repositories
      where workspace_id = ${ownWorkspace} and connection_id = ${connectionId}::uuid and number = ${number} and gone_at is null`.execute(
      trx,
    ),
  );
  return rows.length === 0;
}

import { sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { keyOfRepository } from '../connections/watch-repositories.ts';
import { recheckSight } from '../viewers/recheck-sight.ts';
import type { SightChange } from './read-sight-change.ts';

/** Has asked anew whatever these changed. */
export async function hearSightChanges(
  trx: WorkspaceTransaction,
  { workspaceId, host }: { workspaceId: string; host: string },
  heard: readonly SightChange[],
): Promise<void> {
  for (const { repository, organization, lostBy } of heard) {
    const keys = repository !== null ? [keyOfRepository(host, repository)] : await listOwned(trx, host, organization);
    await recheckSight(trx, workspaceId, keys, lostBy ?? undefined);
  }
}

/** The repositories of an organisation, as far as they were listed; null: any. */
async function listOwned(
  trx: WorkspaceTransaction,
  host: string,
  organization: string | null,
): Promise<string[] | null> {
  if (organization === null) return null;
  const { rows } = await sql<{ number: string }>`
    select distinct r.number from connection_repositories r
    join connections c on c.workspace_id = r.workspace_id and c.id = r.connection_id and c.host = ${host}
    where r.workspace_id = ${ownWorkspace} and r.owner_number = ${organization}`.execute(trx);
  return rows.map(({ number }) => keyOfRepository(host, number));
}

import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Log } from '@devpulse/db/connection';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

/** One reader at a time for each source; the holder's name is the fence of everything it writes there. */
export interface SourceLease {
  owner: string;
  release(): Promise<void>;
}

const leaseSeconds = 60;

/** Takes the right to read a source, or answers null when somebody reads it now. */
export async function takeLease(
  store: Store,
  workspaceId: string,
  sourceId: string,
  log: Log,
): Promise<SourceLease | null> {
  const owner = `${process.pid}-${randomUUID()}`;
  const taken = await store.inWorkspace(workspaceId, (trx) =>
    sql`
      update sources set lease_owner = ${owner}, lease_until = now() + make_interval(secs => ${leaseSeconds})
      where workspace_id = ${ownWorkspace} and id = ${sourceId} and (lease_until is null or lease_until < now())`.execute(
      trx,
    ),
  );
  if (Number(taken.numAffectedRows ?? 0n) === 0) return null;
  const timer = setInterval(
    () => {
      renew(store, workspaceId, sourceId, owner).catch((error: Error) =>
        log('warn', 'the lease of a source could not be renewed', { error: error.message }),
      );
    },
    (leaseSeconds * 1000) / 3,
  );
  return {
    owner,
    release: async () => {
      clearInterval(timer);
      await store.inWorkspace(workspaceId, (trx) =>
        sql`update sources set lease_owner = null, lease_until = null where workspace_id = ${ownWorkspace} and id = ${sourceId} and lease_owner = ${owner}`.execute(
          trx,
        ),
      );
    },
  };
}

async function renew(store: Store, workspaceId: string, sourceId: string, owner: string): Promise<void> {
  await store.inWorkspace(workspaceId, (trx) =>
    sql`
      update sources set lease_until = now() + make_interval(secs => ${leaseSeconds})
      where workspace_id = ${ownWorkspace} and id = ${sourceId} and lease_owner = ${owner}`.execute(trx),
  );
}

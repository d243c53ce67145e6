import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { TransferView } from '@devpulse/contract/wire/data';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

/** The right to work on one transfer, kept alive until it is let go. */
export interface TransferHold {
  id: string;
  workspaceId: string;
  kind: 'export' | 'import';
  scope: 'mine' | 'workspace';
  apply: boolean;
  accountId: string;
  personId: string;
  /** Aborted when the right is lost: the transfer was removed, or somebody else took over. */
  signal: AbortSignal;
  progress(progress: NonNullable<TransferView['progress']>): void;
  /** Lets go, and says how it ended; false when the right was lost before. */
  finish(end: TransferEnd): Promise<boolean>;
}

export type TransferEnd =
  | { state: 'done' | 'checked'; summary: TransferView['summary']; bytes?: number; sha256?: Buffer }
  | { state: 'failed'; error: string }
  | { state: 'waiting' };

const leaseSeconds = 30;
const beatMs = 2_000;

/** Takes the right to work on the transfer of a workspace that has waited longest; null when none waits. */
export async function holdTransfer(store: Store, workspaceId: string): Promise<TransferHold | null> {
  const owner = randomUUID();
  const taken = await store.inWorkspace(workspaceId, async (trx) => {
    const { rows } = await sql<Pick<TransferHold, 'id' | 'kind' | 'scope' | 'apply' | 'accountId' | 'personId'>>`
      update transfers t set state = 'working', lease_owner = ${owner}::uuid,
        lease_until = now() + make_interval(secs => ${leaseSeconds})
      where t.workspace_id = ${ownWorkspace} and t.id = (
        select w.id from transfers w
        where w.workspace_id = ${ownWorkspace} and w.expires_at > now() and (w.state = 'waiting' or (w.state = 'working' and w.lease_until <= now()))
        order by w.created_at, w.id limit 1 for update skip locked
      )
      returning t.id, t.kind, t.scope, t.apply, t.account_id as "accountId", t.person_id as "personId"`.execute(trx);
    return rows[0] ?? null;
  });
  return taken === null ? null : keepHold(store, { ...taken, workspaceId }, owner);
}

function keepHold(
  store: Store,
  taken: Omit<TransferHold, 'signal' | 'progress' | 'finish'>,
  owner: string,
): TransferHold {
  const lost = new AbortController();
  let progress: TransferView['progress'] = null;
  const renew = async (): Promise<void> => {
    const result = await store.inWorkspace(taken.workspaceId, (trx) =>
      sql`
        update transfers set progress = ${progress === null ? null : JSON.stringify(progress)}::jsonb,
          lease_until = now() + make_interval(secs => ${leaseSeconds})
        where workspace_id = ${ownWorkspace} and id = ${taken.id}::uuid and lease_owner = ${owner}::uuid and state = 'working'`.execute(
        trx,
      ),
    );
    if (result.numAffectedRows !== 1n)
      lost.abort(new Error('the transfer was removed, or somebody else works on it now'));
  };
  // A beat that fails for once is made good by the next; the lease outlives many of them.
  const timer = setInterval(() => void renew().catch(() => undefined), beatMs);
  return {
    ...taken,
    signal: lost.signal,
    progress: (told) => {
      progress = told;
    },
    finish: async (end) => {
      clearInterval(timer);
      const result = await store.inWorkspace(taken.workspaceId, (trx) => {
        const told = 'summary' in end ? end : null;
        return sql`
          update transfers set state = ${end.state}, progress = null, lease_owner = null, lease_until = null,
            finished_at = case when ${end.state} = 'waiting' then null else now() end,
            error = ${'error' in end ? end.error : null},
            summary = coalesce(${told === null ? null : JSON.stringify(told.summary)}::jsonb, summary),
            bytes = coalesce(${told?.bytes ?? null}::bigint, bytes), sha256 = coalesce(${told?.sha256 ?? null}::bytea, sha256)
          where workspace_id = ${ownWorkspace} and id = ${taken.id}::uuid and lease_owner = ${owner}::uuid and state = 'working'`.execute(
          trx,
        );
      });
      return result.numAffectedRows === 1n;
    },
  };
}

import { sql } from 'kysely';
import type { AuditChain } from '@devpulse/contract/wire/audit';
import type { Store } from '@devpulse/db/open-store';
import { hashEntry, noHash, type StoredEntry } from './hash-entry.ts';

interface Ends {
  last_seq: number;
  last_hash: Buffer;
  removed_seq: number;
  removed_hash: Buffer;
}

const batchRows = 1000;

/** Computes every hash of a workspace’s log again, from the first entry that is kept to the one that was the last at the start. */
export async function verifyChain(store: Store, workspaceId: string): Promise<AuditChain> {
  const { ends, retentionDays } = await readEnds(store, workspaceId);
  let previous = ends.removed_hash;
  let seq = ends.removed_seq;
  let lastAt: Date | null = null;
  let checked = 0;
  let erased = 0;
  let fault: AuditChain['fault'] = null;
  while (fault === null && seq < ends.last_seq) {
    const entries = await readBatch(store, workspaceId, seq, ends.last_seq);
    for (const entry of entries) {
      if (entry.seq !== seq + 1) fault = { seq: seq + 1, says: 'This entry is missing.' };
      // Of somebody who deleted their account the content is gone; the chain goes on from the hash that it had.
      else if (entry.erased_at === null && !hashEntry(entry, previous).equals(entry.hash))
        fault = { seq: entry.seq, says: 'This entry was changed, or the one before it.' };
      if (fault !== null) break;
      seq = entry.seq;
      previous = entry.hash;
      lastAt = entry.at;
      checked += 1;
      if (entry.erased_at !== null) erased += 1;
    }
    if (fault === null && entries.length === 0) fault = { seq: seq + 1, says: 'This entry is missing.' };
  }
  if (fault === null && !previous.equals(ends.last_hash))
    fault = { seq: ends.last_seq, says: 'The newest entry is not the one that was added last.' };
  return {
    isWhole: fault === null,
    checked,
    erased,
    removed: ends.removed_seq,
    lastSeq: ends.last_seq,
    lastAt: lastAt?.toISOString() ?? null,
    lastHash: ends.last_hash.toString('hex'),
    fault,
    retentionDays,
  };
}

function readEnds(store: Store, workspaceId: string): Promise<{ ends: Ends; retentionDays: number }> {
  return store.inWorkspace(workspaceId, async (trx) => {
    const { rows } = await sql<Ends>`select * from audit_chain_ends()`.execute(trx);
    const { rows: settings } = await sql<{ days: number }>`
      select audit_retention_days as days from workspaces where id = ${workspaceId}`.execute(trx);
    return {
      ends: rows[0] ?? { last_seq: 0, last_hash: noHash, removed_seq: 0, removed_hash: noHash },
      retentionDays: settings[0]?.days ?? 0,
    };
  });
}

/** A batch a transaction: a long log is not read under one snapshot. */
async function readBatch(store: Store, workspaceId: string, after: number, upTo: number): Promise<StoredEntry[]> {
  const { rows } = await store.inWorkspace(workspaceId, (trx) =>
    sql<StoredEntry>`
      select workspace_id, id, seq, at, actor_account_id, actor_person_id, via, address, request_id, action, target_kind,
             target_id, target_name, before, after, hash, erased_at
      from audit_entries where workspace_id = ${workspaceId} and seq > ${after} and seq <= ${upTo}
      order by seq limit ${batchRows}`.execute(trx),
  );
  return rows;
}

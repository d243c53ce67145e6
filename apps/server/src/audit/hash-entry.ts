import { createHash } from 'node:crypto';

/** An entry as the store has it. */
export interface StoredEntry {
  workspace_id: string;
  id: string;
  seq: number;
  at: Date;
  actor_account_id: string | null;
  actor_person_id: string | null;
  via: string;
  address: string | null;
  request_id: string | null;
  action: string;
  target_kind: string | null;
  target_id: string | null;
  target_name: string | null;
  before: string | null;
  after: string | null;
  hash: Buffer;
  /** Set where the account of whoever did it was deleted: of the entry only time, action and place are left. */
  erased_at: Date | null;
}

/** What the first entry of a workspace follows. */
export const noHash = Buffer.alloc(32);

/**
 * The hash that an entry must have: SHA-256 over the hash of the one before and its own parts, each with its length in bytes
 * in front (`-` for nothing). Written a second time here, apart from the store’s function, so that the one checks the other.
 */
export function hashEntry(entry: StoredEntry, previous: Buffer): Buffer {
  const parts = [
    entry.workspace_id,
    entry.id,
    String(entry.seq),
    entry.at.toISOString(),
    entry.actor_account_id,
    entry.actor_person_id,
    entry.via,
    entry.address,
    entry.request_id,
    entry.action,
    entry.target_kind,
    entry.target_id,
    entry.target_name,
    entry.before,
    entry.after,
  ];
  const content = parts.map((part) => (part === null ? '-' : `${Buffer.byteLength(part)}:${part}`)).join('');
  return createHash('sha256').update(previous).update(content).digest();
}

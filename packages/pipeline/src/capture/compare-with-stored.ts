import { sql } from 'kysely';
import type { Store } from '@devpulse/db/open-store';
import type { CaptureOutcome, Entry } from './capture-row.ts';

/**
 * Tells, for a batch of which some rows were known before, which were new, repeated, or the same key with other content. What
 * cannot be found again has no outcome.
 */
export async function compareWithStored(store: Store, batch: readonly Entry[]): Promise<Map<Entry, CaptureOutcome>> {
  const outcomes = new Map<Entry, CaptureOutcome>();
  for (const [workspaceId, entries] of Map.groupBy(batch, (entry) => entry.row.workspaceId)) {
    const stored = await findStored(store, workspaceId, entries);
    for (const entry of entries) {
      const found = stored.get(keyOf(entry.row.source, entry.row.key));
      if (found === undefined) continue;
      if (found.id === entry.id) outcomes.set(entry, 'accepted');
      else outcomes.set(entry, found.body_sha256.equals(entry.sha256) ? 'duplicate' : 'clash');
    }
  }
  return outcomes;
}

interface StoredRow {
  id: string;
  source: string;
  item_key: string;
  body_sha256: Buffer;
}

async function findStored(store: Store, workspaceId: string, entries: Entry[]): Promise<Map<string, StoredRow>> {
  const wanted = JSON.stringify(entries.map((entry) => ({ source: entry.row.source, item_key: entry.row.key })));
  const { rows } = await store.inWorkspace(workspaceId, (trx) =>
    sql<StoredRow>`
      select e.id, e.source, e.item_key, e.body_sha256
      from json_to_recordset(${wanted}::json) as w (source text, item_key text)
      join raw_events e on e.workspace_id = ${workspaceId} and e.source = w.source and e.item_key = w.item_key`.execute(
      trx,
    ),
  );
  return new Map(rows.map((row) => [keyOf(row.source, row.item_key), row]));
}

function keyOf(source: string, key: string): string {
  return `${source}\n${key}`;
}

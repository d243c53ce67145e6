import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { parse } from '@devpulse/connectors/github/parse';
import type { Fact } from '@devpulse/contract/facts';
import type { Store } from '@devpulse/db/open-store';

interface Stored {
  kind: string;
  item_key: string;
  body: Buffer;
  body_encoding: string;
}

/** What the raw events of a workspace tell, in the order in which they came. */
export async function readStoredFacts(store: Store, workspaceId: string): Promise<Fact[]> {
  const { rows } = await store.inWorkspace(workspaceId, (trx) =>
    sql<Stored>`select kind, item_key, body, body_encoding from raw_events where source = 'github' order by id`.execute(
      trx,
    ),
  );
  return rows.flatMap(({ kind, item_key: key, body, body_encoding: encoding }) => {
    const read = parse({ source: 'github', key, kind, body: encoding === 'gzip' ? gunzipSync(body) : body });
    return 'facts' in read ? read.facts : [];
  });
}

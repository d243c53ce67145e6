import { sql } from 'kysely';
import type { IdentityMove, LinkDecision } from '@devpulse/contract/wire/people';
import type { Store } from '@devpulse/db/open-store';
import { cutPage, readCursor } from './page-cursor.ts';

export interface ListLinkDecisions {
  store: Store;
  workspaceId: string;
  cursor?: string | undefined;
  limit: number;
}

interface DecisionRow {
  batch_id: string;
  decided_at: Date;
  sort_key: string;
  decided_by: string | null;
  reason: string;
  undone_at: Date | null;
  moves: IdentityMove[];
}

/** What was decided about who is who, newest first; undone decisions stay in the list. */
export async function listLinkDecisions(
  asked: ListLinkDecisions,
): Promise<{ decisions: LinkDecision[]; nextCursor: string | null }> {
  const before = asked.cursor === undefined ? undefined : readCursor(asked.cursor);
  const rows = await asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    const found = await sql<DecisionRow>`
      select * from (
        select batch_id, max(decided_at) as decided_at, max(decided_by::text) as decided_by, max(reason) as reason,
               max(undone_at) as undone_at,
               -- As text: a Date of JavaScript would lose the microseconds that order two acts.
               to_char(max(decided_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as sort_key,
               json_agg(json_build_object('identityId', identity_id, 'fromPersonId', from_person_id, 'toPersonId', to_person_id)
                        order by identity_id) as moves
        from people_link_log group by batch_id
      ) decisions
      where ${before === undefined ? sql`true` : sql`(sort_key, batch_id) < (${before[0]}, ${before[1]}::uuid)`}
      order by sort_key desc, batch_id desc limit ${asked.limit + 1}`.execute(trx);
    return found.rows;
  });
  const { page, nextCursor } = cutPage(rows, asked.limit, (row) => [row.sort_key, row.batch_id]);
  return { decisions: page.map(toDecision), nextCursor };
}

function toDecision(row: DecisionRow): LinkDecision {
  return {
    batchId: row.batch_id,
    decidedAt: row.decided_at.toISOString(),
    decidedBy: row.decided_by,
    reason: row.reason,
    undoneAt: row.undone_at?.toISOString() ?? null,
    moves: row.moves,
  };
}

import { sql } from 'kysely';
import type { IdentityMove, LinkDecision, NamedIdentityMove } from '@devpulse/contract/wire/people';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { readNames } from './list-people.ts';
import { cutPage, readCursor } from './page-cursor.ts';
import { describeIdentity, identityQuery } from './select-identities.ts';

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
  proof: LinkDecision['provenBy'];
  moves: IdentityMove[];
}

/** What was decided about who is who, newest first; undone decisions stay in the list. */
export async function listLinkDecisions(
  asked: ListLinkDecisions,
): Promise<{ decisions: LinkDecision[]; nextCursor: string | null }> {
  const before = asked.cursor === undefined ? undefined : readCursor(asked.cursor);
  return asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    const found = await sql<DecisionRow>`
      select * from (
        select batch_id, max(decided_at) as decided_at, max(decided_by::text) as decided_by, max(reason) as reason,
               max(undone_at) as undone_at, max(proof) as proof,
               -- As text: a Date of JavaScript would lose the microseconds that order two acts.
               to_char(max(decided_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as sort_key,
               json_agg(json_build_object('identityId', identity_id, 'fromPersonId', from_person_id, 'toPersonId', to_person_id)
                        order by identity_id) as moves
        from people_link_log where workspace_id = ${ownWorkspace} group by batch_id
      ) decisions
      where ${before === undefined ? sql`true` : sql`(sort_key, batch_id) < (${before[0]}, ${before[1]}::uuid)`}
      order by sort_key desc, batch_id desc limit ${asked.limit + 1}`.execute(trx);
    const { page, nextCursor } = cutPage(found.rows, asked.limit, (row) => [row.sort_key, row.batch_id]);
    return { decisions: await nameThem(trx, page), nextCursor };
  });
}

/** A person who was merged away is known by the identity of that id. */
async function nameThem(trx: WorkspaceTransaction, rows: readonly DecisionRow[]): Promise<LinkDecision[]> {
  const moves = rows.flatMap((row) => row.moves);
  const personIds = moves.flatMap((move) => [move.fromPersonId, move.toPersonId]);
  const deciders = rows.flatMap((row) => row.decided_by ?? []);
  const people = await readNames(trx, [...new Set([...personIds, ...deciders])]);
  const ids = [...new Set([...personIds, ...moves.map((move) => move.identityId)])];
  const found = await identityQuery(sql`i.workspace_id = ${ownWorkspace} and i.id = any(${ids}::uuid[])`).execute(trx);
  const identities = new Map(found.rows.map((row) => [row.id, row]));
  const nameOf = (id: string): string => {
    const identity = identities.get(id);
    return (
      people.get(id) ?? identity?.name ?? identity?.login ?? identity?.email ?? 'somebody who is not here any more'
    );
  };
  const toNamed = (move: IdentityMove): NamedIdentityMove => {
    const identity = identities.get(move.identityId);
    const own = identity === undefined ? 'an author who is not here any more' : describeIdentity(identity);
    return { ...move, identity: own, from: nameOf(move.fromPersonId), to: nameOf(move.toPersonId) };
  };
  return rows.map((row) =>
    toDecision(row, { moves: row.moves.map(toNamed), decider: people.get(row.decided_by ?? '') }),
  );
}

function toDecision(
  row: DecisionRow,
  named: { moves: NamedIdentityMove[]; decider: string | undefined },
): LinkDecision {
  return {
    batchId: row.batch_id,
    decidedAt: row.decided_at.toISOString(),
    decidedBy: row.decided_by,
    reason: row.reason,
    undoneAt: row.undone_at?.toISOString() ?? null,
    provenBy: row.proof,
    deciderName: named.decider ?? null,
    moves: named.moves,
  };
}

import { sql } from 'kysely';
import type { IdentityMove, LinkOutcome } from '@devpulse/contract/wire/people';
import { newId } from '@devpulse/db/ids';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { classifyIdentities } from '@devpulse/pipeline/derive/classify-identities';
import { markPeopleStale } from '@devpulse/pipeline/derive/mark-stale';
import { refuseProven } from './refuse-proven.ts';
import { refuseTaking } from './refuse-taking.ts';
import { readIdentitiesOf } from './select-identities.ts';

/** Where an identity shall go: to a person, or back to itself when both ids are the same. */
export interface Destination {
  identityId: string;
  /** The person it stands for now. */
  from: string;
  to: string;
}

/** Who decided, and why. */
export interface Decision {
  workspaceId: string;
  reason: string;
  by: string | null;
  /** Nobody decided it: whoever it is proved it, by a connection that was made then. */
  proof?: { by: 'github'; claimedAt: string };
}

/**
 * Moves identities to other persons as one act: links, log, and the days of everybody concerned, before and after.
 * The caller holds the lock and has read `from` under it.
 */
export async function moveIdentities(
  trx: WorkspaceTransaction,
  wanted: readonly Destination[],
  decision: Decision,
): Promise<LinkOutcome> {
  const { proof } = decision;
  const moving = wanted.filter((move) => move.from !== move.to);
  // What is proved of those who have it already is worth a line of its own.
  const asked = proof === undefined ? moving : wanted;
  if (asked.length === 0) return { batchId: null, moved: [] };
  if (proof === undefined) await refuseProven(trx, moving);
  await refuseTaking(trx, moving, decision.by);
  const leftBehind = await movesOfTheLeftBehind(trx, moving);
  const moves = [...asked, ...leftBehind];
  const batchId = newId();
  await placeIdentities(trx, decision, [...moving, ...leftBehind]);
  const rows = moves.map((move) => ({ id: newId(), identity_id: move.identityId, from_id: move.from, to_id: move.to }));
  await sql`
    -- The clock, not the beginning of the transaction: acts are ordered by when they got the lock.
    with clock as materialized (select clock_timestamp() as now)
    insert into people_link_log (workspace_id, id, batch_id, identity_id, from_person_id, to_person_id, reason, decided_by, decided_at,
                                 proof, claimed_at)
    select ${decision.workspaceId}, m.id, ${batchId}, m.identity_id, m.from_id, m.to_id, ${decision.reason}, ${decision.by}, clock.now,
           ${proof?.by ?? null}::text, ${proof?.claimedAt ?? null}::timestamptz
    from clock, json_to_recordset(${JSON.stringify(rows)}::json) as m (id uuid, identity_id uuid, from_id uuid, to_id uuid)`.execute(
    trx,
  );
  // Whoever showed that they are it is no machine, whatever a name says.
  if (proof !== undefined)
    await classifyIdentities(
      trx,
      asked.map((move) => move.identityId),
    );
  return { batchId, moved: moves.map(toMove) };
}

/** Writes the links alone, and marks the days of all persons concerned. */
export async function placeIdentities(
  trx: WorkspaceTransaction,
  decision: Decision,
  moves: readonly Destination[],
): Promise<void> {
  if (moves.length === 0) return;
  const people = [...new Set(moves.flatMap((move) => [move.from, move.to]))];
  await markPeopleStale(trx, people);
  const home = moves.filter((move) => move.to === move.identityId).map((move) => move.identityId);
  const away = moves.filter((move) => move.to !== move.identityId);
  if (home.length > 0)
    await trx
      .deleteFrom('people_links')
      .where('workspace_id', '=', ownWorkspace)
      .where('identity_id', 'in', home)
      .execute();
  if (away.length > 0) {
    await trx
      .insertInto('people_links')
      .values(
        away.map((move) => ({
          workspace_id: decision.workspaceId,
          identity_id: move.identityId,
          person_id: move.to,
          reason: decision.reason,
          decided_by: decision.by,
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(['workspace_id', 'identity_id']).doUpdateSet((row) => ({
          person_id: row.ref('excluded.person_id'),
          reason: row.ref('excluded.reason'),
          decided_by: row.ref('excluded.decided_by'),
          decided_at: sql`clock_timestamp()`,
        })),
      )
      .execute();
  }
  await markPeopleStale(trx, people);
}

/**
 * A person without settings is known by the id of one of its identities. When that one leaves, the others would stand for
 * a person that bears the name of somebody else, and could not be told from it once it came back: they gather anew around
 * the one that was seen first.
 */
async function movesOfTheLeftBehind(trx: WorkspaceTransaction, moves: readonly Destination[]): Promise<Destination[]> {
  const leaving = new Set(moves.map((move) => move.identityId));
  const orphaned = moves.filter((move) => move.from === move.identityId).map((move) => move.from);
  if (orphaned.length === 0) return [];
  const settled = await trx
    .selectFrom('people')
    .where('workspace_id', '=', ownWorkspace)
    .select('id')
    .where('id', 'in', orphaned)
    .execute();
  const withSettings = new Set(settled.map((row) => row.id));
  const left = (
    await readIdentitiesOf(
      trx,
      orphaned.filter((id) => !withSettings.has(id)),
    )
  ).filter((row) => !leaving.has(row.id));
  const anchors = new Map<string, string>();
  return left.map((row) => {
    const anchor = anchors.get(row.person_id) ?? row.id;
    anchors.set(row.person_id, anchor);
    return { identityId: row.id, from: row.person_id, to: anchor };
  });
}

function toMove(move: Destination): IdentityMove {
  return { identityId: move.identityId, fromPersonId: move.from, toPersonId: move.to };
}

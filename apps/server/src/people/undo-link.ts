import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { LinkOutcome } from '@devpulse/contract/wire/people';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { classifyIdentities } from '@devpulse/pipeline/derive/classify-identities';
import { lockFacts } from '@devpulse/pipeline/derive/mark-stale';
import { type Destination, placeIdentities } from './move-identities.ts';
import { type AuditActor, recordAudit } from '../audit/record-audit.ts';
import { refuseTaking } from './refuse-taking.ts';
import { describeIdentity, identityQuery } from './select-identities.ts';

export interface UndoLink {
  store: Store;
  workspaceId: string;
  batchId: string;
  by: string | null;
  /** Whoever asked, for the audit log, which keeps what becomes of proofs. */
  actor?: AuditActor;
}

interface LoggedMove {
  identity_id: string;
  from_person_id: string;
  to_person_id: string;
  undone_at: Date | null;
  reason: string;
  proof: string | null;
  moved_since: boolean;
}

/** Takes a whole act of linking back; refused when one of its identities was moved again since. */
export async function undoLink(asked: UndoLink): Promise<LinkOutcome> {
  return asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    await lockFacts(trx);
    const moves = await readBatch(trx, asked.batchId);
    if (moves.length === 0) throw new AppError('not_found', `There is no decision ${asked.batchId}.`);
    if (moves.some((move) => move.undone_at !== null))
      throw new AppError('conflict', 'This decision has been undone already.');
    await refuseWhatMovedSince(trx, moves);
    await refuseVanishedPeople(trx, moves);
    const back = moves.map((move): Destination => ({
      identityId: move.identity_id,
      from: move.to_person_id,
      to: move.from_person_id,
    }));
    await refuseTaking(trx, back, asked.by);
    await placeIdentities(
      trx,
      { workspaceId: asked.workspaceId, reason: `undid ${asked.batchId}`, by: asked.by },
      back,
    );
    await trx
      .updateTable('people_link_log')
      .where('workspace_id', '=', ownWorkspace)
      .set({ undone_at: sql`clock_timestamp()` })
      .where('batch_id', '=', asked.batchId)
      .execute();
    await classifyIdentities(
      trx,
      back.map((move) => move.identityId),
    );
    await noteLostProof(trx, moves, asked.actor);
    return {
      batchId: asked.batchId,
      moved: back.map((move) => ({ identityId: move.identityId, fromPersonId: move.from, toPersonId: move.to })),
    };
  });
}

async function noteLostProof(
  trx: WorkspaceTransaction,
  moves: readonly LoggedMove[],
  actor: AuditActor | undefined,
): Promise<void> {
  const proof = moves.find((move) => move.proof !== null);
  if (proof === undefined || actor === undefined) return;
  await recordAudit(trx, {
    actor,
    action: 'identity.proof_undone',
    target: { kind: 'person', id: proof.to_person_id },
    before: { proof: proof.reason },
  });
}

async function readBatch(trx: WorkspaceTransaction, batchId: string): Promise<LoggedMove[]> {
  const { rows } = await sql<LoggedMove>`
    select b.identity_id, b.from_person_id, b.to_person_id, b.undone_at, b.reason, b.proof, exists (
      select 1 from people_link_log later
      where later.workspace_id = b.workspace_id and later.identity_id = b.identity_id
        and later.decided_at > b.decided_at and later.undone_at is null
    ) as moved_since
    from people_link_log b where b.workspace_id = ${ownWorkspace} and b.batch_id = ${batchId}::uuid order by b.id`.execute(
    trx,
  );
  return rows;
}

async function refuseWhatMovedSince(trx: WorkspaceTransaction, moves: readonly LoggedMove[]): Promise<void> {
  const moved = moves.filter((move) => move.moved_since).map((move) => move.identity_id);
  if (moved.length === 0) return;
  throw new AppError('conflict', `Moved again since: ${await nameThem(trx, moved)}; undo that first.`);
}

/**
 * A person without settings is gone once the identity it was known by stands for somebody else; nothing can go back to it.
 */
async function refuseVanishedPeople(trx: WorkspaceTransaction, moves: readonly LoggedMove[]): Promise<void> {
  const coming = new Set(moves.map((move) => move.identity_id));
  const homes = [...new Set(moves.map((move) => move.from_person_id))].filter((id) => !coming.has(id));
  if (homes.length === 0) return;
  const { rows } = await sql<{ id: string }>`
    select l.identity_id as id from people_links l
    where l.workspace_id = ${ownWorkspace} and l.identity_id = any(${homes}::uuid[])
      and not exists (select 1 from people p where p.workspace_id = l.workspace_id and p.id = l.identity_id)
      and not exists (select 1 from people_links o where o.workspace_id = l.workspace_id and o.person_id = l.identity_id)`.execute(
    trx,
  );
  if (rows.length === 0) return;
  throw new AppError(
    'conflict',
    `The person it came from stands for somebody else since: ${await nameThem(
      trx,
      rows.map((row) => row.id),
    )}; undo that first.`,
  );
}

async function nameThem(trx: WorkspaceTransaction, identityIds: readonly string[]): Promise<string> {
  const { rows } = await identityQuery(sql`i.id = any(${identityIds}::uuid[])`).execute(trx);
  return rows.map((row) => `${describeIdentity(row)} (${row.id})`).join(', ');
}

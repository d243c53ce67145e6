import { sql } from 'kysely';
import type { ListedIdentity } from '@devpulse/contract/wire/people';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { readAvatarLinks } from '../profile/avatar-links.ts';
import { readNames } from './list-people.ts';
import { type IdentityRow, toIdentityView } from './select-identities.ts';

interface ProofRow {
  identity_id: string;
  to_person_id: string;
  batch_id: string;
  reason: string;
  decided_at: Date;
}

/** The rows in the shape of a list: with whom each stands for, and by what that was proved. */
export async function describeIdentities(
  trx: WorkspaceTransaction,
  rows: readonly IdentityRow[],
): Promise<ListedIdentity[]> {
  const personIds = [...new Set(rows.map((row) => row.person_id))];
  const names = await readNames(trx, personIds);
  const avatars = await readAvatarLinks(trx, personIds);
  const members = await readMembers(trx, personIds);
  const proofs = await readProofs(trx, rows);
  return rows.map((row) => ({
    ...toIdentityView(row),
    person: {
      id: row.person_id,
      name: names.get(row.person_id) ?? row.name ?? row.login ?? row.email ?? 'Unnamed',
      avatar: avatars.get(row.person_id) ?? null,
      isMember: members.has(row.person_id),
    },
    proof: proofs.get(row.id) ?? null,
  }));
}

async function readMembers(trx: WorkspaceTransaction, personIds: readonly string[]): Promise<Set<string>> {
  if (personIds.length === 0) return new Set();
  const rows = await trx
    .selectFrom('people_members')
    .select('person_id')
    .where('workspace_id', '=', ownWorkspace)
    .where('person_id', 'in', personIds)
    .execute();
  return new Set(rows.map((row) => row.person_id));
}

/** The latest proof that still holds for the person whom the identity stands for. */
async function readProofs(
  trx: WorkspaceTransaction,
  rows: readonly IdentityRow[],
): Promise<Map<string, ListedIdentity['proof']>> {
  const linked = new Map(rows.filter((row) => row.linked).map((row) => [row.id, row.person_id]));
  if (linked.size === 0) return new Map();
  const found = await sql<ProofRow>`
    select identity_id, to_person_id, batch_id, reason, decided_at from people_link_log
    where workspace_id = ${ownWorkspace} and identity_id = any(${[...linked.keys()]}::uuid[])
      and proof is not null and undone_at is null
    order by decided_at`.execute(trx);
  return new Map(
    found.rows
      .filter((proof) => linked.get(proof.identity_id) === proof.to_person_id)
      .map((proof) => [
        proof.identity_id,
        { batchId: proof.batch_id, words: proof.reason, provenAt: proof.decided_at.toISOString() },
      ]),
  );
}

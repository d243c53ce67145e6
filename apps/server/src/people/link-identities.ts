import { AppError } from '@devpulse/contract/errors';
import type { LinkOutcome } from '@devpulse/contract/wire/people';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { lockFacts } from '@devpulse/pipeline/derive/mark-stale';
import { findPerson } from './find-person.ts';
import { type Decision, moveIdentities } from './move-identities.ts';
import { describeIdentity, type IdentityRow, readIdentities, readIdentitiesOf } from './select-identities.ts';

export interface LinkIdentities extends Decision {
  store: Store;
  identityIds: readonly string[];
  /** A person, or an identity: then the person it stands for. */
  personId: string;
}

/** Decides that these identities are that person. All of them move, or none. */
export async function linkIdentities(asked: LinkIdentities): Promise<LinkOutcome> {
  return asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    await lockFacts(trx);
    const identities = await readIdentities(trx, [...new Set(asked.identityIds)]);
    refuseMachines(identities);
    const to = await findPerson(trx, asked.personId);
    return moveIdentities(
      trx,
      identities.map((row) => ({ identityId: row.id, from: row.person_id, to })),
      asked,
    );
  });
}

/** Moves everybody that stands for one person to another; for a caller that holds the lock. */
export async function mergePeople(
  trx: WorkspaceTransaction,
  people: { from: string; into: string },
  decision: Decision,
): Promise<LinkOutcome> {
  const identities = await readIdentitiesOf(trx, [people.from]);
  return moveIdentities(
    trx,
    identities.map((row) => ({ identityId: row.id, from: row.person_id, to: people.into })),
    decision,
  );
}

function refuseMachines(identities: readonly IdentityRow[]): void {
  const machines = identities.filter((row) => row.kind !== 'person');
  if (machines.length === 0) return;
  throw new AppError(
    'conflict',
    `Nobody stands behind ${machines.map((row) => `${describeIdentity(row)} (${row.kind}: ${row.kind_signal})`).join(', ')}; decide first that it is a person.`,
  );
}

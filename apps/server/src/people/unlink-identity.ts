import { AppError } from '@devpulse/contract/errors';
import type { LinkOutcome } from '@devpulse/contract/wire/people';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { lockFacts } from '@devpulse/pipeline/derive/mark-stale';
import { findPerson } from './find-person.ts';
import { type Decision, type Destination, moveIdentities } from './move-identities.ts';
import { describeIdentity, type IdentityRow, readIdentities, readIdentitiesOf } from './select-identities.ts';

export interface UnlinkIdentity extends Decision {
  store: Store;
  identityId: string;
}

/** Makes an identity a person of its own again; whoever shared that person with it stays together without it. */
export async function unlinkIdentity(asked: UnlinkIdentity): Promise<LinkOutcome> {
  return asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    await lockFacts(trx);
    const [identity] = await readIdentities(trx, [asked.identityId]);
    if (identity === undefined) throw new Error('an identity that was read is not there');
    if (identity.linked) {
      await refuseOccupiedHomes(trx, [identity]);
      return moveIdentities(trx, [goHome(identity)], asked);
    }
    return moveIdentities(
      trx,
      gatherAround((await readIdentitiesOf(trx, [identity.id])).filter((row) => row.id !== identity.id)),
      asked,
    );
  });
}

export interface UnmergePerson extends Decision {
  store: Store;
  personId: string;
}

/** Takes a person apart: each of its identities becomes a person of its own again. */
export async function unmergePerson(asked: UnmergePerson): Promise<LinkOutcome> {
  return asked.store.inWorkspace(asked.workspaceId, async (trx) => {
    await lockFacts(trx);
    const identities = await readIdentitiesOf(trx, [await findPerson(trx, asked.personId)]);
    const linked = identities.filter((row) => row.linked);
    await refuseOccupiedHomes(trx, linked);
    return moveIdentities(trx, linked.map(goHome), asked);
  });
}

function goHome(identity: IdentityRow): Destination {
  return { identityId: identity.id, from: identity.person_id, to: identity.id };
}

function gatherAround(identities: readonly IdentityRow[]): Destination[] {
  const anchor = identities[0]?.id ?? '';
  return identities.map((row) => ({ identityId: row.id, from: row.person_id, to: anchor }));
}

/** An identity cannot become a person of its own where others already stand for the person of its id. */
async function refuseOccupiedHomes(trx: WorkspaceTransaction, identities: readonly IdentityRow[]): Promise<void> {
  const others = await readIdentitiesOf(
    trx,
    identities.map((row) => row.id),
  );
  if (others.length === 0) return;
  throw new AppError(
    'conflict',
    `The person it would go back to is meanwhile ${others.map(describeIdentity).join(', ')}; move that first.`,
  );
}

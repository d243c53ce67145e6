import type { Store } from '@devpulse/db/open-store';
import type { FaultIdentity } from './describe-fault.ts';

/** One time that a fault was seen, as it is written. */
export interface Occurrence {
  id: string;
  fault: FaultIdentity;
  seenAt: Date;
  origin: string;
  requestId: string | null;
  version: string;
  message: string;
  stack: string;
  /** Further ones right before, which get no rows of their own. */
  unwritten: number;
}

/** Writes occurrences and the faults they are of; writing the same ones again changes nothing. */
export async function writeFaults(store: Store, occurrences: readonly Occurrence[]): Promise<void> {
  const faults = occurrences.map(({ fault, seenAt }) => ({
    id: fault.id,
    error_class: fault.errorClass,
    code: fault.code,
    place: fault.place,
    first_seen_at: seenAt,
  }));
  const rows = occurrences.map((each) => ({
    id: each.id,
    fault_id: each.fault.id,
    seen_at: each.seenAt,
    origin: each.origin,
    request_id: each.requestId,
    version: each.version,
    message: each.message,
    stack: each.stack,
    unwritten: each.unwritten,
  }));
  await store.app.transaction().execute(async (trx) => {
    await trx
      .insertInto('faults')
      .values(faults)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
    await trx
      .insertInto('fault_occurrences')
      .values(rows)
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  });
}

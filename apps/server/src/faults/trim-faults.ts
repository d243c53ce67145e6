import { sql } from 'kysely';
import type { Store } from '@devpulse/db/open-store';

/** Forgets occurrences that are too old or too many, then faults of which none is left; says how many occurrences. */
export async function trimFaults(store: Store, keep: { days: number; rows: number }): Promise<number> {
  const trimmed = await sql`
    delete from fault_occurrences
    where seen_at < now() - make_interval(days => ${keep.days}) or id in (
      select id from fault_occurrences order by seen_at desc, id desc offset ${keep.rows})`.execute(store.app);
  await sql`
    delete from faults f where not exists (select 1 from fault_occurrences o where o.fault_id = f.id)`.execute(
    store.app,
  );
  return Number(trimmed.numAffectedRows ?? 0n);
}

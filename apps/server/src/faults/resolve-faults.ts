import { sql } from 'kysely';
import type { Store } from '@devpulse/db/open-store';

/** Says of these faults, or of all, that they are mended; those that are and did not come back keep the time they have. */
export async function resolveFaults(store: Store, ids: readonly string[] | 'all', now: Date): Promise<number> {
  const result = await sql`
    update faults f set resolved_at = ${now}
    where ${ids === 'all' ? sql`true` : sql`f.id = any(${ids})`}
      and (f.resolved_at is null or exists (
        select 1 from fault_occurrences o where o.fault_id = f.id and o.seen_at > f.resolved_at))`.execute(store.app);
  return Number(result.numAffectedRows ?? 0n);
}

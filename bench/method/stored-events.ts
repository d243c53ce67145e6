import type { StoredTally } from './acks.ts';
import type { Querying } from './querying.ts';

/** Counts what the store holds of the events of a phase. */
export async function countStored(admin: Querying, prefix: string): Promise<StoredTally> {
  const { rows } = await admin.query(
    `select count(*) as rows, count(distinct item_key) as distinct, coalesce(sum(substr(item_key, $2)::bigint), 0)::bigint as sum
     from raw_events where item_key like $1`,
    [`${prefix}-%`, prefix.length + 2],
  );
  const [row = {}] = rows;
  return { rows: Number(row['rows']), distinct: Number(row['distinct']), sum: Number(row['sum']) };
}

/** Empties the inbox, so that the next phase finds it as the one before did. */
export async function emptyInbox(admin: Querying): Promise<void> {
  await admin.query('truncate raw_events cascade');
}

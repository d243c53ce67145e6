import type { Querying } from './querying.ts';

/** Settings without which an acknowledgement is no promise. */
const wanted: Record<string, string> = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

/** Reads the settings from the running store, and says which of them would make a promise empty. */
export async function findDurabilityFault(client: Querying): Promise<string | null> {
  const { rows } = await client.query(`select name, setting from pg_settings where name = any($1)`, [
    Object.keys(wanted),
  ]);
  const found = new Map(rows.map((row) => [String(row['name']), String(row['setting'])]));
  const wrong = Object.entries(wanted).filter(([name, value]) => found.get(name) !== value);
  if (wrong.length === 0) return null;
  return `the store runs with ${wrong.map(([name]) => `${name} = ${found.get(name) ?? 'nothing'}`).join(', ')}`;
}

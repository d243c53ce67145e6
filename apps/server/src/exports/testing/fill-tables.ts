import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { type KeyOf, personTables } from '../person-tables.ts';

/** Whom the made-up rows are about. */
export type Whom = Record<KeyOf, string>;

interface Column {
  name: string;
  type: string;
  choices: string | null;
}

/** Text that stands in each made-up row, so that it can be looked for. */
export const canaryOf = (whom: Whom): string => `canary-${whom.person.slice(-8)}`;

/**
 * Puts rows into every table of the catalogue, one for each of its keys: that key is the person's, the others are somebody
 * else's. References are not asked for, so `client` is signed in as the administrator.
 */
export async function fillTables(client: pg.Client, workspaceId: string, whom: Whom): Promise<number> {
  let made = 0;
  await client.query('set session_replication_role = replica');
  for (const [table, { keys }] of Object.entries(personTables)) {
    const columns = await readColumns(client, table);
    for (const [key, { of }] of Object.entries(keys)) {
      const values = columns.map((column) => {
        if (column.name === 'workspace_id') return workspaceId;
        if (column.name === key) return whom[of];
        return valueOf(column, canaryOf(whom));
      });
      // A row of the account, or one that was made when it joined, may be there already.
      const { rowCount } = await client.query(
        `insert into ${quote(table)} (${columns.map((column) => `"${column.name}"`).join(', ')})
         values (${values.map((_, index) => `$${index + 1}`).join(', ')}) on conflict do nothing`,
        values,
      );
      made += rowCount ?? 0;
    }
  }
  await client.query('set session_replication_role = origin');
  return made;
}

const quote = (table: string): string =>
  table
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');

/** Columns that must have a value, those that bear a key, and the texts, in which the canary can sit. */
async function readColumns(client: pg.Client, table: string): Promise<Column[]> {
  const { rows } = await client.query<Column>(
    `select a.attname as name, format_type(a.atttypid, null) as type,
            (select substring(pg_get_constraintdef(k.oid) from $$ARRAY\\['([^']*)'$$) from pg_constraint k
             where k.conrelid = a.attrelid and k.contype = 'c' and k.conkey = array[a.attnum] limit 1) as choices
     from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       and ((a.attnotnull and not a.atthasdef) or a.attname = any($2)) order by a.attnum`,
    [quote(table), Object.keys(personTables[table]?.keys ?? {})],
  );
  return rows;
}

let day = Date.UTC(1990, 0, 1);

function valueOf(column: Column, canary: string): unknown {
  if (column.choices !== null) return column.choices;
  switch (column.type) {
    case 'uuid':
      // A pair stands in order.
      if (column.name.endsWith('_a')) return randomUUID().replace(/^..../, '0000');
      return column.name.endsWith('_b') ? randomUUID().replace(/^..../, 'ffff') : randomUUID();
    case 'bytea':
      return Buffer.from(`${canary} ${randomUUID()}`);
    case 'date':
      day += 86_400_000;
      return new Date(day).toISOString().slice(0, 10);
    case 'timestamp with time zone':
      return new Date('2031-01-01T00:00:00Z');
    case 'jsonb':
      return JSON.stringify({ canary });
    case 'boolean':
      return true;
    case 'text':
      return `${canary} ${randomUUID()}`;
    default:
      return column.type.endsWith('[]') ? '{}' : 1;
  }
}

/** Every row of the catalogue's tables that bears one of these keys, by `table.column`. */
export async function findRows(client: pg.Client, whom: Whom): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const [table, { keys }] of Object.entries(personTables)) {
    for (const [column, { of }] of Object.entries(keys)) {
      const { rows } = await client.query<{ row: string }>(
        `select to_jsonb(t)::text as row from ${quote(table)} t where "${column}" = $1 order by 1`,
        [whom[of]],
      );
      if (rows.length > 0) found[`${table}.${column}`] = rows.map(({ row }) => row);
    }
  }
  return found;
}

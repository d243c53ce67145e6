import type pg from 'pg';

interface ColumnRow {
  table_name: string;
  column_name: string;
  type: string;
  is_array: boolean;
  nullable: boolean;
  has_default: boolean;
  is_view: boolean;
  checked: string | null;
}

const tsTypes: Record<string, string> = {
  uuid: 'string',
  text: 'string',
  bool: 'boolean',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float8: 'number',
  date: 'string',
  timestamptz: 'Date',
  bytea: 'Buffer',
  jsonb: 'Json',
};

/** Writes the Kysely types of a migrated database, so that queries and schema cannot drift apart. */
export async function describeSchema(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<ColumnRow>(columnsQuery);
  const tables = Map.groupBy(rows, (row) => row.table_name);
  const interfaces = [...tables].map(([table, columns]) => describeTable(table, columns));
  const members = [...tables.keys()].map((table) => `  ${table}: ${interfaceName(table)};`);
  return [
    '// Generated from the migrations by `npm run gen`; do not edit.',
    "import type { ColumnType, Generated } from 'kysely';",
    '',
    'type Json = ColumnType<unknown, string | null, string | null>;',
    '',
    ...interfaces,
    `export interface Database {\n${members.join('\n')}\n}`,
    '',
  ].join('\n');
}

const columnsQuery = `
  select c.relname as table_name, a.attname as column_name,
         case when t.typcategory = 'A' then e.typname else t.typname end as type,
         t.typcategory = 'A' as is_array,
         not a.attnotnull as nullable, a.atthasdef as has_default, c.relkind = 'v' as is_view,
         (select pg_get_constraintdef(k.oid) from pg_constraint k
           where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
             and pg_get_constraintdef(k.oid) like '%= ANY (ARRAY[%' limit 1) as checked
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_type e on e.oid = t.typelem
  where c.relkind in ('r', 'v')
  order by c.relname, a.attnum`;

function describeTable(table: string, columns: ColumnRow[]): string {
  const lines = columns.map((column) => `  ${column.column_name}: ${typeOf(column)};`);
  return `export interface ${interfaceName(table)} {\n${lines.join('\n')}\n}\n`;
}

function typeOf(column: ColumnRow): string {
  const base = tsTypes[column.type];
  if (base === undefined) throw new Error(`no TypeScript type for the column type ${column.type}`);
  const choices =
    column.checked === null ? [] : [...column.checked.matchAll(/'([^']+)'::text/g)].map((match) => `'${match[1]}'`);
  const single = choices.length > 0 ? choices.join(' | ') : base;
  const plain = column.is_array ? `${single}[]` : single;
  const full = column.nullable ? `${plain} | null` : plain;
  return column.has_default && !column.is_view ? `Generated<${full}>` : full;
}

function interfaceName(table: string): string {
  return table.replaceAll(/(^|_)([a-z])/g, (_match, _edge, letter: string) => letter.toUpperCase());
}

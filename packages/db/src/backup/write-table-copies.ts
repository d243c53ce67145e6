import type { Writable } from 'node:stream';
import type pg from 'pg';
import { type Connection, type Log, openClient } from '../connection.ts';
import { StoreUnusable } from '../prepare-roles.ts';
import { ChunkBuffer } from './chunk-buffer.ts';
import { copyOut } from './copy-out.ts';

interface Table {
  schema: string;
  name: string;
  columns: string[];
  /** No right to read it, or row-level security of another owner stands before it. */
  closed: boolean;
  /** Row-level security hides its rows even from this login, its owner. */
  hides_from_owner: boolean;
}

/** Tables with data of their own: a partitioned table's rows are in its partitions, and temporary ones are another session's. */
const LIST_TABLES = `
  select n.nspname as schema, c.relname as name,
         not me.bypasses and c.relrowsecurity and c.relforcerowsecurity and owned.by_me as hides_from_owner,
         not (has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select'))
           or (c.relrowsecurity and not me.bypasses and not owned.by_me and not exists (
                 select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'backup_reads')) as closed,
         array(select a.attname::text from pg_attribute a
                where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
                order by a.attnum) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace,
         (select rolsuper or rolbypassrls as bypasses from pg_roles where rolname = current_user) me,
         lateral (select pg_has_role(c.relowner, 'usage') as by_me) owned
   where c.relkind = 'r' and c.relpersistence = 'p'
     and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
   order by 1, 2`;

const LIST_SEQUENCES = `
  select schemaname as schema, sequencename as name, last_value::text as value
    from pg_sequences where last_value is not null order by 1, 2`;

/**
 * Writes the rows of every table of a database, all as of one moment, in the format that FORMAT.md describes, signed in as
 * the login that may read everything and nothing else: nobody who works meanwhile has to wait.
 */
export async function writeRunningTables(
  connection: Connection,
  target: { label: string; sink: Writable; log: Log; onTable?: (name: string) => void },
): Promise<void> {
  const client = await openClient(connection, 'devpulse backup', target.log);
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query("set local datestyle = 'ISO, YMD'");
    const { rows } = await client.query<Table>(LIST_TABLES);
    const tables = rows.filter((table) => table.schema !== 'pgboss');
    const closed = tables.filter((table) => table.closed).map(({ schema, name }) => `${schema}.${name}`);
    if (closed.length > 0)
      throw new StoreUnusable(
        `the backup would not be whole: "${connection.user}" may not read ${closed.join(', ')}; start DevPulse once, which lets it`,
      );
    await writeAll(client, { ...target, tables });
    await client.query('commit');
  } finally {
    await client.end();
  }
}

/**
 * The same as the owner, who locks every table for it: for the moment before the schema changes, on a server of somebody
 * else, where the right to replicate or a fitting pg_dump cannot be counted on.
 */
export async function writeTableCopies(connection: Connection, label: string, sink: Writable, log: Log): Promise<void> {
  const client = await openClient(connection, 'devpulse backup', log);
  try {
    // Not READ ONLY, because the switch below is a change, if one that is never committed.
    await client.query('begin isolation level repeatable read');
    // With this a policy that would hide rows is a loud error instead of a backup without them.
    await client.query(
      "set local row_security = off; set local lock_timeout = '60s'; set local datestyle = 'ISO, YMD'",
    );
    const tables = await showAllRows(client);
    await writeAll(client, { sink, label, tables, log });
    await client.query('rollback');
  } finally {
    await client.end();
  }
}

/** Lists the tables, with the owner let through their row-level security until the transaction is rolled back. */
async function showAllRows(client: pg.Client): Promise<Table[]> {
  const { rows: tables } = await client.query<Table>(LIST_TABLES);
  for (const table of tables.filter((entry) => entry.hides_from_owner)) {
    await client.query(`alter table ${nameOf(client, table)} no force row level security`);
  }
  return tables;
}

async function writeAll(
  client: pg.Client,
  {
    sink,
    label,
    tables,
    log,
    onTable,
  }: { sink: Writable; label: string; tables: Table[]; log: Log; onTable?: (name: string) => void },
): Promise<void> {
  const out = new ChunkBuffer(sink);
  const line = (value: object): void => out.add(Buffer.from(`${JSON.stringify(value)}\n`));
  const skipped = tables.filter((table) => table.closed).map(({ schema, name }) => `${schema}.${name}`);
  if (skipped.length > 0) log('warn', 'Some tables are not in the backup: this login may not read them', { skipped });
  const { rows } = await client.query<object>(
    "select current_database() as database, current_setting('server_version') as server_version, now() as taken_at",
  );
  line({ format: 'devpulse-tables', version: 1, label, ...rows[0], skipped });
  const copied = tables.filter((table) => !table.closed && table.columns.length > 0);
  let rowsTotal = 0;
  for (const table of copied) {
    onTable?.(table.name);
    const columns = table.columns.map((column) => client.escapeIdentifier(column)).join(', ');
    line({ table: { schema: table.schema, name: table.name, columns: table.columns } });
    await copyOut(client, `copy ${nameOf(client, table)} (${columns}) to stdout`, sink, (row) => {
      rowsTotal += 1;
      out.add(row);
    });
    out.add(Buffer.from('\\.\n'));
  }
  const sequences = await client.query<{ schema: string; name: string; value: string }>(LIST_SEQUENCES);
  for (const sequence of sequences.rows) line({ sequence });
  line({ end: { tables: copied.length, rows: rowsTotal } });
  out.flush();
}

function nameOf(client: pg.Client, table: Table): string {
  return `${client.escapeIdentifier(table.schema)}.${client.escapeIdentifier(table.name)}`;
}

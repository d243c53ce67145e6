import type { Readable } from 'node:stream';
import type pg from 'pg';
import { type Connection, type Log, openClient } from '../connection.ts';
import { createStepTable, lockMigrations, type Migration, readMigrations, runStep } from '../migrate.ts';
import { StoreUnusable } from '../prepare-roles.ts';
import { copyIn } from './copy-in.ts';
import { letBackupsRead } from './let-backups-read.ts';
import { readTableCopies, type SequenceCopy, type TableCopy } from './read-table-copies.ts';
import type { BackupHeader } from './sealed-file.ts';

export interface RestoreTables {
  owner: Connection;
  header: BackupHeader;
  payload: () => Readable;
  /** Replaces what is there. */
  force: boolean;
  log: Log;
  onTable?: (name: string) => void;
}

/**
 * Puts the tables of a backup into a database, in one transaction: until it commits, and whenever it fails, the store is the
 * one that was there before.
 */
export async function restoreTables(options: RestoreTables): Promise<void> {
  const client = await openClient(options.owner, 'devpulse restore', options.log);
  try {
    await lockMigrations(client);
    await refuseCompany(client);
    await refuseOverwriting(client, options.force);
    const steps = await stepsOf(options.header);
    await client.query('begin');
    await client.query("set local lock_timeout = '20s'; set local datestyle = 'ISO, YMD'");
    await dropEverything(client);
    await createStepTable(client);
    for (const step of steps) await runStep(client, step);
    await fillTables(client, options);
    await letBackupsRead(client);
    await client.query('commit');
    await client.query('analyze');
  } finally {
    // Whatever was not committed is taken back by this.
    await client.end();
  }
}

/** The steps by which this program makes the schema of the backup. */
export async function stepsOf(header: BackupHeader): Promise<Migration[]> {
  const known = new Map((await readMigrations()).map((step) => [step.version, step]));
  return header.schema.map(({ version, name, checksum }) => {
    const step = known.get(version);
    if (step === undefined)
      throw new StoreUnusable(
        `this backup was taken by a newer DevPulse (its store has "${name}"); restore it with DevPulse ${header.program} or newer`,
      );
    if (step.checksum !== checksum)
      throw new StoreUnusable(
        `this backup has another "${name}" than this DevPulse; restore it with DevPulse ${header.program}`,
      );
    return step;
  });
}

async function refuseCompany(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ application_name: string }>(
    `select distinct application_name from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name like 'devpulse %' order by 1`,
  );
  if (rows.length > 0)
    throw new StoreUnusable(
      `DevPulse is at work in this database (${rows.map((row) => row.application_name).join(', ')}); stop it, then restore`,
    );
}

async function refuseOverwriting(client: pg.Client, force: boolean): Promise<void> {
  const { rows } = await client.query<{ has: boolean }>(`select to_regclass('schema_migrations') is not null as has`);
  if (rows[0]?.has === true && !force)
    throw new StoreUnusable('there is a store already; --force replaces it with the backup. Back it up first.');
}

/** Views, tables, functions and schemas of ours; nothing that an extension or somebody else owns. */
async function dropEverything(client: pg.Client): Promise<void> {
  await client.query(`
    do $$
    declare
      statement text;
    begin
      for statement in
        select format('drop schema %I cascade', nspname) from pg_namespace
        where nspname <> 'public' and nspname !~ '^pg_' and pg_has_role(nspowner, 'usage') and nspname in ('auth', 'pgboss')
      loop execute statement; end loop;
      for statement in
        select format('drop %s if exists %I cascade', case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end, c.relname)
        from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'S') and pg_has_role(c.relowner, 'usage')
          and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
      loop execute statement; end loop;
      for statement in
        select format('drop function if exists %s cascade', p.oid::regprocedure) from pg_proc p
        where p.pronamespace = 'public'::regnamespace and pg_has_role(p.proowner, 'usage')
          and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
      loop execute statement; end loop;
    end
    $$`);
}

async function fillTables(client: pg.Client, options: RestoreTables): Promise<void> {
  const holds = await liftHolds(client);
  for await (const part of readTableCopies(options.payload())) {
    if ('sequence' in part) await setSequence(client, part.sequence);
    else await fillTable(client, part.table, options);
  }
  for (const statement of holds) await client.query(statement);
}

async function fillTable(client: pg.Client, table: TableCopy, options: RestoreTables): Promise<void> {
  if (table.schema === 'pgboss') {
    for await (const _rows of table.rows);
    return;
  }
  options.onTable?.(table.name);
  const columns = table.columns.map((column) => client.escapeIdentifier(column)).join(', ');
  const name = `${client.escapeIdentifier(table.schema)}.${client.escapeIdentifier(table.name)}`;
  await copyIn(client, `copy ${name} (${columns}) from stdin`, table.rows);
}

async function setSequence(client: pg.Client, { schema, name, value }: SequenceCopy): Promise<void> {
  if (schema === 'pgboss') return;
  const sequence = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(name)}`;
  await client.query('select setval($1::regclass, $2::bigint)', [sequence, value]);
}

/**
 * Empties all tables and takes away for the moment what would stand in the way of filling them in any order: references, which
 * are checked when they come back, and forced row-level security and triggers. Answers the statements that bring all of it back.
 */
async function liftHolds(client: pg.Client): Promise<string[]> {
  const ours = `n.nspname <> 'information_schema' and n.nspname !~ '^pg_' and n.nspname <> 'pgboss'`;
  const { rows: references } = await client.query<{ lift: string; restore: string }>(
    `select format('alter table %I.%I drop constraint %I', n.nspname, c.relname, k.conname) as lift,
            format('alter table %I.%I add constraint %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)) as restore
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where k.contype = 'f' and k.conparentid = 0 and ${ours}`,
  );
  const { rows: guards } = await client.query<{ lift: string; restore: string }>(
    `select format('alter table %I.%I no force row level security', n.nspname, c.relname) as lift,
            format('alter table %I.%I force row level security', n.nspname, c.relname) as restore
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relforcerowsecurity and ${ours}
     union all
     select format('alter table %I.%I disable trigger user', n.nspname, c.relname),
            format('alter table %I.%I enable trigger user', n.nspname, c.relname)
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where ${ours} and exists (select 1 from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal)`,
  );
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and ${ours}`,
  );
  for (const { lift } of [...references, ...guards]) await client.query(lift);
  await client.query(`truncate ${tables.map((table) => table.name).join(', ')}`);
  // References first: checking them needs to see all rows.
  return [...references, ...guards].map(({ restore }) => restore);
}

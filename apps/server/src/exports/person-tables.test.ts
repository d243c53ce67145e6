import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '@devpulse/db/connection';
import { createTestDatabase, findTestServer } from '@devpulse/db/testing/test-server';
import { workspaceTables } from './workspace-tables.ts';
import { idsOfThings, looksLikeAPerson, noPersonAfterAll, personTables } from './person-tables.ts';

interface Column {
  table: string;
  column: string;
  type: string;
  /** What a foreign key of it points at. */
  target: string | null;
  nullable: boolean;
}

let client: pg.Client;
let columns: Column[];
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  client = await openClient(
    { ...findTestServer().admin, database: database.logins.app.database },
    'tests',
    () => undefined,
  );
  const { rows } = await client.query<Column>(
    `select case when n.nspname = 'public' then c.relname else n.nspname || '.' || c.relname end as table,
            a.attname as column, format_type(a.atttypid, null) as type, not a.attnotnull as nullable,
            (select case when t.nspname = 'public' then r.relname else t.nspname || '.' || r.relname end || '.' || f.attname
             from pg_constraint k
             cross join lateral unnest(k.conkey, k.confkey) as pair (mine, theirs)
             join pg_class r on r.oid = k.confrelid join pg_namespace t on t.oid = r.relnamespace
             join pg_attribute f on f.attrelid = k.confrelid and f.attnum = pair.theirs
             where k.contype = 'f' and k.conrelid = c.oid and pair.mine = a.attnum and f.attname <> 'workspace_id'
               and r.relname <> 'workspaces' limit 1) as target
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema$|pgboss$|devpulse_queue$)'
     order by 1, 2`,
  );
  columns = rows;
});
afterAll(async () => {
  await client.end();
  await drop();
});

/** Tables that mention a workspace and are the instance's: closed to the application, gone with what they mention. */
const ofTheInstance = ['github_installations', 'secret_keys', 'audit_chains'];

const name = ({ table, column }: Column): string => `${table}.${column}`;
const keyOf = (table: string, column: string) => personTables[table]?.keys[column];

describe('personTables', () => {
  it('names every column of the database that bears the key of a person, an account or an identity', () => {
    expect(columns.length).toBeGreaterThan(100);
    const keys = new Set(
      Object.entries(personTables).flatMap(([table, { keys: own }]) =>
        Object.keys(own).map((key) => `${table}.${key}`),
      ),
    );
    const suspects = columns.filter((one) => {
      if (Object.hasOwn(noPersonAfterAll, name(one))) return false;
      if (one.target !== null && keys.has(one.target)) return true;
      if (looksLikeAPerson.test(one.column)) return true;
      return one.type === 'uuid' && one.column !== 'id' && !idsOfThings.includes(one.column) && one.target === null;
    });
    // Whoever adds a table with such a column says in person-tables.ts how it is exported and erased.
    expect(suspects.map(name).filter((suspect) => !keys.has(suspect))).toEqual([]);
  });

  it('and its neighbour name every table of a tenant, so that an export of a workspace forgets none', () => {
    const tenants = new Set(
      columns.filter((one) => one.column === 'workspace_id' || one.table === 'workspaces').map((one) => one.table),
    );
    const named = [...Object.keys(personTables), ...Object.keys(workspaceTables), ...ofTheInstance];
    expect([...tenants].filter((table) => !named.includes(table))).toEqual([]);
    expect(Object.keys(workspaceTables).filter((table) => !tenants.has(table))).toEqual([]);
    expect(Object.keys(workspaceTables).filter((table) => Object.hasOwn(personTables, table))).toEqual([]);
  });

  it('names no table and no column that is not there', () => {
    const known = new Set(columns.map(name));
    const named = Object.entries(personTables).flatMap(([table, entry]) =>
      [...Object.keys(entry.keys), ...(entry.secret ?? [])].map((column) => `${table}.${column}`),
    );
    expect(named.filter((one) => !known.has(one))).toEqual([]);
    expect(Object.keys(noPersonAfterAll).filter((one) => !known.has(one))).toEqual([]);
  });

  it('clears only what may be empty', () => {
    const faults = columns.filter((one) => keyOf(one.table, one.column)?.erase === 'clear' && !one.nullable);
    expect(faults.map(name)).toEqual([]);
  });

  it('lets nothing into an export that is called like a secret', () => {
    const secret = /hash|secret|password|sealed|cipher|private|pepper|backup_codes|(^|_)(token|code|key|otp)$|Token$/i;
    const harmless = new Set([
      'fact_identities.external_key',
      'audit_entries.hash',
      'fact_repositories.external_key',
      'sources.natural_key',
      'workspaces.private_repositories',
    ]);
    const open = columns.filter((one) => {
      // Of what a fact says: it decides between two versions of the same age.
      if (one.table.startsWith('fact_') && one.column === 'content_hash') return false;
      const table = personTables[one.table] ?? workspaceTables[one.table];
      if (table === undefined || typeof table.export === 'object') return false;
      return secret.test(one.column) && !harmless.has(name(one)) && !(table.secret ?? []).includes(one.column);
    });
    expect(open.map(name)).toEqual([]);
  });
});

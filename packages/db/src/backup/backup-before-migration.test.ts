import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Connection } from '../connection.ts';
import { ask, makeFolder, openStoreIn } from '../embedded/testing/store-folder.ts';
import { createTestDatabase } from '../testing/test-server.ts';
import { backupBeforeMigration } from './backup-before-migration.ts';

const quiet = (): void => undefined;

async function makeDatabase(): Promise<Connection> {
  const { logins, drop } = await createTestDatabase({ empty: true });
  onTestFinished(drop);
  return logins.owner;
}

function makeBackupFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'dp-backups-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function backUpTables(connection: Connection, folder = makeBackupFolder()): Promise<string[]> {
  const { file, bytes } = await backupBeforeMigration({
    connection,
    kind: 'external',
    folder,
    label: 'before-0002',
    log: quiet,
  });
  expect(statSync(file).size).toBe(bytes);
  return gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
}

/** The rows of each table as they stand in a backup of tables, and its other lines. */
function readTables(lines: string[]): {
  tables: Record<string, { columns: string[]; rows: string[] }>;
  notes: object[];
} {
  const tables: Record<string, { columns: string[]; rows: string[] }> = {};
  const notes: object[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const note = JSON.parse(lines[at] ?? '') as { table?: { schema: string; name: string; columns: string[] } };
    if (note.table) {
      const end = lines.indexOf('\\.', at);
      tables[`${note.table.schema}.${note.table.name}`] = {
        columns: note.table.columns,
        rows: lines.slice(at + 1, end),
      };
      at = end;
    } else {
      notes.push(note);
    }
  }
  return { tables, notes };
}

/** COPY … FROM STDIN, which the driver leaves to whoever has the data. */
async function copyIn(connection: Connection, statement: string, rows: string[]): Promise<void> {
  const client = new pg.Client(connection);
  await client.connect();
  const query = new pg.Query(statement) as pg.Query & { callback: (error: Error | null) => void };
  Object.assign(query, {
    handleCopyInResponse: (wire: { sendCopyFromChunk: (data: Buffer) => void; endCopyFrom: () => void }) => {
      wire.sendCopyFromChunk(Buffer.from(rows.map((row) => `${row}\n`).join('')));
      wire.endCopyFrom();
    },
  });
  await new Promise<void>((resolve, reject) => {
    query.callback = (error) => (error ? reject(error) : resolve());
    client.query(query);
  });
  await client.end();
}

const HIDDEN_TABLE = `
  create table hidden (id int primary key, secret text);
  insert into hidden values (1, 'one'), (2, 'two');
  alter table hidden enable row level security;
  alter table hidden force row level security;
  create policy nobody on hidden using (false)`;

describe('backupBeforeMigration of an external database', () => {
  it('holds the rows that forced row-level security hides even from the owner, and leaves it forced', async () => {
    const owner = await makeDatabase();
    await ask(owner, HIDDEN_TABLE);
    // The trap itself: the owner's own COPY is empty.
    expect(await ask(owner, 'select * from hidden')).toEqual([]);
    const { tables } = readTables(await backUpTables(owner));
    expect(tables['public.hidden']).toEqual({ columns: ['id', 'secret'], rows: ['1\tone', '2\ttwo'] });
    expect(await ask(owner, "select relforcerowsecurity as forced from pg_class where relname = 'hidden'")).toEqual([
      { forced: true },
    ]);
    expect(await ask(owner, 'select * from hidden')).toEqual([]);
  });

  it('can be loaded into an empty copy of the schema, whatever the values look like', async () => {
    const schema = `
      create schema "odd ""one""";
      create table "odd ""one""".t ("Ünsere id" int generated always as identity, txt text, raw bytea, at timestamptz,
        n numeric, tags text[], gone int, twice numeric generated always as (n * 2) stored);
      alter table "odd ""one""".t drop column gone;
      create table parts (day date not null, n int) partition by range (day);
      create table parts_2026 partition of parts for values from ('2026-01-01') to ('2027-01-01');
      create table nothing ()`;
    const [source, target] = [await makeDatabase(), await makeDatabase()];
    for (const database of [source, target]) await ask(database, schema);
    await ask(
      source,
      `insert into "odd ""one""".t (txt, raw, at, n, tags) values
         (E'a tab\\t, a line\\n, a \\\\ and "quotes"', '\\x00ff', '2026-03-29 01:30:00.123456+05:45', 1e40, '{a,"b c",NULL}'),
         (E'\\\\.', null, 'infinity', 'NaN', '{}'), ('', null, null, null, null);
       insert into parts select '2026-01-01'::date + n, n from generate_series(0, 99) n`,
    );
    const { tables, notes } = readTables(await backUpTables(source));
    expect(Object.keys(tables)).toEqual(['odd "one".t', 'public.parts_2026']);
    for (const [name, { columns, rows }] of Object.entries(tables)) {
      const [schemaName = '', table = ''] = name.split('.');
      const list = columns.map((column) => pg.escapeIdentifier(column)).join(', ');
      await copyIn(
        target,
        `copy ${pg.escapeIdentifier(schemaName)}.${pg.escapeIdentifier(table)} (${list}) from stdin`,
        rows,
      );
    }
    for (const question of ['select * from "odd ""one""".t order by 1', 'select * from parts order by 1']) {
      expect(await ask(target, question)).toEqual(await ask(source, question));
    }
    expect(notes[0]).toMatchObject({
      format: 'devpulse-tables',
      version: 1,
      label: 'before-0002',
      database: source.database,
      skipped: [],
    });
    expect(notes.slice(1)).toEqual([
      { sequence: { schema: 'odd "one"', name: 't_Ünsere id_seq', value: '3' } },
      { end: { tables: 2, rows: 103 } },
    ]);
  });

  it('names a table it may not read instead of leaving it out in silence', async () => {
    const owner = await makeDatabase();
    await ask(
      owner,
      `create table mine as select 1 as n; create table closed as select 2 as n; revoke select on closed from current_user`,
    );
    const { tables, notes } = readTables(await backUpTables(owner));
    // A superuser may read everything.
    const [login] = await ask<{ is_super: string }>(owner, "select current_setting('is_superuser') as is_super");
    expect(login?.is_super).toBe('off');
    expect(Object.keys(tables)).toEqual(['public.mine']);
    expect(notes[0]).toMatchObject({ skipped: ['public.closed'] });
  });

  it('keeps the newest five of its kind, and leaves the rest alone', async () => {
    const owner = await makeDatabase();
    const folder = makeBackupFolder();
    const years = [2019, 2020, 2021, 2022, 2023, 2024, 2099];
    for (const year of years) writeFileSync(path.join(folder, `external-${year}0101T000000000Z-x.tables.gz`), '');
    const others = ['embedded-20190101T000000000Z-x.tar.gz', 'notes.txt'];
    for (const name of others) writeFileSync(path.join(folder, name), '');
    const [old, young] = [
      'external-20190101T000000000Z-x.tables.gz.partial',
      'external-20980101T000000000Z-x.tables.gz.partial',
    ];
    for (const name of [old, young]) writeFileSync(path.join(folder, name), '');
    utimesSync(path.join(folder, old), new Date(0), new Date(0));

    await backUpTables(owner, folder);
    const left = readdirSync(folder);
    const made = left.filter((name) => name.includes('before-0002'));
    expect(made).toHaveLength(1);
    expect(left.toSorted()).toEqual(
      [
        ...others,
        young,
        ...made,
        ...[2022, 2023, 2024, 2099].map((year) => `external-${year}0101T000000000Z-x.tables.gz`),
      ].toSorted(),
    );
    expect(statSync(path.join(folder, made[0] ?? '')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('fails loudly and leaves no file when the database cannot be read', async () => {
    const owner = await makeDatabase();
    const folder = makeBackupFolder();
    await expect(backUpTables({ ...owner, user: 'no_such_login' }, folder)).rejects.toThrow(/no_such_login/);
    await expect(backUpTables({ ...owner, database: 'no_such_database' }, folder)).rejects.toThrow(/no_such_database/);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('backupBeforeMigration of the embedded store', () => {
  it(
    'unpacks into a folder that starts by itself, with a prefix of what was being written',
    { timeout: 60_000 },
    async () => {
      const folder = makeFolder();
      const store = await openStoreIn(folder);
      await ask(
        store.connection,
        `create table blob as select n, repeat(md5(n::text), 20) as filling from generate_series(1, 20000) n;
       create table steps (n int primary key)`,
      );
      const before = await insertSteps(store.connection, 1, 50);
      let isDone = false;
      const writing = (async () => {
        let last = before;
        while (!isDone) last = await insertSteps(store.connection, last + 1, 20);
        return last;
      })();
      const backups = path.join(folder, 'backups');
      const label = `before-0002 'ünder' load/..`;
      const { file, bytes } = await backupBeforeMigration({
        connection: store.connection,
        kind: 'embedded',
        folder: backups,
        label,
        log: quiet,
      });
      isDone = true;
      const after = await writing;
      expect(path.basename(file)).toMatch(/^embedded-\d{8}T\d{9}Z-before-0002-nder-load-\.\.\.tar\.gz$/);
      expect(readdirSync(backups)).toEqual([path.basename(file)]);
      expect(statSync(file).size).toBe(bytes);

      const tar = gunzipSync(readFileSync(file));
      // Two empty blocks end a tar; GNU's reader would forgive their lack, others do not.
      expect(tar.subarray(-1024).equals(Buffer.alloc(1024))).toBe(true);
      expect(tar.length % 512).toBe(0);

      const restored = makeFolder();
      const cluster = path.join(restored, 'data', 'pg');
      mkdirSync(cluster, { recursive: true, mode: 0o700 });
      execFileSync('tar', ['-xzf', file, '-C', cluster]);
      expectManifestToFit(cluster);
      const { uid, gid } = statSync(path.join(folder, 'data', 'pg'));
      execFileSync('chown', ['-R', `${uid}:${gid}`, cluster]);
      const copy = await openStoreIn(restored);
      expect(await ask(copy.connection, 'select count(*)::int as blobs, sum(n)::int as sum from blob')).toEqual([
        { blobs: 20_000, sum: 200_010_000 },
      ]);
      const [steps] = await ask<{ count: number; last: number }>(
        copy.connection,
        'select count(*)::int as count, max(n) as last from steps',
      );
      expect(steps?.count).toBe(steps?.last);
      expect(steps?.last).toBeGreaterThanOrEqual(before);
      expect(steps?.last).toBeLessThanOrEqual(after);
    },
  );
});

async function insertSteps(connection: Connection, from: number, count: number): Promise<number> {
  const client = new pg.Client(connection);
  await client.connect();
  for (let n = from; n < from + count; n += 1) await client.query('insert into steps values ($1)', [n]);
  await client.end();
  return from + count - 1;
}

function expectManifestToFit(cluster: string): void {
  const manifest = JSON.parse(readFileSync(path.join(cluster, 'backup_manifest'), 'utf8')) as {
    Files: { Path: string; Size: number }[];
  };
  expect(manifest.Files.length).toBeGreaterThan(500);
  const sizes = manifest.Files.map(({ Path: name }) => ({ Path: name, Size: statSync(path.join(cluster, name)).size }));
  expect(sizes).toEqual(manifest.Files.map(({ Path: name, Size }) => ({ Path: name, Size })));
}

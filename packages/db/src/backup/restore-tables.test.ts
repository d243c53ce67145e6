import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openClient } from '../connection.ts';
import { ask } from '../embedded/testing/store-folder.ts';
import { newId } from '../ids.ts';
import type { Logins } from '../prepare-roles.ts';
import { fingerprintSchema } from '../testing/fingerprint-schema.ts';
import { createTestDatabase, findTestServer } from '../testing/test-server.ts';
import { createTestStore } from '../testing/test-store.ts';
import { restoreTables } from './restore-tables.ts';
import { type CheckedBackup, checkSealedFile, openPayload, writeSealedFile } from './sealed-file.ts';
import { takeBackup } from './take-backup.ts';

const log = (): void => undefined;

function makeFile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'dp-backup-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return path.join(folder, 'store.backup');
}

async function makeDatabase(options: { empty?: boolean } = {}): Promise<Logins> {
  const { logins, drop } = await createTestDatabase(options);
  onTestFinished(drop);
  return logins;
}

async function backUp(logins: Logins, file = makeFile()): Promise<CheckedBackup> {
  await takeBackup({ file, logins, cluster: null, program: '0.0.0-test', log });
  return checkSealedFile(file);
}

function restore(owner: Logins['owner'], backup: CheckedBackup, options: { force?: boolean } = {}): Promise<void> {
  const payload = (): Readable => openPayload(backup);
  return restoreTables({ owner, header: backup.header, payload, force: options.force ?? false, log });
}

/** Every row of every table, as the administrator sees it. */
async function readAll(logins: Logins): Promise<Record<string, unknown[]>> {
  const admin = { ...findTestServer().admin, database: logins.owner.database };
  const tables = await ask<{ name: string }>(
    admin,
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname in ('public', 'auth') order by 1`,
  );
  const all: Record<string, unknown[]> = {};
  for (const { name } of tables)
    all[name] = await ask(admin, `select to_jsonb(t)::text as row from ${name} t order by 1`);
  return all;
}

async function fillStore(): Promise<{ logins: Logins; workspaceId: string }> {
  const test = await createTestStore();
  onTestFinished(() => test.close());
  const { workspaceId } = test;
  await test.addWorkspace();
  await test.store.capture.query(
    `insert into raw_events (workspace_id, id, source, item_key, kind, arrival, body, body_encoding, body_sha256)
     values ($1, $2, 'plain', 'odd\tkey\n\\.', 'facts', 'push', $3, 'identity', $3)`,
    [workspaceId, newId(), Buffer.from([0, 9, 10, 92, 255])],
  );
  return { logins: test.store.logins, workspaceId };
}

describe('a backup of tables', () => {
  it('restores every row of every workspace and account into an empty database, with the very same schema', async () => {
    const source = await fillStore();
    const target = await makeDatabase({ empty: true });
    const backup = await backUp(source.logins);
    expect(backup.header).toMatchObject({ kind: 'tables', program: '0.0.0-test' });
    await restore(target.owner, backup);
    const [before, after] = [await readAll(source.logins), await readAll(target)];
    expect(Object.values(before).flat().length).toBeGreaterThan(20);
    expect(after).toEqual(before);
    const schemas: string[][] = [];
    for (const { owner } of [source.logins, target]) {
      const client = await openClient({ ...findTestServer().admin, database: owner.database }, 'tests', log);
      schemas.push(await fingerprintSchema(client));
      await client.end();
    }
    expect(schemas[1]).toEqual(schemas[0]);
  });

  it('is taken by a login that may read everything and change nothing', async () => {
    const { logins, workspaceId } = await fillStore();
    const client = await openClient(logins.backup, 'tests', log);
    expect((await client.query('select id from workspaces')).rowCount).toBe(2);
    for (const statement of [
      `update workspaces set name = 'mine'`,
      'delete from people',
      `insert into people (workspace_id, id, name) values ('${workspaceId}', '${newId()}', 'x')`,
      'truncate raw_events',
      'create table mine (n int)',
      `update auth."user" set name = 'x'`,
    ]) {
      await expect(client.query(statement), statement).rejects.toMatchObject({ code: '42501' });
    }
    const { rows } = await client.query(
      'select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname = current_user',
    );
    expect(Object.values(rows[0] as object).some(Boolean)).toBe(false);
    await client.end();
  });

  it('refuses to overwrite a store unless it is told to, and then replaces all of it', async () => {
    const source = await fillStore();
    const target = await fillStore();
    const backup = await backUp(source.logins);
    await expect(restore(target.logins.owner, backup)).rejects.toThrow(/at work in this database/);
    const other = await makeDatabase();
    await ask(other.owner, 'create table leftover as select 1 as n');
    await expect(restore(other.owner, backup)).rejects.toThrow(/there is a store already; --force/);
    await restore(other.owner, backup, { force: true });
    expect(await readAll(other)).toEqual(await readAll(source.logins));
  });

  it('leaves the store as it was when the file ends in the middle', async () => {
    const source = await fillStore();
    const target = await makeDatabase();
    await ask(target.owner, `insert into instance_settings (key, value) values ('precious', '1')`);
    const before = await readAll(target);
    const backup = await backUp(source.logins);
    const text: Buffer[] = [];
    for await (const chunk of openPayload(backup) as AsyncIterable<Buffer>) text.push(chunk);
    const whole = Buffer.concat(text);
    for (const cut of [whole.length - 10, Math.floor(whole.length / 2), 200]) {
      const payload = (): Readable => Readable.from([whole.subarray(0, cut)]);
      const half = restoreTables({ owner: target.owner, header: backup.header, payload, force: true, log });
      await expect(half, String(cut)).rejects.toThrow(/backup/);
    }
    expect(await readAll(target)).toEqual(before);
  });

  it('refuses a backup of a newer DevPulse, and one whose history differs', async () => {
    const source = await makeDatabase();
    const target = await makeDatabase({ empty: true });
    const { header, ...backup } = await backUp(source);
    const newer = { ...header, schema: [...header.schema, { version: 9999, name: '9999_later.sql', checksum: 'x' }] };
    await expect(restore(target.owner, { header: newer, ...backup })).rejects.toThrow(/newer DevPulse.*9999_later/);
    const [first, ...others] = header.schema;
    const changed = { ...header, schema: [{ ...first, checksum: 'x' }, ...others] as typeof header.schema };
    await expect(restore(target.owner, { header: changed, ...backup })).rejects.toThrow(/another "0001_base.sql"/);
    expect(await ask(target.owner, `select to_regclass('workspaces') as there`)).toEqual([{ there: null }]);
  });
});

describe('the file of a backup', () => {
  it('is refused when any byte of it was changed, or its end is missing', async () => {
    const file = makeFile();
    const backup = await backUp(await makeDatabase(), file);
    const bytes = readFileSync(file);
    const places = [0, 40, backup.payload.start, Math.floor(bytes.length / 2), backup.payload.end, bytes.length - 2];
    for (const place of places) {
      const broken = Buffer.from(bytes);
      broken[place] = (broken[place] ?? 0) ^ 1;
      writeFileSync(file, broken);
      await expect(checkSealedFile(file), String(place)).rejects.toThrow(/nothing was changed/);
    }
    for (const length of [0, 60, backup.payload.start + 20, bytes.length - 1]) {
      writeFileSync(file, bytes.subarray(0, length));
      await expect(checkSealedFile(file), String(length)).rejects.toThrow(/nothing was changed/);
    }
    writeFileSync(
      file,
      gzipSync('something else entirely, and long enough to be a backup of some kind, as far as size goes'),
    );
    await expect(checkSealedFile(file)).rejects.toThrow(/not a whole backup/);
    writeFileSync(file, bytes);
    await expect(checkSealedFile(file)).resolves.toMatchObject({ header: backup.header });
  });

  it('never replaces another file, and is gone when it could not be written', async () => {
    const file = makeFile();
    const { header } = await backUp(await makeDatabase(), file);
    const bytes = readFileSync(file);
    await expect(writeSealedFile({ file, header }, async () => undefined)).rejects.toThrow(/is there already/);
    expect(readFileSync(file).equals(bytes)).toBe(true);
    const other = `${file}.other`;
    const failing = writeSealedFile({ file: other, header }, async (sink) => {
      sink.write('half');
      throw new Error('the server went away');
    });
    await expect(failing).rejects.toThrow('the server went away');
    expect(() => readFileSync(other)).toThrow(/ENOENT/);
    expect(() => readFileSync(`${other}.partial`)).toThrow(/ENOENT/);
  });
});

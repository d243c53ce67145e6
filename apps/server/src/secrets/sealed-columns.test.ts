import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '@devpulse/db/connection';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { findTestServer } from '@devpulse/db/testing/test-server';
import { type LiveKeyring, openKeyring } from './open-keyring.ts';
import { rotateKeys } from './rotate-keys.ts';
import { keyIdOf } from './seal-text.ts';
import { quoteColumn, type SealedColumn, sealedColumns } from './sealed-columns.ts';
import { fixedMasters, makeTestMaster } from './testing/test-keyring.ts';

/** Columns that sound like secrets and hold none that is readable: what they hold instead. */
const explained: Record<string, string> = {
  'auth.session.token': 'a hash',
  'auth.account.password': 'argon2id',
  'auth.passkey.public_key': 'is public',
  'auth.passkey.credential_id': 'is public',
  'public.instance_settings.key': 'a name',
  'public.instance_settings.value': 'facts about the instance',
  'public.secret_keys.wrapped': 'wrapped by the master key',
  'public.sources.natural_key': 'what makes a source the same one',
  'public.source_erasures.natural_key': 'what makes a source the same one',
  'public.account_devices.public_key': 'is public',
  'public.account_pairings.public_key': 'is public',
  'public.account_pairings.seed': 'worth nothing without a secret that is derived',
  'public.account_refresh_tokens.seed': 'worth nothing without a secret that is derived',
  'public.fact_identities.external_key': 'the name that a source has for somebody',
  'public.fact_repositories.external_key': 'the name that a source has for a repository',
  'public.fact_levels.value': 'a number that rises and falls',
  'public.faults.code': 'of an error',
  'public.limit_buckets.key': 'what is counted, from whom',
  'public.governor_accounts.key': 'whose limits they are, hashed',
  'public.governor_quotas.key': 'whose limits they are, hashed',
  'public.governor_turns.key': 'whose limits they are, hashed',
  'public.raw_events.item_key': 'what makes an event the same one',
  'public.repository_sights.repository_key': 'the name that a source has for a repository',
};
const soundsSecret =
  /token|secret|passw|passphrase|_key$|^key$|codes?$|verifier|credential|^value$|seed|wrapped|sealed|pepper/;

let test: TestStore;
let admin: pg.Client;
let owner: pg.Client;
let keyring: LiveKeyring;
const masters = fixedMasters([makeTestMaster()]);

beforeAll(async () => {
  test = await createTestStore();
  const { database } = test.store.logins.app;
  admin = await openClient({ ...findTestServer().admin, database }, 'the test', () => undefined);
  owner = await openClient(test.store.logins.owner, 'the test', () => undefined);
  keyring = await openKeyring({ store: test.store, masters });
  await keyring.prepare(test.workspaceId);
});
afterAll(async () => {
  await admin.end();
  await owner.end();
  await test.close();
});

describe('what is kept in the store', () => {
  it('names no column like a secret that is neither sealed, nor a hash, nor explained', async () => {
    const { rows } = await admin.query<{ name: string; type: string }>(
      `select n.nspname || '.' || c.relname || '.' || a.attname as name, format_type(a.atttypid, null) as type
       from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
         and n.nspname !~ '^(pg_|information_schema$)' order by 1`,
    );
    const suspicious = rows
      .filter(({ name }) => soundsSecret.test(name.split('.').at(-1) ?? ''))
      .filter(({ type }) => /^(text|bytea|jsonb|json|character varying)/.test(type))
      .map(({ name }) => name)
      // A hash says so in its name.
      .filter((name) => !name.endsWith('_hash'));
    const known = [
      ...Object.keys(explained),
      ...sealedColumns.map(({ table, column }) => `${table.includes('.') ? table : `public.${table}`}.${column}`),
    ];
    expect(suspicious.filter((name) => !known.includes(name))).toEqual([]);
    // Nor is anything explained or sealed that is not there.
    const all = rows.map((row) => row.name);
    expect(known.filter((name) => !all.includes(name))).toEqual([]);
  });

  it('shows nothing of what was sealed into any column, before and after a rotation, and opens it', async () => {
    const canary = `canary-${randomBytes(12).toString('hex')}`;
    await admin.query('set session_replication_role = replica');
    const places: { column: SealedColumn; row: string }[] = [];
    for (const column of sealedColumns) places.push({ column, row: await plant(column, canary) });
    await admin.query('set session_replication_role = origin');

    const readAll = async (): Promise<string[]> => {
      const texts: string[] = [];
      for (const { column, row } of places) texts.push(await read(column, row));
      return texts;
    };
    const before = await readAll();
    await expectNotInStore(canary);
    const report = await rotateKeys({
      store: test.store,
      owner,
      masters: { ...masters, add: () => null, keep: () => [] },
      say: () => undefined,
    });
    expect(report.unreadable).toEqual([]);
    await keyring.reload();
    const after = await readAll();
    await expectNotInStore(canary);
    for (const [index, text] of after.entries()) {
      expect(keyIdOf(text)).not.toBe(keyIdOf(before[index] ?? ''));
      const { column, row } = places[index] ?? { column: sealedColumns[0] as SealedColumn, row: '' };
      expect(keyring.open(text, placeOf(column, row))).toBe(canary);
    }
    expect(after).toHaveLength(sealedColumns.length);
  });
});

function placeOf(column: SealedColumn, row: string) {
  const workspaceId = column.workspace === null ? null : test.workspaceId;
  return { workspaceId, table: column.table, column: column.column, row };
}

async function read(column: SealedColumn, row: string): Promise<string> {
  const name = quoteColumn(column);
  const { rows } = await admin.query<{ text: string }>(
    `select ${name.column} as text from ${name.table} where ${name.row}::text = $1`,
    [row],
  );
  return rows[0]?.text ?? '';
}

/** Adds a row of made-up values with the word sealed in the column; answers its id. */
async function plant(column: SealedColumn, word: string): Promise<string> {
  const { table } = quoteColumn(column);
  const { rows } = await admin.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, null) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and (attnotnull and not atthasdef or attname = $2)`,
    [table, column.column],
  );
  const id = (type: string): string =>
    type === 'uuid' ? crypto.randomUUID() : `made up ${randomBytes(4).toString('hex')}`;
  const row = id(rows.find(({ name }) => name === column.row)?.type ?? 'uuid');
  const values = rows.map(({ name, type }) => {
    if (name === column.column) return keyring.seal(word, placeOf(column, row));
    if (name === column.row) return row;
    if (name === column.workspace) return test.workspaceId;
    if (type.startsWith('timestamp')) return new Date().toISOString();
    // Another sealed column of the same row is checked in its own turn.
    return sealedColumns.some((other) => other.table === column.table && other.column === name)
      ? keyring.seal('another word', { ...placeOf(column, row), column: name })
      : id(type);
  });
  await admin.query(
    `insert into ${table} (${rows.map(({ name }) => `"${name}"`).join(', ')})
     values (${rows.map((_, index) => `$${index + 1}`).join(', ')})`,
    values,
  );
  return row;
}

/** Reads every row of every table as a dump would, and looks for the word in every form that it may have taken. */
async function expectNotInStore(word: string): Promise<void> {
  const { rows: tables } = await admin.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema$)'`,
  );
  expect(tables.length).toBeGreaterThan(30);
  const bytes = Buffer.from(word);
  const forms = [
    word,
    bytes.toString('hex'),
    bytes.toString('base64').slice(0, -4),
    bytes.toString('base64url').slice(0, -2),
  ];
  let seen = 0;
  for (const { name } of tables) {
    const { rows } = await admin.query<{ text: string }>(`select t::text as text from ${name} t`);
    seen += rows.length;
    for (const form of forms)
      expect(
        rows.filter(({ text }) => text.includes(form)),
        `${form} in ${name}`,
      ).toEqual([]);
  }
  expect(seen).toBeGreaterThan(sealedColumns.length);
}

import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { sql } from 'kysely';
import type pg from 'pg';
import { type Connection, type Log, openClient } from './connection.ts';
import type { Store } from './open-store.ts';
import { letBackupsRead } from './backup/let-backups-read.ts';
import { StoreUnusable } from './prepare-roles.ts';

/** One numbered step of the schema. */
export interface Migration {
  version: number;
  name: string;
  sql: string;
  checksum: string;
}

export interface MigrateOptions {
  owner: Connection;
  log: Log;
  /** Called once, before the first step, when there is data that a step could harm. */
  backUp?: (label: string) => Promise<void>;
  /** The steps; the repository's own when left out. */
  migrations?: Migration[];
}

const folder = new URL('../migrations/', import.meta.url);
// Any number, as long as it is only ours: two starters at once must not both migrate.
const lockKey = 7_270_411_001;

/** The repository's migrations in order. */
export async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), 'utf8');
      const checksum = createHash('sha256').update(text).digest('hex');
      return { version: Number(name.slice(0, 4)), name, sql: text, checksum };
    }),
  );
}

/**
 * Brings the schema to this program's version and says which steps ran. Each step and the record of it commit together,
 * so that an interruption leaves the schema exactly before or exactly after a step.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const migrations = options.migrations ?? (await readMigrations());
  const client = await openClient(options.owner, 'devpulse migration', options.log);
  try {
    await lockMigrations(client);
    const applied = await readApplied(client);
    refuseForeignHistory(applied, migrations);
    const pending = migrations.filter((step) => !applied.has(step.version));
    if (pending.length > 0 && applied.size > 0) await options.backUp?.(`before-${pending[0]?.name ?? ''}`);
    for (const step of pending) {
      await applyStep(client, step);
      options.log('info', `migrated: ${step.name}`);
    }
    await letBackupsRead(client);
    return pending.map((step) => step.name);
  } finally {
    await client.end();
  }
}

async function readApplied(client: pg.Client): Promise<Map<number, { name: string; checksum: string }>> {
  await createStepTable(client);
  const { rows } = await client.query<{ version: number; name: string; checksum: string }>(
    'select version, name, checksum from schema_migrations order by version',
  );
  return new Map(rows.map((row) => [row.version, row]));
}

function refuseForeignHistory(applied: Map<number, { name: string; checksum: string }>, migrations: Migration[]): void {
  const known = new Map(migrations.map((step) => [step.version, step]));
  for (const [version, row] of applied) {
    const step = known.get(version);
    if (step === undefined) {
      throw new StoreUnusable(
        `this store was written by a newer DevPulse (it has "${row.name}"); start that version, or restore a backup made before it`,
      );
    }
    if (step.checksum !== row.checksum) {
      throw new StoreUnusable(
        `the migration "${row.name}" was changed after it ran; restore its file, changes go into a new one`,
      );
    }
  }
}

async function applyStep(client: pg.Client, step: Migration): Promise<void> {
  await client.query('begin');
  try {
    await runStep(client, step);
    await client.query('commit');
  } catch (error) {
    // Where the connection is gone the server rolls back by itself; what happened first is what matters.
    await client.query('rollback').catch(() => undefined);
    throw new Error(`migration ${step.name} failed: ${(error as Error).message}`, { cause: error });
  }
}

/** Keeps everybody else from changing the schema until the connection ends. */
export async function lockMigrations(client: pg.Client): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [lockKey]);
}

/** Runs a step and notes that it ran, inside the transaction of the caller. */
export async function runStep(client: pg.Client, step: Migration): Promise<void> {
  await client.query(step.sql);
  await client.query('insert into schema_migrations (version, name, checksum) values ($1, $2, $3)', [
    step.version,
    step.name,
    step.checksum,
  ]);
}

/** Makes the table in which the steps are noted. */
export async function createStepTable(client: pg.Client): Promise<void> {
  await client.query(
    `create table if not exists schema_migrations (
       version integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now()
     )`,
  );
}

/** Whether the database has exactly the steps that this program knows; asked with the application's login. */
export async function isSchemaCurrent(store: Store): Promise<boolean> {
  const { rows } = await sql<{ checksums: string[] }>`
    select coalesce(array_agg(checksum order by version), '{}') as checksums from schema_migrations`.execute(store.app);
  const known = (await readMigrations()).map((step) => step.checksum);
  return JSON.stringify(rows[0]?.checksums) === JSON.stringify(known);
}

import type pg from 'pg';
import { type Connection, type Log, openClient } from '../connection.ts';
import { type Logins, StoreUnusable } from '../prepare-roles.ts';
import { type BackupHeader, writeSealedFile } from './sealed-file.ts';
import { writeBaseBackup } from './write-base-backup.ts';
import { writeRunningTables } from './write-table-copies.ts';

export interface TakeBackup {
  file: string;
  logins: Logins;
  /** The superuser of the embedded PostgreSQL, for a copy of the whole cluster; null: the rows of every table. */
  cluster: Connection | null;
  program: string;
  log: Log;
  onProgress?: (bytes: number, table: string | null) => void;
}

/** Writes everything in a store into one file, as of one moment, while it is in use. */
export async function takeBackup(options: TakeBackup): Promise<{ header: BackupHeader; bytes: number }> {
  const { file, logins, cluster, log } = options;
  const header = await describeStore(options);
  let table: string | null = null;
  const { bytes } = await writeSealedFile(
    { file, header, onBytes: (written) => options.onProgress?.(written, table) },
    (sink) =>
      cluster === null
        ? writeRunningTables(logins.backup, {
            label: 'devpulse backup',
            sink,
            log,
            onTable: (name) => {
              table = name;
            },
          })
        : writeBaseBackup(cluster, 'devpulse backup', sink, log),
  );
  return { header, bytes };
}

async function describeStore(options: TakeBackup): Promise<BackupHeader> {
  const { logins, cluster, program, log } = options;
  const client = await openClient(cluster === null ? logins.backup : logins.owner, 'devpulse backup', log).catch(
    (error: Error) => {
      throw new StoreUnusable(
        `the login "${logins.backup.user}", which backups read with, cannot sign in (${error.message}); ` +
          `as an administrator run: create role ${logins.backup.user} login password '${logins.backup.password}'; then start DevPulse once`,
      );
    },
  );
  try {
    const { rows: server } = await client.query<{ major: number; has_schema: boolean }>(
      `select current_setting('server_version_num')::int / 10000 as major, to_regclass('schema_migrations') is not null as has_schema`,
    );
    if (server[0]?.has_schema !== true)
      throw new StoreUnusable('there is no DevPulse in this database yet: nothing to back up');
    const { rows: schema } = await client.query<BackupHeader['schema'][number]>(
      'select version, name, checksum from schema_migrations order by version',
    );
    return {
      format: 'devpulse-backup',
      version: 1,
      kind: cluster === null ? 'tables' : 'cluster',
      program,
      takenAt: new Date().toISOString(),
      serverMajor: server[0].major,
      schema,
      masterKeys: await readMasterKeyNames(client),
    };
  } finally {
    await client.end();
  }
}

async function readMasterKeyNames(client: pg.Client): Promise<string[]> {
  const { rows: table } = await client.query<{ has: boolean }>(`select to_regclass('secret_keys') is not null as has`);
  if (table[0]?.has !== true) return [];
  const { rows } = await client.query<{ master_id: string }>('select distinct master_id from secret_keys order by 1');
  return rows.map((row) => row.master_id);
}

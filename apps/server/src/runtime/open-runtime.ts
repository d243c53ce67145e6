import path from 'node:path';
import { migrate } from '@devpulse/db/migrate';
import { type Connection, openClient } from '@devpulse/db/connection';
import { backupBeforeMigration } from '@devpulse/db/backup/backup-before-migration';
import type { EmbeddedStore } from '@devpulse/db/embedded/open-embedded';
import { findIsolationGaps } from '@devpulse/db/find-isolation-gaps';
import { openStore, type Store } from '@devpulse/db/open-store';
import { type Logins, StoreUnusable } from '@devpulse/db/prepare-roles';
import { type LiveKeyring, openKeyring } from '../secrets/open-keyring.ts';
import { findMasterKeys, type MasterKeyOptions } from '../secrets/find-master-keys.ts';
import { ensureWorkspace } from '../workspaces/ensure-workspace.ts';
import { installQueueSchema } from '@devpulse/queue/install-postgres-queue';
import { type DatabaseOptions, openDatabase, type OpenDatabase } from './open-database.ts';

/** What every program of ours stands on: a migrated store with a workspace in it. */
export interface Runtime {
  store: Store;
  logins: Logins;
  /** Null when the store is an external PostgreSQL. */
  embedded: EmbeddedStore | null;
  dataDir: string;
  /** Opens the keys of the store, once; refuses a store whose keys are not all there. */
  openKeyring(): Promise<LiveKeyring>;
  close(): Promise<void>;
}

export interface RuntimeOptions extends DatabaseOptions {
  /** The master key that was given, if one was. */
  keys?: MasterKeyOptions;
  /** The database, where somebody has begun to open it. */
  database?: Promise<OpenDatabase>;
}

/** Starts or joins the store, brings its schema up to date and sees to it that there is a workspace. */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { embedded, logins } = await (options.database ?? openDatabase(options));
  try {
    // Beside a running server of the same folder there is nothing to migrate: that server did.
    if (embedded?.standing !== 'guest') await prepareSchema(options, logins, embedded);
    const store = openStore(logins, { log: options.log });
    await refuseIsolationGaps(store);
    await ensureWorkspace(store);
    let keyring: Promise<LiveKeyring> | null = null;
    return {
      store,
      logins,
      embedded,
      dataDir: options.dataDir,
      openKeyring: () => (keyring ??= openKeyring({ store, masters: findMasterKeys(options) })),
      close: async () => {
        await store.close();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

/** The queries rely on it: without row-level security, workspaces would see each other. */
async function refuseIsolationGaps(store: Store): Promise<void> {
  const gaps = await findIsolationGaps(store);
  if (gaps.length === 0) return;
  await store.close();
  throw new StoreUnusable(
    `workspaces of this store are not kept apart: ${gaps.slice(0, 5).join('; ')}; nothing is served until row-level security is ` +
      'enabled and forced again, as an administrator: alter table <name> enable row level security, force row level security',
  );
}

async function prepareSchema(options: RuntimeOptions, logins: Logins, embedded: EmbeddedStore | null): Promise<void> {
  options.onStep?.('Bringing the schema up to date');
  await migrate({
    owner: logins.owner,
    log: options.log,
    backUp: async (label) => {
      options.onStep?.('Backing up before the schema changes');
      await backUp(options, logins, embedded, label);
    },
  });
  const ownerClient = await openClient(logins.owner, 'devpulse queue set-up', options.log);
  try {
    await installQueueSchema({ ownerClient, appRole: logins.app.user });
  } finally {
    await ownerClient.end();
  }
}

async function backUp(
  options: RuntimeOptions,
  logins: Logins,
  embedded: EmbeddedStore | null,
  label: string,
): Promise<void> {
  const connection: Connection = embedded === null ? logins.owner : embedded.connection;
  const kind = embedded === null ? 'external' : 'embedded';
  const folder = path.join(options.dataDir, 'backups');
  await backupBeforeMigration({ connection, kind, folder, label, log: options.log });
}

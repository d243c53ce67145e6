import path from 'node:path';
import { migrate } from '@devpulse/db/migrate';
import { type Connection, type Log, openClient, parseDatabaseUrl } from '@devpulse/db/connection';
import { backupBeforeMigration } from '@devpulse/db/backup/backup-before-migration';
import { type EmbeddedStore, openEmbedded } from '@devpulse/db/embedded/open-embedded';

import { openStore, type Store } from '@devpulse/db/open-store';
import { type Logins, prepareEmbedded, prepareExternal } from '@devpulse/db/prepare-roles';
import { ensureWorkspace } from '../workspaces/ensure-workspace.ts';
import { installQueueSchema } from '@devpulse/queue/install-postgres-queue';

/** What every program of ours stands on: a migrated store with a workspace in it. */
export interface Runtime {
  store: Store;
  logins: Logins;
  /** Null when the store is an external PostgreSQL. */
  embedded: EmbeddedStore | null;
  dataDir: string;
  close(): Promise<void>;
}

export interface RuntimeOptions {
  dataDir: string;
  databaseUrl: string | undefined;
  kind: 'server' | 'command';
  log: Log;
  /** Told what is being done now, one line a step. */
  onStep?: (step: string) => void;
}

const databaseName = 'devpulse';

/** Starts or joins the store, brings its schema up to date and sees to it that there is a workspace. */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { embedded, logins } = await openDatabase(options);
  try {
    // Beside a running server of the same folder there is nothing to migrate: that server did.
    if (embedded?.standing !== 'guest') await prepareSchema(options, logins, embedded);
    const store = openStore(logins, { log: options.log });
    await ensureWorkspace(store);
    return {
      store,
      logins,
      embedded,
      dataDir: options.dataDir,
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

async function openDatabase(options: RuntimeOptions): Promise<{ embedded: EmbeddedStore | null; logins: Logins }> {
  if (options.databaseUrl !== undefined) {
    options.onStep?.('Checking PostgreSQL');
    return { embedded: null, logins: await prepareExternal(parseDatabaseUrl(options.databaseUrl), options.log) };
  }
  options.onStep?.('Starting PostgreSQL');
  const embedded = await openEmbedded({ dataDir: options.dataDir, kind: options.kind, log: options.log });
  try {
    return { embedded, logins: await prepareEmbedded(embedded.connection, databaseName, options.log) };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
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

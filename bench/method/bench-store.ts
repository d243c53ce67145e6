import { randomBytes } from 'node:crypto';
import { type Connection, openClient } from '@devpulse/db/connection';
import { openEmbedded } from '@devpulse/db/embedded/open-embedded';
import { newId } from '@devpulse/db/ids';
import { migrate } from '@devpulse/db/migrate';
import { openStore, type Store } from '@devpulse/db/open-store';
import { prepareEmbedded } from '@devpulse/db/prepare-roles';
import { makeDataDir } from '@devpulse/server/testing/start-program';
import type { Querying } from './querying.ts';
import type { Scope } from './scope.ts';

/** An embedded PostgreSQL of the bench itself, on which databases come and go. */
export interface BenchServer {
  connection: Connection;
  /** Makes a migrated database with one workspace in it. */
  addDatabase(): Promise<BenchDatabase>;
}

/** One of them. */
export interface BenchDatabase {
  store: Store;
  admin: Querying;
  workspaceId: string;
  ownerId: string;
  drop(): Promise<void>;
}

const quiet = (): void => undefined;

/** Starts it; the scope ends it and removes its folder. */
export async function openBenchServer(scope: Scope): Promise<BenchServer> {
  const { dataDir, remove } = await makeDataDir();
  scope.defer(remove);
  const embedded = await openEmbedded({ dataDir, kind: 'command', log: quiet });
  scope.defer(() => embedded.stop());
  return { connection: embedded.connection, addDatabase: () => addDatabase(scope, embedded.connection) };
}

async function addDatabase(scope: Scope, superuser: Connection): Promise<BenchDatabase> {
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const logins = await prepareEmbedded(superuser, name, quiet);
  await migrate({ owner: logins.owner, log: quiet });
  const store = openStore(logins, { log: quiet });
  const admin = await openClient({ ...superuser, database: name }, 'bench', quiet);
  let isOpen = true;
  const drop = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await store.close();
    await admin.end();
    const client = await openClient(superuser, 'bench', quiet);
    await client.query(`drop database ${name} with (force)`);
    await client.end();
  };
  scope.defer(drop);
  return { store, admin, drop, ...(await addWorkspace(store)) };
}

async function addWorkspace(store: Store): Promise<{ workspaceId: string; ownerId: string }> {
  const workspaceId = newId();
  const ownerId = newId();
  await store.inWorkspace(workspaceId, async (trx) => {
    await trx
      .insertInto('workspaces')
      .values({ id: workspaceId, kind: 'team', name: 'Bench', zone: 'Europe/Berlin' })
      .execute();
    await trx.insertInto('people').values({ workspace_id: workspaceId, id: ownerId, name: 'Owner' }).execute();
  });
  return { workspaceId, ownerId };
}

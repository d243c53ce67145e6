import { newId } from '../ids.ts';
import { openStore, type Store } from '../open-store.ts';
import { createTestDatabase } from './test-server.ts';

/** A store of its own for one test file or one test, with a workspace and its owner. */
export interface TestStore {
  store: Store;
  workspaceId: string;
  ownerId: string;
  /** Adds another workspace, for tests of isolation. */
  addWorkspace(settings?: { zone?: string }): Promise<{ workspaceId: string; ownerId: string }>;
  close(): Promise<void>;
}

/** Makes a migrated database, opens it as the application does, and adds a workspace with an owner. */
export async function createTestStore(settings: { zone?: string } = {}): Promise<TestStore> {
  const database = await createTestDatabase();
  const store = openStore(database.logins, { log: () => undefined, poolSize: 6 });
  const first = await addWorkspace(store, settings.zone ?? 'UTC');
  return {
    store,
    ...first,
    addWorkspace: (more = {}) => addWorkspace(store, more.zone ?? 'UTC'),
    close: async () => {
      await store.close();
      await database.drop();
    },
  };
}

async function addWorkspace(store: Store, zone: string): Promise<{ workspaceId: string; ownerId: string }> {
  const workspaceId = newId();
  const ownerId = newId();
  await store.inWorkspace(workspaceId, async (trx) => {
    await trx
      .insertInto('workspaces')
      .values({ id: workspaceId, kind: 'personal', name: 'Test workspace', zone })
      .execute();
    await trx.insertInto('people').values({ workspace_id: workspaceId, id: ownerId, name: 'Owner' }).execute();
    await trx
      .insertInto('people_members')
      .values({ workspace_id: workspaceId, person_id: ownerId, role: 'owner' })
      .execute();
  });
  return { workspaceId, ownerId };
}

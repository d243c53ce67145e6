import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from './ids.ts';
import { openStore, type Store } from './open-store.ts';
import { createTestStore, type TestStore } from './testing/test-store.ts';

let test: TestStore;
let other: { workspaceId: string };
beforeAll(async () => {
  test = await createTestStore();
  other = await test.addWorkspace();
});
afterAll(() => test.close());

const seen = async (store: Store): Promise<string[]> => {
  const { rows } = await sql<{ id: string }>`select id from workspaces`.execute(store.app);
  return rows.map((row) => row.id);
};

describe('inWorkspace', () => {
  it('sees one workspace, and leaves nothing of it to the next borrower of the connection', async () => {
    const store = openStore(test.store.logins, { log: () => undefined, poolSize: 1 });
    for (const { workspaceId } of [test, other]) {
      const ids = await store.inWorkspace(workspaceId, (trx) => trx.selectFrom('workspaces').select('id').execute());
      expect(ids).toEqual([{ id: workspaceId }]);
      expect(await seen(store)).toEqual([]);
    }
    await expect(
      store.inWorkspace(test.workspaceId, () => {
        throw new Error('a fault');
      }),
    ).rejects.toThrow('a fault');
    expect(await seen(store)).toEqual([]);
    await store.close();
  });

  it('sees nothing in a workspace that is not there', async () => {
    expect(await test.store.inWorkspace(newId(), (trx) => trx.selectFrom('people').selectAll().execute())).toEqual([]);
  });

  it.each(['', 'x', 'NULL', newId().toUpperCase(), `${newId()}'`])('refuses %j as a workspace', async (id) => {
    await expect(test.store.inWorkspace(id, () => Promise.resolve())).rejects.toThrow('not a workspace id');
  });

  it('takes everything back when the work fails', async () => {
    const fail = test.store.inWorkspace(test.workspaceId, async (trx) => {
      await trx.updateTable('workspaces').set({ name: 'changed' }).execute();
      throw new Error('a fault');
    });
    await expect(fail).rejects.toThrow('a fault');
    const rows = await test.store.inWorkspace(test.workspaceId, (trx) =>
      trx.selectFrom('workspaces').select('name').execute(),
    );
    expect(rows).toEqual([{ name: 'Test workspace' }]);
  });

  it('sees one moment throughout when asked for a snapshot, and each statement’s own otherwise', async () => {
    const namesAround = (snapshot: boolean, name: string): Promise<string[]> =>
      test.store.inWorkspace(
        test.workspaceId,
        async (trx) => {
          const read = async (): Promise<string> =>
            (await trx.selectFrom('people').select('name').executeTakeFirstOrThrow()).name;
          const before = await read();
          await test.store.inWorkspace(test.workspaceId, (inner) =>
            inner.updateTable('people').set({ name }).execute(),
          );
          return [before, await read()];
        },
        { snapshot },
      );
    expect(await namesAround(true, 'one')).toEqual(['Owner', 'Owner']);
    expect(await namesAround(false, 'two')).toEqual(['one', 'two']);
  });
});

describe('ping', () => {
  it('is true while the store answers', async () => {
    expect(await test.store.ping()).toBe(true);
  });

  it('is false when it does not', async () => {
    const { app } = test.store.logins;
    const gone = openStore(
      { ...test.store.logins, app: { ...app, database: 'no_such_database' } },
      { log: () => undefined },
    );
    expect(await gone.ping()).toBe(false);
    await gone.close();
  });
});

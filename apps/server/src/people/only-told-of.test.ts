import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { addFacts } from '../testing/add-facts.ts';
import { listIdentities } from './list-identities.ts';
import { listPeople } from './list-people.ts';

let test: TestStore;
beforeAll(async () => {
  test = await createTestStore();
});
afterAll(() => test.close());

describe('somebody who only starred a repository', () => {
  it('is found when looked for, and in no list of those whom somebody has to tell apart', async () => {
    const { store, workspaceId } = test;
    const at = '2026-05-01T10:00:00.000Z';
    const [fan, maker] = ['fan', 'maker'].map((login, index) => ({ externalId: `${index + 1}`, login }));
    await addFacts(store, { workspaceId, source: 'github' }, [
      { fact: 'star', repository: 'github.com/1', user: fan ?? {}, isStarred: true, at, observedAt: at },
      {
        fact: 'push',
        repository: 'github.com/1',
        ref: 'refs/heads/main',
        before: '0'.repeat(40),
        after: '1'.repeat(40),
        isForced: false,
        pusher: maker ?? {},
        at,
        commits: 1,
      },
    ]);
    const all = await listIdentities({ store, workspaceId, limit: 10 });
    expect(all.identities.map((one) => one.login)).toEqual(['fan', 'maker']);
    expect(all.groups).toEqual({ members: 0, nobody: 1, machines: 0 });
    const nobody = await listIdentities({ store, workspaceId, of: 'nobody', limit: 10 });
    expect(nobody.identities.map((one) => one.login)).toEqual(['maker']);
    const people = await listPeople({ store, workspaceId, limit: 10 });
    expect(people.people.map((one) => one.name)).not.toContain('fan');
    expect(people.people.map((one) => one.name)).toContain('maker');
  });
});

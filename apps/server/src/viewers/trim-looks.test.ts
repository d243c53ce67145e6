import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { trimLooks } from './list-looks.ts';

let test: TestStore;
beforeAll(async () => {
  test = await createTestStore({ zone: 'Asia/Tokyo' });
});
afterAll(() => test.close());

describe('trimLooks', () => {
  it('forgets what is older than 180 days of the workspace, and nothing else', async () => {
    const { store, workspaceId, ownerId } = test;
    // In Tokyo it is the 10th already.
    const now = new Date('2026-03-09T20:00:00Z');
    const days = ['2026-03-10', '2025-09-12', '2025-09-11'];
    await store.inWorkspace(workspaceId, (trx) =>
      trx
        .insertInto('viewer_looks')
        .values(days.map((day) => ({ workspace_id: workspaceId, person_id: ownerId, viewer_id: ownerId, day })))
        .execute(),
    );
    expect(await trimLooks({ store, workspaceId, now })).toBe(1);
    const left = await store.inWorkspace(workspaceId, (trx) =>
      trx.selectFrom('viewer_looks').select('day').orderBy('day').execute(),
    );
    expect(left.map(({ day }) => day)).toEqual(['2025-09-12', '2026-03-10']);
  });
});

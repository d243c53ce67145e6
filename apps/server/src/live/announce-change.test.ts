import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '@devpulse/db/connection';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { announceChange, liveChannel, publishChange, readPayload } from './announce-change.ts';

let test: TestStore;
let client: Awaited<ReturnType<typeof openClient>>;
const heard: string[] = [];

beforeAll(async () => {
  test = await createTestStore();
  client = await openClient(test.store.logins.app, 'the test', () => undefined);
  client.on('notification', (notice) => heard.push(notice.payload ?? ''));
  await client.query(`listen ${liveChannel}`);
});
afterAll(async () => {
  await client.end();
  await test.close();
});

/** A connection hears what was committed before it asks. */
async function hear(): Promise<ReturnType<typeof readPayload>[]> {
  await client.query('select 1');
  return heard.splice(0).map((text) => readPayload(text));
}

describe('announceChange', () => {
  it('is heard when its transaction commits, and not when that is taken back', async () => {
    const { store, workspaceId } = test;
    await store.inWorkspace(workspaceId, async (trx) => {
      await announceChange(trx, workspaceId, { metrics: ['kept'] });
      expect(await hear()).toEqual([]);
    });
    const taken = store.inWorkspace(workspaceId, async (trx) => {
      await announceChange(trx, workspaceId, { metrics: ['taken back'] });
      throw new Error('never mind');
    });
    await expect(taken).rejects.toThrow('never mind');
    expect(await hear()).toEqual([{ workspaceId, change: { metrics: ['kept'], sources: false, people: false } }]);
  });

  it('says "everything" where more changed than fits', async () => {
    const { store, workspaceId } = test;
    const metrics = Array.from({ length: 1_000 }, (_, index) => `metric_${index}`);
    await publishChange(store, workspaceId, { metrics, people: true });
    expect(await hear()).toEqual([{ workspaceId, change: { metrics: ['*'], sources: false, people: true } }]);
  });
});

describe('readPayload', () => {
  it('takes nothing that is not of ours', () => {
    for (const text of ['', '{', '7', '{}', '{"w":"x","m":[],"s":true,"p":true}']) expect(readPayload(text)).toBeNull();
  });
});

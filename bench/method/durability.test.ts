import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '@devpulse/db/connection';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { findDurabilityFault } from './durability.ts';
import { countStored } from './stored-events.ts';

let test: TestStore;
let client: Awaited<ReturnType<typeof openClient>>;

beforeAll(async () => {
  test = await createTestStore();
  client = await openClient(test.store.logins.app, 'bench test', () => undefined);
});

afterAll(async () => {
  await client.end();
  await test.close();
});

describe('findDurabilityFault', () => {
  it('names a setting that makes a promise empty', async () => {
    await client.query(`set synchronous_commit = 'off'`);
    expect(await findDurabilityFault(client)).toContain('synchronous_commit = off');
  });

  it('reads all three settings from the running store', async () => {
    await client.query(`set synchronous_commit = 'on'`);
    const { rows } = await client.query<{ fsync: string; full_page_writes: string }>(
      `select current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes`,
    );
    const isOn = rows[0]?.fsync === 'on' && rows[0].full_page_writes === 'on';
    expect((await findDurabilityFault(client)) === null).toBe(isOn);
  });
});

describe('countStored', () => {
  it('counts rows, keys and the sum of their numbers, of one phase alone', async () => {
    const insert = (key: string): Promise<unknown> =>
      test.store.capture.query(
        `insert into raw_events (workspace_id, id, source, item_key, kind, arrival, body, body_sha256)
         values ($1, gen_random_uuid(), 'git', $2, 'bench', 'push', '', '')`,
        [test.workspaceId, key],
      );
    for (const key of ['ack1-0', 'ack1-7', 'ack1-12', 'ack12-5']) await insert(key);
    await client.query(`select set_config('app.workspace', $1, false)`, [test.workspaceId]);
    expect(await countStored(client, 'ack1')).toEqual({ rows: 3, distinct: 3, sum: 19 });
  });
});

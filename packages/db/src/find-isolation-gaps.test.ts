import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type pg from 'pg';
import { openClient } from './connection.ts';
import { findIsolationGaps } from './find-isolation-gaps.ts';
import { createTestStore, type TestStore } from './testing/test-store.ts';

let test: TestStore;
let owner: pg.Client;
beforeAll(async () => {
  test = await createTestStore();
  owner = await openClient(test.store.logins.owner, 'the test', () => undefined);
});
afterAll(async () => {
  await owner.end();
  await test.close();
});

async function whileIn(change: string, back: string): Promise<string[]> {
  await owner.query(change);
  const gaps = await findIsolationGaps(test.store);
  await owner.query(back);
  return gaps;
}

describe('findIsolationGaps', () => {
  it('finds nothing in the schema as it is', async () => {
    expect(await findIsolationGaps(test.store)).toEqual([]);
  });

  it('finds every table whose row-level security is off or not forced', async () => {
    const { rows } = await owner.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relrowsecurity
       and has_table_privilege('devpulse_app', oid, 'select')`,
    );
    expect(rows.length).toBeGreaterThan(20);
    for (const { name } of rows) {
      const off = await whileIn(
        `alter table ${name} disable row level security`,
        `alter table ${name} enable row level security`,
      );
      expect(off, name).toEqual([`${name} has no row-level security`]);
    }
    const unforced = 'alter table people no force row level security';
    expect(await whileIn(unforced, 'alter table people force row level security')).toEqual([
      'people does not force row-level security',
    ]);
  });

  it('finds a table with a workspace that somebody added in a hurry', async () => {
    const made = 'create table hasty (workspace_id uuid not null); grant select on hasty to devpulse_app';
    expect(await whileIn(made, 'drop table hasty')).toEqual(['hasty has no row-level security']);
  });
});

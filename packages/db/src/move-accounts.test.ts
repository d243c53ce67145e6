import { createHash } from 'node:crypto';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openClient } from './connection.ts';
import { migrate, readMigrations } from './migrate.ts';
import { createTestDatabase } from './testing/test-server.ts';

const quiet = (): undefined => undefined;
const first = '10000000-0000-7000-8000-000000000001';
const second = '10000000-0000-7000-8000-000000000002';
const workspace = '20000000-0000-7000-8000-000000000001';
const person = '30000000-0000-7000-8000-000000000001';
const hash = createHash('sha256').update('a cookie').digest();

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let owner: pg.Client;
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
  owner = await openClient(database.logins.owner, 'the test', quiet);
});
afterEach(async () => {
  await owner.end();
  await database.drop();
});

describe('accounts and sessions of an instance that is in use', () => {
  it('are moved with what they had: whoever was signed in stays so, and passwords still count', async () => {
    const all = await readMigrations();
    const before = all.filter((step) => step.version < 10);
    await migrate({ owner: database.logins.owner, log: quiet, migrations: before });
    await owner.query(`
      insert into accounts (id, name, password_hash, created_at) values
        ('${second}', 'Eve', null, '2026-02-01'), ('${first}', 'Ada', '$argon2id$of-ada', '2026-01-01');
      select set_config('app.workspace', '${workspace}', false);
      alter table workspaces no force row level security;
      alter table people no force row level security;
      alter table people_members no force row level security;
      alter table account_members no force row level security;
      insert into workspaces (id, kind, name, zone) values ('${workspace}', 'personal', 'My work', 'UTC');
      insert into people (workspace_id, id, name) values ('${workspace}', '${person}', 'Ada');
      insert into people_members (workspace_id, person_id, role) values ('${workspace}', '${person}', 'owner');
      insert into account_members (workspace_id, account_id, person_id) values ('${workspace}', '${first}', '${person}');
      alter table workspaces force row level security;
      alter table people force row level security;
      alter table people_members force row level security;
      alter table account_members force row level security;`);
    await owner.query('select open_session($1, $2, $3, $4, $5)', [
      '40000000-0000-7000-8000-000000000001',
      first,
      workspace,
      hash,
      'a browser',
    ]);
    await migrate({ owner: database.logins.owner, log: quiet, migrations: all.filter((step) => step.version <= 10) });

    const app = await openClient(database.logins.app, 'the test', quiet);
    const { rows: sessions } = await app.query('select account_id, account_name, workspace_id from find_session($1)', [
      hash,
    ]);
    const { rows: owners } = await app.query('select * from find_owner_account()');
    await app.end();
    expect(sessions).toEqual([{ account_id: first, account_name: 'Ada', workspace_id: workspace }]);
    expect(owners).toEqual([
      { account_id: first, name: 'Ada', email: `${first}@no-address.invalid`, can_sign_in: true },
    ]);
    const { rows: passwords } = await owner.query('select user_id, provider_id, password from auth.account');
    expect(passwords).toEqual([{ user_id: first, provider_id: 'credential', password: '$argon2id$of-ada' }]);
    const { rows: users } = await owner.query('select name, owns_instance from auth."user" order by name');
    expect(users).toEqual([
      { name: 'Ada', owns_instance: true },
      { name: 'Eve', owns_instance: false },
    ]);
  });
});

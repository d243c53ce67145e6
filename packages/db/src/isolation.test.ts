import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from './connection.ts';
import { appRole, authRole, captureRole } from './prepare-roles.ts';
import { createTestDatabase, findTestServer } from './testing/test-server.ts';

const quiet = (): undefined => undefined;

/** What belongs to no workspace, and why. Every other table of the catalogue is held to the rules below. */
const ofNoWorkspace: Record<string, string> = {
  schema_migrations: 'which steps of the schema ran',
  job_runs: 'which job of the instance ran when',
  instance_settings: 'facts about the instance',
  faults: 'what went wrong in the program, without anybody’s data',
  fault_occurrences: 'when and at what request or job it did',
  account_devices: 'which programs were paired, in whatever workspace; closed to the application',
  account_refresh_tokens: 'what such a program refreshes with, hashed; closed to the application',
  account_pairings: 'which of them wait to be approved; closed to the application',
  account_setup_links: 'the one-time link of the owner; closed to the application',
  limit_buckets: 'how much of its budget a hashed key has used; closed to the application',
  governor_accounts: 'until when a hashed account of a source is left alone; closed to the application',
  governor_quotas: 'how much of its limits it has left; closed to the application',
  governor_turns: 'who asks with it now; closed to the application',
  account_preferences: 'how an account likes its screens, in whatever workspace; closed to the application',
  secret_keys: 'data keys, wrapped by a master key that is not in the store; closed to the application',
  secret_values: 'secrets of the instance, sealed; closed to the application',
  github_apps: 'the GitHub App of the instance, its secrets sealed; closed to the application',
  github_installations: 'where that App is installed and which workspace claimed it; closed to the application',
  github_unclaimed_deliveries:
    'what was delivered for an installation that nobody has claimed; closed to the application',
  github_app_hooks: 'when the App’s webhook last delivered, and what was asked for again; closed to the application',
  audit_chains: 'both ends of each workspace’s audit log; closed to the application',
};

/** What the application may add to and read, and never change or remove. */
const appendOnly = ['audit_entries'];

/** What nobody but the owner’s functions may touch: whoever could read these could become somebody else. */
const closedTables = Object.keys(ofNoWorkspace).filter((name) =>
  /^(account|secret_|github_|audit_chains$|limit_|governor_)/.test(name),
);

/** References that cannot carry a workspace: what they point at is of the instance. */
const referencesToTheInstance = [
  'account_members account_members_account_id_fkey',
  'fault_occurrences fault_occurrences_fault_id_fkey',
  'account_devices account_devices_account_id_fkey',
  'account_refresh_tokens account_refresh_tokens_device_id_fkey',
  'account_pairings account_pairings_account_id_fkey',
  'account_pairings account_pairings_device_id_fkey',
  'account_preferences account_preferences_account_id_fkey',
];

/** Every function that runs with the owner's rights, and all it may answer. */
const ownersAnswers: Record<string, string> = {
  'all_workspaces()': 'SETOF uuid',
  'workspaces_with_due_events()': 'SETOF uuid',
  'workspaces_with_stale_days()': 'SETOF uuid',
  'inbox_depth()': 'TABLE(state text, events bigint, oldest timestamp with time zone)',
  'find_token(hash bytea)': 'TABLE(workspace_id uuid, token_id uuid, person_id uuid, role text, scopes text[])',
  'stale_marks()': 'bigint',
  'governor_figures()': 'TABLE(resource text, accounts integer, waiting integer, least_left double precision)',
  'refresh_statistics()': 'void',
  'find_session(hash bytea)':
    'TABLE(session_id uuid, account_id uuid, account_name text, workspace_id uuid, person_id uuid, role text, last_seen_at timestamp with time zone, account_email text)',
  'session_workspaces(hash bytea)': 'TABLE(workspace_id uuid, person_id uuid)',
  'open_session(id uuid, account uuid, workspace uuid, hash bytea, agent text)': 'void',
  'touch_session(hash bytea)': 'void',
  'end_session(hash bytea)': 'void',
  'move_session(hash bytea, workspace uuid)': 'boolean',
  'account_workspaces(account uuid)':
    'TABLE(workspace_id uuid, person_id uuid, role text, deactivated_at timestamp with time zone)',
  'look_at_invitation(hash bytea)': 'TABLE(workspace_id uuid, invitation_id uuid, state text)',
  'proves_recipient(account uuid, kind text, recipient text)': 'text',
  'operator_workspace()': 'uuid',
  'runs_instance(workspace uuid, person uuid, account uuid)': 'boolean',
  'place_session(hash bytea, address text)': 'void',
  'list_sessions(hash bytea)':
    'TABLE(id uuid, name text, agent text, address text, created_at timestamp with time zone, last_seen_at timestamp with time zone, expires_at timestamp with time zone, is_current boolean)',
  'rename_session(hash bytea, session uuid, name text)': 'boolean',
  'end_session_by_id(hash bytea, session uuid)': 'boolean',
  'end_other_sign_ins(hash bytea)': 'TABLE(sessions integer, devices integer)',
  'list_devices(hash bytea)':
    'TABLE(id uuid, workspace_id uuid, name text, system text, program text, address text, has_key boolean, created_at timestamp with time zone, last_seen_at timestamp with time zone, expires_at timestamp with time zone, revoked_because text)',
  'rename_device(hash bytea, device uuid, name text)': 'text',
  'end_device(hash bytea, device uuid)': 'TABLE(name text, workspace_id uuid)',
  'end_devices_of_old_password()': 'trigger',
  'end_what_is_under_way()': 'trigger',
  'find_device(device uuid, version integer)':
    'TABLE(workspace_id uuid, device_id uuid, account_id uuid, person_id uuid, role text)',
  'touch_device(device uuid)': 'void',
  'open_pairing(device_code bytea, user_code bytea, seed bytea, name text, system text, program text, address text, public_key bytea)':
    'timestamp with time zone',
  'look_at_pairing(hash bytea, user_code bytea)':
    'TABLE(name text, system text, program text, address text, has_key boolean, created_at timestamp with time zone, expires_at timestamp with time zone, approved boolean)',
  'answer_pairing(hash bytea, user_code bytea, approve boolean, other_name text)':
    'TABLE(name text, system text, program text, address text)',
  'look_at_device_code(device_code bytea)': 'TABLE(seed bytea, workspace_id uuid, name text)',
  'claim_pairing(device_code bytea, device uuid, token_hash bytea, token_seed bytea)':
    'TABLE(outcome text, wait_s integer, device_id uuid, account_id uuid, workspace_id uuid, version integer, expires_at timestamp with time zone)',
  'look_at_refresh(hash bytea)': 'TABLE(device_id uuid, workspace_id uuid, seed bytea, public_key bytea)',
  'rotate_refresh(hash bytea, next_hash bytea, next_seed bytea)':
    'TABLE(outcome text, device_id uuid, account_id uuid, workspace_id uuid, version integer, expires_at timestamp with time zone, name text)',
  'end_own_device(hash bytea)': 'TABLE(device_id uuid, account_id uuid, workspace_id uuid, name text)',
  'find_owner_account()': 'TABLE(account_id uuid, name text, email text, can_sign_in boolean)',
  'anybody_can_sign_in()': 'boolean',
  'save_owner_account(id uuid, name text, email text, password_hash text)': 'uuid',
  'create_account(id uuid, name text, email text, verified boolean, password_hash text)': 'boolean',
  'replace_setup_link(hash bytea)': 'timestamp with time zone',
  'look_at_setup_link(hash bytea)': 'text',
  'use_setup_link(hash bytea)': 'boolean',
  'take_limits(keys bytea[], units integer[], every_us bigint[], most integer[])':
    'TABLE(key bytea, granted integer, spare integer, wait_us bigint)',
  'forget_limit(key bytea)': 'void',
  'sweep_limits()': 'void',
  'take_turn(turn uuid, account bytea, wanted text, lane integer, cost integer, points integer, every_us integer, burst integer, most integer, lease_ms integer)':
    'TABLE(granted boolean, wait_ms bigint, until timestamp with time zone, reason text, ended boolean)',
  'end_turn(turn uuid, account bytea, heard boolean, told text, most integer, rest integer, span_s bigint, reset_in_ms bigint, refusal text, retry_ms bigint)':
    'TABLE(wait_ms bigint, until timestamp with time zone, reason text, began boolean)',
  'leave_turn(turn uuid)': 'void',
  'read_budgets(accounts bytea[])':
    'TABLE(key bytea, resource text, quota integer, left_over integer, resets_at timestamp with time zone, blocked_until timestamp with time zone, reason text, history_until timestamp with time zone, heard_at timestamp with time zone)',
  'sweep_governor()': 'void',
  'read_preferences(account uuid)': 'TABLE(theme text, palette text, keys text, locale text)',
  'save_preferences(account uuid, theme text, palette text, keys text, locale text)': 'void',
  'secret_keys_version()': 'bigint',
  'read_secret_keys()':
    'TABLE(kid text, workspace_id uuid, state text, master_id text, wrapped text, created_at timestamp with time zone, retired_at timestamp with time zone)',
  'add_secret_key(kid text, workspace uuid, master_id text, wrapped text)': 'void',
  'read_secret_value(name text)': 'text',
  'add_secret_value(name text, sealed text)': 'text',
  'chain_audit_entry()': 'trigger',
  'audit_chain_ends()': 'TABLE(last_seq bigint, last_hash bytea, removed_seq bigint, removed_hash bytea)',
  'trim_audit()': 'bigint',
  'home_workspace(account uuid)': 'uuid',
  // Numbers and logins of the members of one workspace alone, for who they are at GitHub.
  'github_accounts_here()': 'TABLE(person_id uuid, number text, login text, connected_at timestamp with time zone)',
  'anybody_on_github()': 'boolean',
  'forget_ended_sign_ins()': 'bigint',
  'workspaces_with_erasures()': 'SETOF uuid',
  'workspaces_with_unchecked_connections(before timestamp with time zone)': 'SETOF uuid',
  'read_github_app(host text)':
    'TABLE(app_number text, slug text, name text, html_url text, owner_login text, client_id text, client_secret text, private_key text, webhook_secret text, permissions jsonb, events text[], created_at timestamp with time zone)',
  'save_github_app(host text, app_number text, slug text, name text, html_url text, owner_login text, client_id text, client_secret text, private_key text, webhook_secret text, permissions jsonb, events text[])':
    'void',
  'forget_github_app(host text)': 'boolean',
  'save_installation(host text, number text, account_number text, account_login text, account_type text, repository_selection text, permissions jsonb, html_url text, suspended_at timestamp with time zone, removed_at timestamp with time zone)':
    'uuid',
  'list_installations(host text, account_numbers text[])':
    'TABLE(number text, account_number text, account_login text, account_type text, repository_selection text, permissions jsonb, html_url text, suspended_at timestamp with time zone, removed_at timestamp with time zone, seen_at timestamp with time zone, workspace_id uuid)',
  'claim_installation(host text, number text, workspace uuid)': 'text',
  'release_installation(host text, number text, workspace uuid)': 'void',
  'workspace_of_installation(host text, number text)': 'uuid',
  'find_hook(hook uuid)': 'TABLE(workspace_id uuid, secret text, previous_secret text)',
  'is_watched(workspace uuid, connector text, repository text)': 'boolean',
  'workspaces_told()': 'SETOF uuid',
  'workspaces_with_hooks()': 'SETOF uuid',
  'workspaces_with_installations(host text)': 'SETOF uuid',
  'keep_unclaimed(id uuid, host text, delivery text, installation text, event text, body bytea, body_encoding text, body_sha256 bytea, most_rows integer, most_bytes bigint)':
    'boolean',
  'list_claimed(host text, most integer)':
    'TABLE(id uuid, workspace_id uuid, delivery text, event text, body bytea, body_encoding text)',
  'list_unheard(host text, most integer)': 'TABLE(id uuid, event text, body bytea, body_encoding text)',
  'find_unclaimed(host text, deliveries text[])': 'TABLE(delivery text)',
  'note_unclaimed_heard(ids uuid[])': 'void',
  'forget_unclaimed(ids uuid[])': 'void',
  'trim_unclaimed(before timestamp with time zone)': 'bigint',
  'read_app_hook(host text)':
    'TABLE(pinged_at timestamp with time zone, last_delivery_at timestamp with time zone, last_gap_at timestamp with time zone, sweep jsonb, swept_at timestamp with time zone)',
  'note_app_delivery(host text, at timestamp with time zone, is_ping boolean)': 'void',
  'note_app_sweep(host text, sweep jsonb, gap_at timestamp with time zone)': 'void',
  'workspaces_with_transfers()': 'SETOF uuid',
  'last_export_at(account uuid)': 'timestamp with time zone',
  'export_account(transfer uuid)': 'TABLE(table_name text, content jsonb)',
  'forget_in_audit(account uuid, person uuid)': 'bigint',
  'erase_account(account uuid, session uuid)': 'boolean',
};

/** Unique without the workspace in front: a clash tells that the value exists somewhere, which must be harmless. */
const uniqueEverywhere = ['account_tokens (token_hash)', 'workspace_slugs (slug)', 'invitations (token_hash)'];

const one = '00000000-0000-7000-8000-000000000001';
const two = '00000000-0000-7000-8000-000000000002';
const names = await readTenantTables();

/** The tenant tables of the migrated schema: all tables but those above. */
async function readTenantTables(): Promise<string[]> {
  const { admin, template } = findTestServer();
  const database = await createTestDatabase();
  const client = await openClient({ ...admin, database: database.logins.app.database }, 'the test', quiet);
  const { rows } = await client.query<{ relname: string }>(
    `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'f', 'm') order by 1`,
  );
  await client.end();
  await database.drop();
  if (rows.length === 0) throw new Error(`no tables in ${template}`);
  return rows.map((row) => row.relname).filter((name) => !Object.hasOwn(ofNoWorkspace, name));
}

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let admin: pg.Client;
let app: pg.Client;
let capture: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  admin = await openClient({ ...findTestServer().admin, database: database.logins.app.database }, 'the test', quiet);
  app = await openClient(database.logins.app, 'the test', quiet);
  capture = await openClient(database.logins.capture, 'the test', quiet);
  // Made-up rows need not refer to anything; the administrator sees and writes all.
  await admin.query(`set session_replication_role = replica`);
  for (const table of names) for (const workspace of [one, two]) await admin.query(await insertInto(table, workspace));
});
afterAll(async () => {
  for (const client of [admin, app, capture]) await client.end();
  await database.drop();
});

async function list(text: string, values: unknown[] = []): Promise<string[]> {
  const { rows } = await admin.query<string[]>({ text, values, rowMode: 'array' });
  return rows.map((row) => row.join(' '));
}

interface Column {
  name: string;
  type: string;
  choices: string | null;
}

let made = 0;

/** A statement that puts a row of made-up values into a table. */
async function insertInto(table: string, workspace: string): Promise<string> {
  const { rows } = await admin.query<Column>(
    `select a.attname as name, format_type(a.atttypid, null) as type,
            (select substring(pg_get_constraintdef(k.oid) from $$ARRAY\\['([^']*)'$$) from pg_constraint k
             where k.conrelid = a.attrelid and k.contype = 'c' and k.conkey = array[a.attnum] limit 1) as choices
     from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef
     order by a.attnum`,
    [table],
  );
  const values = rows.map((column) => (column.name === keyOf(table) ? `'${workspace}'` : valueOf(column)));
  return `insert into ${table} (${rows.map((column) => column.name).join(', ')}) values (${values.join(', ')})`;
}

function valueOf(column: Column): string {
  made += 1;
  if (column.choices !== null) return `'${column.choices}'`;
  switch (column.type) {
    case 'uuid':
      return `'10000000-0000-7000-8000-${String(made).padStart(12, '0')}'`;
    case 'bytea':
      return `'\\x${String(made).padStart(8, '0')}'`;
    case 'date':
      return `'2026-01-01'`;
    case 'timestamp with time zone':
      return 'now()';
    case 'jsonb':
      return `'{}'`;
    case 'boolean':
      return 'true';
    case 'text':
      return `'made up ${made}'`;
    default:
      return column.type.endsWith('[]') ? `'{}'` : '1';
  }
}

const keyOf = (table: string): string => (table === 'workspaces' ? 'id' : 'workspace_id');

/** Does something as the application in a workspace, and takes it back. */
async function asApp<Result>(workspace: string | null, work: () => Promise<Result>): Promise<Result> {
  await app.query('begin');
  try {
    if (workspace !== null) await app.query(`select set_config('app.workspace', $1, true)`, [workspace]);
    return await work();
  } finally {
    await app.query('rollback');
  }
}

describe('the schema', () => {
  it('has tenant tables, and knows why the others are none', async () => {
    expect(names.length).toBeGreaterThan(15);
    const all = await list(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'f', 'm')`,
    );
    expect(all).toEqual(expect.arrayContaining(Object.keys(ofNoWorkspace)));
    expect(
      await list(`select nspname from pg_namespace where nspname !~ '^(pg_|information_schema$|public$)'`),
    ).toEqual(['auth']);
    expect(
      await list(`select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'm'`),
    ).toEqual([]);
  });

  it('lets references between tenant tables carry the workspace', async () => {
    const faults = await list(
      `select conrelid::regclass, conname from pg_constraint k
       where contype = 'f' and connamespace = 'public'::regnamespace and not exists (
         select 1 from unnest(conkey, confkey) as pair (mine, theirs)
         join pg_attribute a on a.attrelid = conrelid and a.attnum = mine and a.attname = 'workspace_id'
         join pg_attribute b on b.attrelid = confrelid and b.attnum = theirs
           and b.attname = case when confrelid = 'workspaces'::regclass then 'id' else 'workspace_id' end)
       order by 1, 2`,
    );
    expect(faults).toEqual(referencesToTheInstance);
  });

  it('begins every unique index with the workspace', async () => {
    const faults = await list(
      `select i.indrelid::regclass::text || ' (' || string_agg(a.attname, ', ' order by k.place) || ')'
       from pg_index i join pg_class c on c.oid = i.indrelid
       cross join lateral unnest(i.indkey) with ordinality as k (attnum, place)
       join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
       where i.indisunique and c.relnamespace = 'public'::regnamespace and c.relname = any($1)
       group by i.indexrelid, i.indrelid
       having (array_agg(a.attname order by k.place))[1] <> case when i.indrelid = 'workspaces'::regclass then 'id' else 'workspace_id' end`,
      [names],
    );
    expect(faults).toEqual(uniqueEverywhere);
  });

  it('shows through views only what their reader may see', async () => {
    const views = await list(
      `select relname, coalesce(reloptions::text, '') from pg_class where relnamespace = 'public'::regnamespace and relkind = 'v'`,
    );
    expect(views.length).toBeGreaterThan(3);
    expect(views.filter((view) => !view.includes('security_invoker=true'))).toEqual([]);
  });

  it('has no function with the owner’s rights but the known ones, none of them for everybody or with a path of its caller', async () => {
    const functions = await list(
      `select p.oid::regprocedure::text || ' ' || pg_get_function_identity_arguments(p.oid) from pg_proc p where pronamespace = 'public'::regnamespace and not prosecdef`,
    );
    expect(functions).toEqual([]);
    const { rows } = await admin.query<{ name: string; answer: string; config: string; acl: string }>(
      `select proname || '(' || pg_get_function_identity_arguments(oid) || ')' as name, pg_get_function_result(oid) as answer,
              proconfig::text as config, proacl::text as acl
       from pg_proc where pronamespace = 'public'::regnamespace`,
    );
    expect(Object.fromEntries(rows.map((row) => [row.name, row.answer]))).toEqual(ownersAnswers);
    expect(rows.filter((row) => !row.config.includes('search_path=public, pg_temp'))).toEqual([]);
    // An entry with nobody's name before the sign is everybody's.
    expect(rows.filter((row) => /[{,]=/.test(row.acl))).toEqual([]);
  });
});

describe('the roles', () => {
  it.each([appRole, captureRole, authRole])(
    '%s is no superuser, bypasses nothing, makes nothing and owns nothing',
    async (role) => {
      const { rows } = await admin.query(
        `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication from pg_roles where rolname = $1`,
        [role],
      );
      expect(rows).toEqual([
        { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, rolreplication: false },
      ]);
      expect(await list(`select roleid::regrole from pg_auth_members where member = $1::regrole`, [role])).toEqual([]);
      expect(
        await list(
          `select relname from pg_class where relowner = $1::regrole union all select proname from pg_proc where proowner = $1::regrole`,
          [role],
        ),
      ).toEqual([]);
      const { rows: rights } = await admin.query(
        `select has_schema_privilege($1, 'public', 'create') as may_create, pg_has_role($1, $2, 'member') as is_owner`,
        [role, database.logins.owner.user],
      );
      expect(rights).toEqual([{ may_create: false, is_owner: false }]);
    },
  );

  it('gives the owner no more than reading across workspaces where a function needs it', async () => {
    const owners = await list(`select tablename, cmd from pg_policies where roles = array[$1::name] order by 1`, [
      database.logins.owner.user,
    ]);
    expect(owners).toEqual([
      'account_members SELECT',
      'account_tokens SELECT',
      'audit_entries ALL',
      'connections SELECT',
      'hook_marks SELECT',
      'hooks SELECT',
      'invitations SELECT',
      'people_members SELECT',
      'raw_events SELECT',
      'rollup_stale SELECT',
      'source_erasures SELECT',
      'sources SELECT',
      'transfers SELECT',
      'workspaces SELECT',
    ]);
  });
});

describe.each(closedTables)('table %s', (table) => {
  it.each([appRole, captureRole])('is closed to %s in every way, whatever the workspace', async (role) => {
    const rights = await list(
      `select privilege from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) as privilege
       where has_table_privilege($1, $2, privilege)
          or (privilege in ('select', 'insert', 'update', 'references') and has_any_column_privilege($1, $2, privilege))`,
      [role, table],
    );
    expect(rights).toEqual([]);
    await expect(asApp(one, () => app.query(`select 1 from ${table}`))).rejects.toMatchObject({ code: '42501' });
    await expect(asApp(null, () => app.query(`delete from ${table}`))).rejects.toMatchObject({ code: '42501' });
  });
});

describe('the schema of sign-in', () => {
  it('is open to its own login, and closed to all others in every way', async () => {
    const tables = await list(
      `select 'auth.' || quote_ident(relname) from pg_class where relnamespace = 'auth'::regnamespace and relkind in ('r', 'p', 'f', 'm', 'v')`,
    );
    expect(tables.length).toBeGreaterThan(5);
    for (const role of [appRole, captureRole]) {
      expect(await list(`select has_schema_privilege($1, 'auth', 'usage')`, [role])).toEqual(['false']);
      for (const table of tables) expect(await rightsOn(role, table), `${role} on ${table}`).toEqual([]);
    }
    for (const table of tables)
      expect(await rightsOn(authRole, table), table).toEqual(['select', 'insert', 'update', 'delete']);
    await expect(app.query('select 1 from auth.session')).rejects.toMatchObject({ code: '42501' });
  });

  it('is all that its login can touch', async () => {
    const touched = await list(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'f', 'm', 'v')
         and has_table_privilege($1, oid, 'select, insert, update, delete, truncate, references, trigger')`,
      [authRole],
    );
    expect(touched).toEqual([]);
    const called = await list(
      `select oid::regprocedure from pg_proc where pronamespace = 'public'::regnamespace and has_function_privilege($1, oid, 'execute')`,
      [authRole],
    );
    expect(called).toEqual([]);
  });

  const rightsOn = (role: string, table: string): Promise<string[]> =>
    list(
      `select privilege from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'])
         with ordinality as r (privilege, place)
       where has_table_privilege($1, $2, privilege) order by place`,
      [role, table],
    );
});

describe.each(names)('table %s', (table) => {
  it('has row security, forced, by the workspace of the transaction and nothing wider', async () => {
    expect(
      await list(`select relrowsecurity, relforcerowsecurity from pg_class where oid = $1::regclass`, [table]),
    ).toEqual(['true true']);
    const { rows } = await admin.query<{ cmd: string; qual: string; with_check: string }>(
      `select cmd, qual, with_check from pg_policies where tablename = $1 and roles && array[$2::name, 'public']`,
      [table, appRole],
    );
    const own = new RegExp(
      `^\\(${keyOf(table)} = \\( SELECT \\(NULLIF\\(current_setting\\('app.workspace'::text, true\\), ''::text\\)\\)::uuid AS "?\\w+"?\\)\\)$`,
    );
    expect(rows).toEqual([
      { cmd: 'ALL', qual: expect.stringMatching(own) as string, with_check: expect.stringMatching(own) as string },
    ]);
  });

  it('has the workspace first in its primary key', async () => {
    const columns = await list(
      `select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
       where i.indrelid = $1::regclass and i.indisprimary`,
      [table],
    );
    expect(columns).toEqual([keyOf(table)]);
  });

  it('gives the application rows, never the table', async () => {
    expect(await list(`select relowner::regrole from pg_class where oid = $1::regclass`, [table])).toEqual([
      database.logins.owner.user,
    ]);
    const rights = await list(
      `select has_table_privilege($2, $1, 'truncate'), has_table_privilege($2, $1, 'references'), has_table_privilege($2, $1, 'trigger')`,
      [table, appRole],
    );
    expect(rights).toEqual(['false false false']);
  });

  it('shows the application its own workspace, and nothing without one', async () => {
    const count = async (): Promise<unknown> =>
      (await app.query(`select ${keyOf(table)} as workspace from ${table}`)).rows;
    expect((await admin.query(`select 1 from ${table}`)).rowCount).toBe(2);
    expect(await asApp(null, count)).toEqual([]);
    expect(await asApp('', count)).toEqual([]);
    expect(await asApp(one, count)).toEqual([{ workspace: one }]);
    expect(await asApp(two, count)).toEqual([{ workspace: two }]);
  });

  it('lets the application change and delete its own rows alone, and give none away', async () => {
    const key = keyOf(table);
    const outcomeOf = (workspace: string | null, statement: string): Promise<unknown> =>
      asApp(workspace, () => app.query(statement)).then(
        (result) => result.rowCount,
        (error: { code?: string }) => error.code,
      );
    const outcomes = [
      await outcomeOf(one, `update ${table} set ${key} = ${key}`),
      await outcomeOf(one, `update ${table} set ${key} = ${key} where ${key} = '${two}'`),
      await outcomeOf(one, `delete from ${table} where ${key} = '${two}'`),
      await outcomeOf(null, `delete from ${table}`),
      await outcomeOf(one, `update ${table} set ${key} = '${two}'`),
    ];
    expect(outcomes).toEqual(appendOnly.includes(table) ? Array(5).fill('42501') : [1, 0, 0, 0, '42501']);
  });

  it('refuses the application’s rows for another workspace', async () => {
    for (const workspace of [one, null]) {
      const statement = await insertInto(table, two);
      await expect(asApp(workspace, () => app.query(statement))).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('lets capture put raw events in, and is closed to it otherwise', async () => {
    const key = keyOf(table);
    for (const statement of [
      `select 1 from ${table}`,
      `update ${table} set ${key} = ${key}`,
      `delete from ${table}`,
      `${await insertInto(table, one)} returning ${key}`,
    ]) {
      await expect(capture.query(statement), statement).rejects.toMatchObject({ code: '42501' });
    }
    await capture.query('begin');
    const outcome = await capture.query(await insertInto(table, one)).then(
      (result) => result.rowCount,
      (error: { code: string }) => error.code,
    );
    await capture.query('rollback');
    expect(outcome).toBe(table === 'raw_events' ? 1 : '42501');
  });
});

describe('the owner’s functions', () => {
  it('answer what they say, without a workspace, and nothing to capture', async () => {
    const ask = async (text: string, values: unknown[] = []): Promise<unknown[]> =>
      (await app.query({ text, values, rowMode: 'array' })).rows;
    expect(await ask('select * from all_workspaces()')).toEqual([[one], [two]]);
    expect(await ask('select * from workspaces_with_due_events() order by 1')).toEqual([[one], [two]]);
    expect(await ask('select * from workspaces_with_stale_days() order by 1')).toEqual([[one], [two]]);
    expect(await ask('select state, events from inbox_depth()')).toEqual([['pending', 2]]);
    expect(await ask('select stale_marks()')).toEqual([[2]]);
    await admin.query(
      `update raw_events set run_after = now() + interval '1 hour' where workspace_id = '${one}'; delete from rollup_stale where workspace_id = '${two}'`,
    );
    expect(await ask('select * from workspaces_with_due_events()')).toEqual([[two]]);
    expect(await ask('select * from workspaces_with_stale_days()')).toEqual([[one]]);
    await expect(capture.query('select * from all_workspaces()')).rejects.toMatchObject({ code: '42501' });
  });

  it('find a token by its whole hash, while it is in force', async () => {
    await admin.query(
      `update account_tokens set token_hash = '\\xaa', scopes = '{read}' where workspace_id = '${one}'`,
    );
    const find = async (hash: string): Promise<unknown[]> =>
      (await app.query(`select workspace_id, role, scopes from find_token($1)`, [Buffer.from(hash, 'hex')])).rows;
    // The filled row is of a member who was deactivated.
    expect(await find('aa')).toEqual([]);
    await admin.query(
      `update people_members m set deactivated_at = null, role = 'manager', person_id = t.person_id
       from account_tokens t where t.workspace_id = m.workspace_id`,
    );
    expect(await find('aa')).toEqual([{ workspace_id: one, role: 'manager', scopes: ['read'] }]);
    expect(await find('ab')).toEqual([]);
    expect(await find('')).toEqual([]);
    await admin.query(
      `update account_tokens set expires_at = now() - interval '1 second' where workspace_id = '${one}'`,
    );
    expect(await find('aa')).toEqual([]);
    await admin.query(`update account_tokens set expires_at = null, revoked_at = now() where workspace_id = '${one}'`);
    expect(await find('aa')).toEqual([]);
  });

  it('find a session by its whole hash, while it is in force, and only where its account belongs', async () => {
    const account = '20000000-0000-7000-8000-000000000001';
    const stranger = '20000000-0000-7000-8000-000000000002';
    await admin.query(
      `insert into auth."user" (id, name, email) values ('${account}', 'Ada', 'ada@example.org'), ('${stranger}', 'Eve', 'eve@example.org')`,
    );
    await admin.query(
      `update account_members a set account_id = '${account}', person_id = m.person_id
       from people_members m where m.workspace_id = a.workspace_id`,
    );
    await admin.query(`update account_members set created_at = now() - interval '1 day' where workspace_id = '${two}'`);
    const open = (id: string, whose: string, hash: string): Promise<unknown> =>
      app.query(`select open_session($1, $2, $3, $4, 'test')`, [id, whose, one, Buffer.from(hash, 'hex')]);
    await open('30000000-0000-7000-8000-000000000001', account, 'aa');
    await open('30000000-0000-7000-8000-000000000002', stranger, 'bb');
    const find = async (hash: string): Promise<unknown[]> =>
      (await app.query(`select account_name, workspace_id from find_session($1)`, [Buffer.from(hash, 'hex')])).rows;
    const deactivate = (workspace: string, since: string): Promise<unknown> =>
      admin.query(`update people_members set deactivated_at = ${since} where workspace_id = '${workspace}'`);
    await deactivate(one, 'null');
    await deactivate(two, 'null');
    const move = async (hash: string, workspace: string): Promise<unknown> =>
      (await app.query(`select move_session($1, $2) as moved`, [Buffer.from(hash, 'hex'), workspace])).rows[0];
    expect(await find('aa')).toEqual([{ account_name: 'Ada', workspace_id: one }]);
    for (const hash of ['bb', 'ab', 'a', '']) expect(await find(hash), hash).toEqual([]);
    expect(await move('bb', one)).toEqual({ moved: false });
    await deactivate(two, 'now()');
    expect(await move('aa', two)).toEqual({ moved: false });
    await deactivate(two, 'null');
    expect(await move('aa', two)).toEqual({ moved: true });
    await deactivate(two, 'now()');
    expect(await find('aa')).toEqual([{ account_name: 'Ada', workspace_id: one }]);
    await deactivate(two, 'null');
    expect(await find('aa')).toEqual([{ account_name: 'Ada', workspace_id: two }]);
    await admin.query(`delete from account_members where workspace_id = '${two}'`);
    expect(await find('aa')).toEqual([{ account_name: 'Ada', workspace_id: one }]);
    await admin.query(`update auth.session set expires_at = now() - interval '1 second' where user_id = '${account}'`);
    expect(await find('aa')).toEqual([]);
    expect(await move('aa', one)).toEqual({ moved: false });
    await admin.query(`update auth.session set expires_at = now() + interval '1 day', revoked_at = now()`);
    expect(await find('aa')).toEqual([]);
  });
});

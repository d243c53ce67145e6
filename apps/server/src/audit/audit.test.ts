import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import type { Role } from '@devpulse/contract/permissions';
import type { AuditChain, AuditPage } from '@devpulse/contract/wire/audit';
import { openClient } from '@devpulse/db/connection';
import { newId } from '@devpulse/db/ids';
import { findTestServer } from '@devpulse/db/testing/test-server';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { type AuditNote, commandLineActor, recordAccountAudit, recordAudit } from './record-audit.ts';
import { registerAuditRoutes } from './routes.ts';
import { trimAudit } from './trim-audit.ts';
import { verifyChain } from './verify-chain.ts';

let api: TestApi;
let admin: pg.Client;
let workspace: { workspaceId: string; ownerId: string };
let cookie: string;

beforeAll(async () => {
  api = await openTestApi({ areas: [registerAuditRoutes] });
  const database = api.store.logins.app.database;
  admin = await openClient({ ...findTestServer().admin, database }, 'the test', () => undefined);
});
afterAll(async () => {
  await admin.end();
  await api.close();
});
beforeEach(async () => {
  workspace = await api.addWorkspace();
  cookie = await api.cookieFor(workspace);
});

type AnyNote = Omit<AuditNote, 'before' | 'after'> & { before?: unknown; after?: unknown };

/** Whatever some version may have told; what may be told today is seen to by the type. */
const note = (more: Partial<AnyNote> = {}): AuditNote =>
  ({ actor: commandLineActor, action: 'keys.rotated', ...more }) as AuditNote;

async function add(count: number, more: Partial<AnyNote> = {}): Promise<void> {
  for (let index = 0; index < count; index += 1)
    await api.store.inWorkspace(workspace.workspaceId, (trx) => recordAudit(trx, note({ after: { index }, ...more })));
}

async function get<Answer>(url: string): Promise<Answer> {
  const response = await api.app.inject({ url, headers: { cookie } });
  expect(response.statusCode, response.body).toBe(200);
  return response.json<Answer>();
}

async function takeRole(role: Role): Promise<void> {
  await api.store.inWorkspace(workspace.workspaceId, (trx) =>
    sql`update people_members set role = ${role}`.execute(trx),
  );
}

const verify = (): Promise<AuditChain> => verifyChain(api.store, workspace.workspaceId);

/** What only somebody with the whole database can do. */
async function tamper(statement: string): Promise<void> {
  await admin.query(`set session_replication_role = replica`);
  await admin.query(statement.replaceAll(':workspace', `'${workspace.workspaceId}'`));
  await admin.query(`set session_replication_role = origin`);
}

describe('the audit log', () => {
  it('holds an entry exactly when the change is there', async () => {
    await expect(
      api.store.inWorkspace(workspace.workspaceId, async (trx) => {
        await recordAudit(trx, note());
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    expect((await get<AuditPage>('/api/v1/audit')).entries).toEqual([]);
    await add(1);
    expect((await get<AuditPage>('/api/v1/audit')).entries).toHaveLength(1);
  });

  it('takes neither place nor time nor hash from the application, and lets it change nothing', async () => {
    const { workspaceId } = workspace;
    await add(2);
    const asApp = (statement: string): Promise<unknown> =>
      api.store.inWorkspace(workspaceId, (trx) => sql.raw(statement).execute(trx));
    for (const statement of [
      `update audit_entries set action = 'x'`,
      `delete from audit_entries`,
      `insert into audit_entries (workspace_id, id, via, action, seq) values ('${workspaceId}', gen_random_uuid(), 'x', 'x', 9)`,
      `insert into audit_entries (workspace_id, id, via, action, hash) values ('${workspaceId}', gen_random_uuid(), 'x', 'x', '')`,
      `insert into audit_entries (workspace_id, id, via, action, at) values ('${workspaceId}', gen_random_uuid(), 'x', 'x', now())`,
      `select * from audit_chains`,
      `update audit_chains set last_seq = 0`,
      `truncate audit_entries`,
      `alter table audit_entries disable trigger all`,
    ])
      await expect(asApp(statement), statement).rejects.toMatchObject({ code: '42501' });
    expect(await verify()).toMatchObject({ isWhole: true, checked: 2 });
  });

  it('numbers entries without a gap, also when many are added at once in transactions that wait for each other', async () => {
    const { workspaceId, ownerId } = workspace;
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        api.store.inWorkspace(workspaceId, async (trx) => {
          // Half of them take the row first and half the log first: with a lock held from the call on they would block each other.
          const touch = (): Promise<unknown> =>
            sql`update people set name = ${`name ${index}`} where id = ${ownerId}`.execute(trx);
          if (index % 2 === 0) await touch();
          await recordAudit(trx, note({ after: { index } }));
          if (index % 2 === 1) await touch();
        }),
      ),
    );
    expect(await verify()).toMatchObject({ isWhole: true, checked: 20, lastSeq: 20 });
  });

  it('keeps texts of every kind and cuts what is too long', async () => {
    const odd = 'a\u0000b \\u0000 \ud800 "quoted" \u2028 ＝=cmd 漢字 🙂';
    await add(1, {
      target: { kind: 'token', id: '1', name: odd.repeat(100) },
      before: { odd, nested: [{ odd }] },
      after: { long: 'x'.repeat(20_000) },
    });
    const [entry] = (await get<AuditPage>('/api/v1/audit')).entries;
    expect(entry?.target?.name).toHaveLength(300);
    expect(entry?.before).toEqual({ odd, nested: [{ odd }] });
    expect(entry?.after).toEqual({ cut: '20011 characters' });
    expect((await verify()).isWhole).toBe(true);
  });

  it('goes with its workspace, also when the deletion is its last entry', async () => {
    await add(2);
    await api.store.inWorkspace(workspace.workspaceId, async (trx) => {
      await recordAudit(trx, note());
      await trx.deleteFrom('workspaces').execute();
    });
    const { rows } = await admin.query('select 1 from audit_entries where workspace_id = $1', [workspace.workspaceId]);
    expect(rows).toEqual([]);
  });
});

describe('the chain', () => {
  it.each([
    ['a changed word', `update audit_entries set action = 'other' where workspace_id = :workspace and seq = 3`, 3],
    [
      'a changed actor',
      `update audit_entries set actor_person_id = gen_random_uuid() where workspace_id = :workspace and seq = 1`,
      1,
    ],
    [
      'a changed time',
      `update audit_entries set at = at - interval '1 ms' where workspace_id = :workspace and seq = 5`,
      5,
    ],
    [
      'nothing made an empty text',
      `update audit_entries set address = '' where workspace_id = :workspace and seq = 2`,
      2,
    ],
    [
      'a text moved to its neighbour',
      `update audit_entries set target_kind = target_id, target_id = null where workspace_id = :workspace and seq = 4`,
      4,
    ],
    ['an entry taken out', `delete from audit_entries where workspace_id = :workspace and seq = 4`, 4],
    ['the oldest taken away', `delete from audit_entries where workspace_id = :workspace and seq <= 2`, 1],
    ['the newest taken away', `delete from audit_entries where workspace_id = :workspace and seq = 5`, 5],
    [
      'the newest taken away and the end set back without its hash',
      `delete from audit_entries where workspace_id = :workspace and seq = 5; update audit_chains set last_seq = 4 where workspace_id = :workspace`,
      4,
    ],
    [
      'a hash made to fit its own entry alone',
      `update audit_entries set action = 'other', hash = sha256('x') where workspace_id = :workspace and seq = 3`,
      3,
    ],
  ])('finds %s', async (_name, statement, seq) => {
    await add(5, { target: { kind: 'token', id: 'x' } });
    expect(await verify()).toMatchObject({ isWhole: true, checked: 5, fault: null });
    await tamper(statement);
    expect(await verify()).toMatchObject({ isWhole: false, fault: { seq } });
    expect(await get<AuditChain>('/api/v1/audit/chain')).toMatchObject({ isWhole: false, fault: { seq } });
  });

  it('is one for each workspace', async () => {
    await add(3);
    const other = await api.addWorkspace();
    await api.store.inWorkspace(other.workspaceId, (trx) => recordAudit(trx, note()));
    await tamper(`update audit_entries set action = 'other' where workspace_id = :workspace and seq = 2`);
    expect((await verifyChain(api.store, other.workspaceId)).isWhole).toBe(true);
  });

  it('stays whole when retention removes its beginning, and keeps what is not old enough', async () => {
    await add(6);
    expect(await trimAudit(api.store, workspace.workspaceId)).toBe(0);
    // As if they had been written back then.
    const { rows } = await admin.query<{ id: string }>(
      'select id from audit_entries where workspace_id = $1 order by seq',
      [workspace.workspaceId],
    );
    await rewriteAt(rows.slice(0, 4).map((row) => row.id));
    expect((await verify()).isWhole).toBe(true);
    expect(await trimAudit(api.store, workspace.workspaceId)).toBe(4);
    expect(await verify()).toMatchObject({ isWhole: true, checked: 2, removed: 4, lastSeq: 6 });
    await add(1);
    expect(await verify()).toMatchObject({ isWhole: true, checked: 3, removed: 4, lastSeq: 7 });
    expect(await trimAudit(api.store, workspace.workspaceId)).toBe(0);
  });
});

/** Dates entries three years back and chains them anew, by the hash that the store itself makes. */
async function rewriteAt(ids: string[]): Promise<void> {
  const { rows } = await admin.query<Record<string, unknown>>(
    'select * from audit_entries where workspace_id = $1 order by seq',
    [workspace.workspaceId],
  );
  await tamper('delete from audit_entries where workspace_id = :workspace');
  await tamper('delete from audit_chains where workspace_id = :workspace');
  for (const row of rows) {
    const at = ids.includes(String(row['id'])) ? new Date(Date.now() - 3 * 365 * 86_400_000) : row['at'];
    await admin.query(
      `insert into audit_entries (workspace_id, id, at, via, action, after) values ($1, $2, $3, $4, $5, $6)`,
      [row['workspace_id'], row['id'], at, row['via'], row['action'], row['after']],
    );
  }
}

describe('GET /api/v1/audit', () => {
  it('shows the newest first, in words, with who did it, page by page', async () => {
    await add(5);
    await add(1, {
      actor: {
        ...commandLineActor,
        personId: workspace.ownerId,
        via: 'session',
        address: '192.0.2.7',
        requestId: 'r1',
      },
      action: 'workspace.settings_changed',
      target: { kind: 'person', id: workspace.ownerId },
      before: { name: 'a' },
      after: { name: 'b' },
    });
    const first = await get<AuditPage>('/api/v1/audit?limit=4');
    expect(first.entries.map((entry) => entry.seq)).toEqual([6, 5, 4, 3]);
    expect(first.entries[0]).toMatchObject({
      title: 'Workspace settings changed',
      actor: { personId: workspace.ownerId, name: 'Owner', via: 'session' },
      address: '192.0.2.7',
      requestId: 'r1',
      target: { kind: 'person', id: workspace.ownerId, name: 'Owner' },
      before: { name: 'a' },
      after: { name: 'b' },
    });
    const second = await get<AuditPage>(`/api/v1/audit?limit=4&cursor=${first.nextCursor ?? ''}`);
    expect(second.entries.map((entry) => entry.seq)).toEqual([2, 1]);
    expect(second.nextCursor).toBeNull();
  });

  it('says whom an entry is about by the name of now, and by none once that person is gone', async () => {
    const target = { kind: 'team', id: '01a1fd18-8ed3-7725-a49d-e45f54ab7895', name: 'Lighthouse' };
    await add(1, { action: 'team.person_added', target, after: { personId: workspace.ownerId, duty: 'member' } });
    await add(1, { action: 'team.person_added', target, after: { personId: target.id, name: 'nul \u0000' } });
    await add(1, { action: 'team.person_added', target, after: ['personId'] });
    const { entries } = await get<AuditPage>('/api/v1/audit');
    const owner = { personId: workspace.ownerId, name: 'Owner' };
    expect(entries.map((entry) => entry.about)).toEqual([null, null, owner]);
  });

  it('says what is different in words, with people by the name of now', async () => {
    await add(1, { action: 'export.asked', target: { kind: 'transfer', id: '1' }, after: { scope: 'mine' } });
    await add(1, {
      action: 'workspace.handed_over',
      before: { role: 'member' },
      after: { owner: workspace.ownerId, role: 'owner' },
    });
    const { entries } = await get<AuditPage>('/api/v1/audit');
    expect(entries.map(({ changes }) => changes)).toEqual([
      [
        { what: 'Role', before: 'Member', after: 'Owner' },
        { what: 'Owner', before: null, after: 'Owner' },
      ],
      [{ what: 'What', before: null, after: 'Their own data' }],
    ]);
    const csv = await api.app.inject({ url: '/api/v1/audit/export?action=export.asked', headers: { cookie } });
    const [head = [], row = []] = readCsv(csv.body);
    expect(row[head.indexOf('changes')]).toBe('What: Their own data');
  });

  it('keeps the signing in and out of a founder from those who came once it was a team’s', async () => {
    const actor = { ...commandLineActor, personId: workspace.ownerId, via: 'session' as const };
    const told = async (): Promise<string[]> => {
      const { entries } = await get<AuditPage>('/api/v1/audit');
      const { actions } = await get<{ actions: { action: string }[] }>('/api/v1/audit/choices');
      expect(actions.map(({ action }) => action).toSorted()).toEqual(entries.map(({ action }) => action).toSorted());
      return entries.map(({ action }) => action);
    };
    await add(1, { actor, action: 'account.signed_in', after: { means: 'password' } });
    await add(1, { actor, action: 'source.added', after: { connector: 'git' } });
    await add(1, { actor, action: 'workspace.became_team' });
    await add(1, { actor, action: 'session.ended' });
    const all = ['session.ended', 'workspace.became_team', 'source.added', 'account.signed_in'];
    expect(await told()).toEqual(all);
    // Somebody else made the next one a team's: whoever reads now came later.
    workspace = await api.addWorkspace();
    cookie = await api.cookieFor(workspace);
    const founder = { ...actor, personId: newId() };
    await add(1, { actor: founder, action: 'account.signed_in', after: { means: 'password' } });
    await add(1, { actor: founder, action: 'source.added', after: { connector: 'git' } });
    await add(1, { actor: founder, action: 'workspace.became_team' });
    await add(1, { actor: founder, action: 'session.ended' });
    expect(await told()).toEqual(all.slice(0, 3));
    const file = await api.app.inject({ url: '/api/v1/audit/export?format=jsonl', headers: { cookie } });
    expect(file.body).not.toContain('account.signed_in');
    expect(await get('/api/v1/audit/chain')).toMatchObject({ isWhole: true });
  });

  it('narrows down by action, person and days of the asking person', async () => {
    await add(2);
    await add(1, {
      action: 'audit.exported',
      actor: { ...commandLineActor, personId: workspace.ownerId, via: 'session' },
    });
    const seqs = async (query: string): Promise<number[]> =>
      (await get<AuditPage>(`/api/v1/audit?${query}`)).entries.map((entry) => entry.seq);
    expect(await seqs('action=audit.exported')).toEqual([3]);
    expect(await seqs(`actor=${workspace.ownerId}`)).toEqual([3]);
    const { rows } = await admin.query<{ day: string }>(`select (now() at time zone 'UTC')::date::text as day`);
    const today = rows[0]?.day ?? '';
    expect(await seqs(`from=${today}&to=${today}`)).toEqual([3, 2, 1]);
    expect(await seqs(`to=2020-01-01`)).toEqual([]);
    expect(await get('/api/v1/audit/choices')).toEqual({
      actions: [
        { action: 'audit.exported', title: 'Audit log exported' },
        { action: 'keys.rotated', title: 'Keys rotated' },
      ],
      actors: [{ personId: workspace.ownerId, name: 'Owner' }],
    });
  });

  it('is for owners and admins who signed in', async () => {
    const token = await api.tokenFor(undefined, workspace);
    for (const url of ['/api/v1/audit', '/api/v1/audit/export', '/api/v1/audit/chain', '/api/v1/audit/choices']) {
      const byToken = await api.app.inject({ url, headers: { authorization: `Bearer ${token}` } });
      expect(byToken.statusCode).toBe(403);
      for (const [role, status] of [
        ['manager', 403],
        ['admin', 200],
        ['owner', 200],
      ] as const) {
        await takeRole(role);
        expect((await api.app.inject({ url, headers: { cookie } })).statusCode, role).toBe(status);
      }
    }
  });
});

describe('GET /api/v1/audit/export', () => {
  it('streams lines of JSON that hold everything, and writes down that it was taken', async () => {
    await add(3);
    const response = await api.app.inject({ url: '/api/v1/audit/export?format=jsonl', headers: { cookie } });
    expect(response.headers['content-disposition']).toBe('attachment; filename="devpulse-audit.jsonl"');
    const lines = response.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditPage['entries'][number]);
    expect(lines.map((entry) => [entry.seq, entry.action])).toEqual([
      [4, 'audit.exported'],
      [3, 'keys.rotated'],
      [2, 'keys.rotated'],
      [1, 'keys.rotated'],
    ]);
    expect(lines[0]?.actor.personId).not.toBeNull();
  });

  it('writes CSV in which no cell is computed, split or lost', async () => {
    await add(1, {
      target: { kind: 'token', id: '@1', name: '=HYPERLINK("http://x","a, b")' },
      after: { name: 'a"b\nc' },
    });
    const response = await api.app.inject({ url: '/api/v1/audit/export?action=keys.rotated', headers: { cookie } });
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
    const [head, ...rows] = readCsv(response.body);
    expect(rows).toHaveLength(1);
    const row = Object.fromEntries((head ?? []).map((name, index) => [name, rows[0]?.[index]]));
    expect(row).toMatchObject({
      seq: '1',
      title: 'Keys rotated',
      target_id: `'@1`,
      target_name: `'=HYPERLINK("http://x","a, b")`,
      after: '{"name":"a\\"b\\nc"}',
      before: '',
    });
  });
});

/** Reads CSV as RFC 4180 says. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, cell = '', end] of text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g)) {
    rows.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('PUT /api/v1/audit/retention', () => {
  const put = async (retentionDays: number): Promise<number> =>
    (
      await api.app.inject({
        method: 'PUT',
        url: '/api/v1/audit/retention',
        headers: { cookie, 'sec-fetch-site': 'same-origin' },
        payload: { retentionDays },
      })
    ).statusCode;

  it('is set by owners alone, never below what the store insists on, and written down once', async () => {
    await takeRole('admin');
    expect(await put(365)).toBe(403);
    await takeRole('owner');
    expect(await put(365)).toBe(200);
    expect(await put(365)).toBe(200);
    expect(await put(89)).toBe(400);
    await expect(
      api.store.inWorkspace(workspace.workspaceId, (trx) =>
        sql`update workspaces set audit_retention_days = 89`.execute(trx),
      ),
    ).rejects.toMatchObject({ code: '23514' });
    const { entries } = await get<AuditPage>('/api/v1/audit?action=workspace.settings_changed');
    expect(entries.map(({ before, after }) => ({ before, after }))).toEqual([
      { before: { auditRetentionDays: 730 }, after: { auditRetentionDays: 365 } },
    ]);
    expect(await get('/api/v1/audit/chain')).toMatchObject({ retentionDays: 365 });
  });
});

describe('what happens to an account', () => {
  it('is written down in its personal workspace', async () => {
    const { rows } = await sql<{ account_id: string }>`select account_id from find_owner_account()`.execute(
      api.store.app,
    );
    const accountId = rows[0]?.account_id ?? '';
    const home = await sql<{ id: string }>`select home_workspace(${accountId}) as id`.execute(api.store.app);
    await recordAccountAudit(api.store, accountId, note());
    const chain = await verifyChain(api.store, home.rows[0]?.id ?? '');
    expect(chain).toMatchObject({ isWhole: true });
    expect(chain.lastSeq).toBeGreaterThan(0);
    // The account is known before it is known who that is here; the log names the person all the same.
    const entry = { actor: { ...commandLineActor, accountId, via: 'nobody' as const } };
    await add(1, entry);
    const [shown] = (await get<AuditPage>('/api/v1/audit')).entries;
    expect(shown?.actor).toMatchObject({ accountId, name: 'Owner', personId: workspace.ownerId });
    expect((await get<AuditPage>(`/api/v1/audit?actor=${workspace.ownerId}`)).entries).toHaveLength(1);
    expect(await get('/api/v1/audit/choices')).toMatchObject({ actors: [{ name: 'Owner' }] });
    await recordAccountAudit(api.store, '00000000-0000-7000-8000-00000000000f', note());
  });
});

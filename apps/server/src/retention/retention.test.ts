import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '@devpulse/db/connection';
import { findTestServer } from '@devpulse/db/testing/test-server';
import { allJobs } from '../jobs/all-jobs.ts';
import type { Workers } from '../jobs/workers.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';
import { drawRetention } from './draw-retention.ts';
import { retention } from './retention.ts';

let api: TestApi;
let admin: pg.Client;

beforeAll(async () => {
  api = await openTestApi({ areas: [] });
  admin = await openClient(
    { ...findTestServer().admin, database: api.store.logins.app.database },
    'the test',
    () => undefined,
  );
  // Made-up rows need not refer to anything.
  await admin.query('set session_replication_role = replica');
});
afterAll(async () => {
  await admin.end();
  await api.close();
});

const ending = retention.flatMap(({ data, tables, after }) =>
  after === undefined ? [] : [{ data, table: tables[0] ?? '', ...after }],
);

interface Column {
  name: string;
  type: string;
  choices: string | null;
  needed: boolean;
}

let made = 0;

/** Adds a row of made-up values in which every time is this old; answers the condition that finds it again. */
async function addRow(table: string, since: string, age: string): Promise<string> {
  const { rows } = await admin.query<Column>(
    `select a.attname as name, format_type(a.atttypid, null) as type, a.attnotnull and not a.atthasdef as needed,
            (select substring(pg_get_constraintdef(k.oid) from $$ARRAY\\['([^']*)'$$) from pg_constraint k
             where k.conrelid = a.attrelid and k.contype = 'c' and k.conkey = array[a.attnum] limit 1) as choices
     from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped`,
    [table],
  );
  const mentioned = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(since);
  const used = rows.filter(({ name, needed }) => needed || mentioned(name) || name in special);
  const [key = ''] = used
    .filter(({ type }) => type === 'uuid' || type === 'bytea')
    .map(({ name }) => name)
    .filter((name) => name !== 'workspace_id');
  const values = used.map((column) => {
    if (column.name === 'workspace_id') return `'${api.workspaceId}'`;
    if (mentioned(column.name)) return `(now() - interval '${age}')${column.type === 'date' ? '::date' : ''}`;
    return special[column.name] ?? valueOf(column);
  });
  await admin.query(`insert into ${table} (${used.map(({ name }) => name).join(', ')}) values (${values.join(', ')})`);
  return `${key} = ${values[used.findIndex(({ name }) => name === key)] ?? ''}`;
}

/** What a job looks at beside the time. */
const special: Record<string, string> = { state: `'done'`, body: `'\\x00'`, seq: 'null', hash: 'null' };

function valueOf(column: Column): string {
  made += 1;
  if (column.choices !== null) return `'${column.choices}'`;
  if (column.type === 'uuid') return `'10000000-0000-7000-8000-${String(made).padStart(12, '0')}'`;
  if (column.type === 'bytea') return `'\\x${String(made).padStart(32, '0')}'`;
  if (column.type === 'date') return `'2026-01-01'`;
  if (column.type.startsWith('timestamp')) return 'now()';
  if (column.type === 'jsonb') return `'{}'`;
  if (column.type === 'boolean') return 'true';
  if (column.type === 'text') return `'made up ${made}'`;
  return column.type.endsWith('[]') ? `'{}'` : '1';
}

async function runJob(name: string): Promise<void> {
  const job = allJobs.find((one) => one.name === name);
  if (job === undefined) throw new Error(`there is no job ${name}`);
  expect(job.schedule).toBeDefined();
  const workers = {
    ...api.deps,
    logger: api.deps.log,
    log: () => undefined,
    ask: () => undefined,
  } as unknown as Workers;
  await job.run(workers, {}, new AbortController().signal);
}

describe('how long data stays', () => {
  it('is said of every table of the store, of each once', async () => {
    const { rows } = await admin.query<{ name: string }>(
      `select case n.nspname when 'public' then '' else n.nspname || '.' end || c.relname as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema$)'`,
    );
    const named = retention.flatMap(({ tables }) => tables);
    expect(named.toSorted()).toEqual(rows.map((row) => row.name).toSorted());
    for (const { data, after, until } of retention)
      expect(
        [after, until].filter((one) => one !== undefined),
        data,
      ).toHaveLength(1);
  });

  it.each(ending)('is $days days for: $data', async ({ table, since, days, job, goes, setting }) => {
    const old = await addRow(table, since, `${days * 24 + 25} hours`);
    const young = await addRow(table, since, `${days * 24 - 25} hours`);
    const others = (await admin.query(`select 1 from ${table}`)).rowCount ?? 0;
    if (table === 'audit_entries') await chain();
    await runJob(job);
    const count = async (which: string): Promise<number> =>
      (await admin.query(`select 1 from ${table} where ${which}${goes === undefined ? '' : ' and body is not null'}`))
        .rowCount ?? 0;
    expect(await count(old), 'a day too old').toBe(0);
    expect(await count(young), 'a day too young').toBe(1);
    // Nothing else went, and what only loses its body stays.
    expect((await admin.query(`select 1 from ${table}`)).rowCount).toBe(goes === undefined ? others - 1 : others);
    if (setting !== undefined) await expectSetting(setting, days);
  });

  it('is drawn for whoever wants to know', () => {
    const page = drawRetention();
    for (const { data, days, job } of ending)
      expect(page).toMatch(new RegExp(`\\| ${escape(data)} \\| ${days} day.*\\| \`${job}\``));
  });
});

/** Entries of the log have their place and hash from the store; made-up ones get theirs here. */
async function chain(): Promise<void> {
  await admin.query(
    `update audit_entries e set seq = o.seq, hash = sha256('x')
     from (select id, row_number() over (order by at) as seq from audit_entries) o where o.id = e.id`,
  );
  await admin.query(
    `insert into audit_chains (workspace_id, last_seq) select workspace_id, max(seq) from audit_entries group by 1 on conflict do nothing`,
  );
}

/** What a new workspace begins with. */
async function expectSetting(setting: string, days: number): Promise<void> {
  const { workspaceId } = await api.addWorkspace();
  const { rows } = await admin.query<{ days: number }>(`select ${setting} as days from workspaces where id = $1`, [
    workspaceId,
  ]);
  expect(rows).toEqual([{ days }]);
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

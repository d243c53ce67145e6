import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openClient } from './connection.ts';
import { migrate, type Migration, readMigrations } from './migrate.ts';
import { StoreUnusable } from './prepare-roles.ts';
import { fingerprintSchema } from './testing/fingerprint-schema.ts';
import { createTestDatabase } from './testing/test-server.ts';

const quiet = (): undefined => undefined;
const steps = await readMigrations();

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let client: pg.Client;

async function openDatabase(): Promise<void> {
  database = await createTestDatabase({ empty: true });
  client = await openClient(database.logins.owner, 'the test', quiet);
}

async function dropDatabase(): Promise<void> {
  await client.end();
  await database.drop();
}

function run(migrations: Migration[] = steps, backUp?: (label: string) => Promise<void>): Promise<string[]> {
  return migrate({ owner: database.logins.owner, log: quiet, migrations, ...(backUp === undefined ? {} : { backUp }) });
}

function made(version: number, sql: string): Migration {
  return { version, name: `${String(version).padStart(4, '0')}_made.sql`, sql, checksum: `of ${sql}` };
}

/** The statements of a file, each with its semicolon. */
function splitStatements(text: string): string[] {
  const pieces = text.split(/(\$[a-z]*\$.*?\$[a-z]*\$|--[^\n]*|'(?:[^']|'')*'|;)/s);
  const statements = [''];
  for (const piece of pieces) {
    statements.push(`${statements.pop() ?? ''}${piece}`);
    if (piece === ';') statements.push('');
  }
  const rest = statements.pop() ?? '';
  return rest.trim() === '' ? statements : [...statements, rest];
}

/** The step with something put in after its first `count` statements. */
function interrupted(step: Migration, count: number, sql: string): Migration {
  const statements = splitStatements(step.sql);
  return { ...step, sql: [...statements.slice(0, count), sql, ...statements.slice(count)].join('\n') };
}

async function untilMigrationEnds(): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ count: number }>(
      `select count(*) as count from pg_stat_activity where datname = current_database() and application_name = 'devpulse migration'`,
    );
    if (rows[0]?.count === 0) return;
    await sleep(5);
  }
}

describe('readMigrations', () => {
  it('gives the files in order, each of which makes its transaction and row security plain', () => {
    expect(steps.map((step) => step.version)).toEqual(steps.map((_step, index) => index + 1));
    for (const step of steps) {
      const statements = splitStatements(step.sql).map((text) => text.replaceAll(/--[^\n]*/g, '').trim());
      // With it, a statement that forced row security would silently keep from all rows is an error.
      expect(statements[0], step.name).toBe('set local row_security = off;');
      const outside = statements.filter((text) =>
        /^(begin|commit|rollback|savepoint|vacuum|.*\bconcurrently\b)/is.test(text),
      );
      expect(outside, step.name).toEqual([]);
    }
  });
});

describe('each migration', () => {
  // One database for all of them, which each leaves one step further: made anew for each, every migration would run as
  // often as there are later ones.
  beforeAll(openDatabase);
  afterAll(dropDatabase);

  it.each(steps)(
    '$name leaves the schema before it when the connection dies after any of its statements',
    async (step) => {
      const earlier = steps.filter((one) => one.version < step.version);
      const count = splitStatements(step.sql).length;
      expect(count).toBeGreaterThan(3);
      // Nothing is left to do here, unless this one runs alone.
      await run(earlier);
      const before = await fingerprintSchema(client);
      for (let after = 0; after <= count; after += 1) {
        const broken = interrupted(step, after, 'select pg_terminate_backend(pg_backend_pid());');
        await expect(run([...earlier, broken]), `after ${after} statements`).rejects.toThrow(/failed: .*terminat/i);
        expect(await fingerprintSchema(client), `after ${after} statements`).toEqual(before);
      }
      expect(await run([...earlier, step])).toEqual([step.name]);
      expect(await fingerprintSchema(client)).not.toEqual(before);
    },
  );
});

describe('migrate', () => {
  beforeEach(openDatabase);
  afterEach(dropDatabase);

  it('brings an empty database to this version, and does nothing the next time', async () => {
    expect(await run()).toEqual(steps.map((step) => step.name));
    expect(await run()).toEqual([]);
    const whole = await createTestDatabase();
    const reference = await openClient(whole.logins.owner, 'the test', quiet);
    expect(await fingerprintSchema(client)).toEqual(await fingerprintSchema(reference));
    await reference.end();
    await whole.drop();
  });

  it.each([
    [
      'while the step is recorded',
      'create trigger kill before insert on schema_migrations for each row execute function kill()',
    ],
    [
      'while it commits',
      'create constraint trigger kill after insert on schema_migrations deferrable initially deferred for each row execute function kill()',
    ],
  ])('leaves the schema before a step when the connection dies %s', async (_when, trigger) => {
    await run(steps.slice(0, 1));
    const before = await fingerprintSchema(client);
    await client.query(
      `create function kill() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$; ${trigger}`,
    );
    await expect(run()).rejects.toThrow(/terminat/i);
    await client.query('drop trigger kill on schema_migrations; drop function kill()');
    expect(await fingerprintSchema(client)).toEqual(before);
    expect(await run()).toEqual(steps.slice(1).map((step) => step.name));
  });

  it('leaves the schema before a step in which its process is killed, and completes the next time', async () => {
    const [first, second] = steps;
    if (first === undefined || second === undefined) throw new Error('too few migrations');
    await run([first]);
    const before = await fingerprintSchema(client);
    for (const after of [0, 7, splitStatements(second.sql).length]) {
      await client.query('select pg_advisory_lock(42)');
      const child = startMigration([first, interrupted(second, after, 'select pg_advisory_lock(42);')]);
      await untilMigrationWaits();
      child.kill('SIGKILL');
      await once(child, 'exit');
      await client.query('select pg_advisory_unlock(42)');
      await untilMigrationEnds();
      expect(await fingerprintSchema(client), `after ${after} statements`).toEqual(before);
    }
    expect(await run()).toEqual(steps.slice(1).map((step) => step.name));
  });

  function startMigration(migrations: Migration[]) {
    const script = `
      import { migrate } from ${JSON.stringify(new URL('./migrate.ts', import.meta.url).href)};
      const { owner, migrations } = JSON.parse(process.argv[1]);
      await migrate({ owner, migrations, log: () => undefined });`;
    const options = JSON.stringify({ owner: database.logins.owner, migrations });
    return spawn(process.execPath, ['--input-type=module', '-e', script, options], { stdio: 'ignore' });
  }

  async function untilMigrationWaits(): Promise<void> {
    for (;;) {
      const { rows } = await client.query<{ count: number }>(
        `select count(*) as count from pg_stat_activity where datname = current_database()
         and application_name = 'devpulse migration' and wait_event_type = 'Lock'`,
      );
      if (rows[0]?.count === 1) return;
      await sleep(5);
    }
  }

  it('lets one of two starters migrate, and the other find it done', async () => {
    const results = await Promise.all([run(), run(), run()]);
    expect(results.filter((names) => names.length > 0)).toEqual([steps.map((step) => step.name)]);
  });

  it('refuses a schema that a newer program wrote, before anything is changed', async () => {
    await run([...steps, made(9999, 'create table from_the_future (id integer)')]);
    const before = await fingerprintSchema(client);
    const refused = run();
    await expect(refused).rejects.toThrow(StoreUnusable);
    await expect(refused).rejects.toThrow('written by a newer DevPulse (it has "9999_made.sql")');
    await expect(run(steps.slice(0, 2))).rejects.toThrow('newer DevPulse');
    expect(await fingerprintSchema(client)).toEqual(before);
  });

  it('refuses a step that was changed after it ran', async () => {
    await run(steps.slice(0, 1));
    const changed = steps.map((step, index) => (index === 0 ? { ...step, checksum: 'another' } : step));
    await expect(run(changed)).rejects.toThrow(`the migration "${steps[0]?.name ?? ''}" was changed after it ran`);
  });

  it('names the step that fails, keeps those before it, and goes on once it is mended', async () => {
    const broken = made(9000, 'create table half (id integer); select 1 / 0;');
    await expect(run([...steps, broken])).rejects.toThrow('migration 9000_made.sql failed: division by zero');
    const { rows } = await client.query<{ half: string | null; applied: number }>(
      `select to_regclass('half') as half, (select count(*) from schema_migrations) as applied`,
    );
    expect(rows).toEqual([{ half: null, applied: steps.length }]);
    expect(await run([...steps, made(9000, 'create table half (id integer)')])).toEqual(['9000_made.sql']);
  });

  it('makes a step loud that would move data without seeing it', async () => {
    await run();
    const silent = made(9000, 'update people set name = name');
    expect(await run([...steps, silent])).toEqual(['9000_made.sql']);
    const loud = made(9001, 'set local row_security = off; update people set name = name');
    await expect(run([...steps, silent, loud])).rejects.toThrow('query would be affected by row-level security policy');
  });

  it('asks for a backup once, before the first step, and only when there is something to lose', async () => {
    const labels: string[] = [];
    const backUp = async (label: string): Promise<void> => {
      const { rows } = await client.query<{ applied: number }>('select count(*) as applied from schema_migrations');
      labels.push(`${label} at ${rows[0]?.applied}`);
    };
    await run(steps.slice(0, 2), backUp);
    expect(labels).toEqual([]);
    await run(steps.slice(0, 2), backUp);
    expect(labels).toEqual([]);
    await run(steps, backUp);
    expect(labels).toEqual([`before-${steps[2]?.name ?? ''} at 2`]);
    await run(steps, backUp);
    expect(labels).toHaveLength(1);
  });

  it('touches nothing when the backup fails', async () => {
    await run(steps.slice(0, 1));
    const before = await fingerprintSchema(client);
    await expect(run(steps, () => Promise.reject(new Error('no room for a backup')))).rejects.toThrow(
      'no room for a backup',
    );
    expect(await fingerprintSchema(client)).toEqual(before);
  });
});

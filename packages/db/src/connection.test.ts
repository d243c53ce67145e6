import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, openClient, openPool, parseDatabaseUrl, rolePassword } from './connection.ts';
import { createTestDatabase } from './testing/test-server.ts';

const run = promisify(execFile);

describe('parseDatabaseUrl', () => {
  const plain = { host: 'db.example.org', port: 5432, user: 'ada', password: 's', database: 'work' };
  const ssl = { rejectUnauthorized: true };
  const usual = { ...plain, ssl };

  it.each<[string, Partial<Connection>]>([
    ['postgres://ada:s@db.example.org/work', {}],
    ['postgresql://ada:s@db.example.org:6000/work', { port: 6000 }],
    ['postgres://ada:p%40ss%2Fword%25@db.example.org/work', { password: 'p@ss/word%' }],
    ['postgres://ada@db.example.org/my%20work', { password: '', database: 'my work' }],
    ['postgres://db.example.org/work', { user: 'postgres', password: '' }],
    ['postgres://ada:s@127.0.0.1/work?sslmode=verify-full', { host: '127.0.0.1' }],
    ['postgres://ada:s@192.0.2.7/work', { host: '192.0.2.7' }],
    ['postgres://ada:s@db.example.org/work?sslmode=require', { ssl: { rejectUnauthorized: false } }],
    ['postgres://ada:s@db.example.org/work?sslmode=verify-ca', {}],
    ['postgres://ada:s@db.example.org/work?sslmode=verify-full', {}],
    ['postgres://ada:s@db.example.org/work?application_name=x', {}],
  ])('reads %s, and checks who answers unless told otherwise', (text, expected) => {
    expect(parseDatabaseUrl(text)).toEqual({ ...usual, ...expected });
  });

  it.each<[string, Partial<Connection>]>([
    ['postgres:///work?host=/run/postgresql', { host: '/run/postgresql', user: 'postgres', password: '' }],
    ['postgres://ada:s@localhost/work?host=/run/postgresql&port=6001', { host: '/run/postgresql', port: 6001 }],
    ['postgres://ada:s@%2Frun%2Fpostgresql/work', { host: '/run/postgresql' }],
    ['postgres://ada:s@[::1]:6000/work', { host: '::1', port: 6000 }],
    ['postgres://ada:s@127.0.0.1/work', { host: '127.0.0.1' }],
    ['postgres://ada:s@localhost/work', { host: 'localhost' }],
    ['postgres://ada:s@db.example.org/work?sslmode=prefer', {}],
    ['postgres://ada:s@db.example.org/work?sslmode=disable', {}],
  ])('reads %s as one without TLS', (text, expected) => {
    expect(parseDatabaseUrl(text)).toEqual({ ...plain, ...expected });
  });

  it.each([
    ['', /invalid url/i],
    ['work', /invalid url/i],
    ['mysql://ada@db.example.org/work', 'the scheme must be postgres'],
    ['http://db.example.org/work', 'the scheme must be postgres'],
    ['postgres://db.example.org', 'the address must name a database'],
    ['postgres://db.example.org/', 'the address must name a database'],
    ['postgres://db.example.org:70000/work', /invalid url/i],
    ['postgres://db.example.org/work?port=abc', 'the port must be a number'],
    ['postgres://db.example.org/work?port=0', 'the port must be a number'],
    ['postgres://db.example.org/work?sslmode=verify', 'sslmode must be one of'],
    ['postgres://a%ZZ@db.example.org/work', /malformed/i],
    ['postgres://db.example.org/work?sslrootcert=/nowhere.pem', 'sslrootcert cannot be read (ENOENT)'],
  ])('refuses %j', (text, message) => {
    expect(() => parseDatabaseUrl(text)).toThrow(message);
  });
});

describe('rolePassword', () => {
  it('differs by role and by the owner’s password, and needs no quoting', () => {
    const passwords = [rolePassword('a', 'x'), rolePassword('a', 'y'), rolePassword('b', 'x')];
    expect(new Set(passwords).size).toBe(3);
    for (const password of passwords) expect(password).toMatch(/^[\w-]{43}$/);
    expect(rolePassword('a', 'x')).toBe(passwords[0]);
  });
});

let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe('what the store answers', () => {
  it('is the day as written and a number where it fits, wherever the program runs', async () => {
    const script = `
      import { openClient } from ${JSON.stringify(new URL('./connection.ts', import.meta.url).href)};
      const client = await openClient(JSON.parse(process.argv[1]), 'types', () => undefined);
      const { rows } = await client.query("select date '2026-03-01' as day, date '0001-01-01' as old, 3::bigint as small, " +
        "9223372036854775807 as big, -9007199254740991 as least, count(*) as count, null::date as no_day, null::bigint as no_number, " +
        "timestamptz '2026-03-01T00:00:00Z' as instant, array[1.5::float8] as list from pg_class where false");
      await client.end();
      console.log(JSON.stringify(rows[0], (key, value) => typeof value === 'bigint' ? value + 'n' : value));`;
    for (const zone of ['Asia/Kathmandu', 'America/Los_Angeles']) {
      const { stdout } = await run(
        process.execPath,
        ['--input-type=module', '-e', script, JSON.stringify(database.logins.app)],
        {
          env: { PATH: process.env['PATH'], TZ: zone },
        },
      );
      expect(JSON.parse(stdout), zone).toEqual({
        day: '2026-03-01',
        old: '0001-01-01',
        small: 3,
        big: '9223372036854775807n',
        least: -9007199254740991,
        count: 0,
        no_day: null,
        no_number: null,
        instant: '2026-03-01T00:00:00.000Z',
        list: [1.5],
      });
    }
  });
});

describe('openPool', () => {
  const lost: string[] = [];
  let pool: pg.Pool;
  beforeAll(() => {
    pool = openPool(database.logins.app, {
      size: 2,
      name: 'a pool',
      log: (level, message) => lost.push(`${level}: ${message}`),
    });
  });
  afterAll(() => pool.end());

  /** Ends the other backends of the pool, as a restart of the server would. */
  async function endBackends(state: string): Promise<void> {
    const client = await openClient(database.logins.app, 'the killer', () => undefined);
    try {
      for (let ended = 0; ended === 0;) {
        const { rows } = await client.query<{ count: number }>(
          `select count(pg_terminate_backend(pid)) as count from pg_stat_activity
           where datname = current_database() and application_name = 'a pool' and state = $1`,
          [state],
        );
        ended = rows[0]?.count ?? 0;
      }
    } finally {
      await client.end();
    }
  }

  async function untilLost(count: number): Promise<void> {
    while (lost.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  it('says who it is', async () => {
    const { rows } = await pool.query<{ application_name: string }>('show application_name');
    expect(rows).toEqual([{ application_name: 'a pool' }]);
  });

  it('survives the end of an idle connection', async () => {
    await pool.query('select 1');
    const before = lost.length;
    await endBackends('idle');
    await untilLost(before + 1);
    expect(lost.at(-1)).toBe('warn: database connection lost');
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('survives the end of a connection that is at work', async () => {
    const sleeping = pool.query('select pg_sleep(60)').catch((error: Error) => error.message);
    await endBackends('active');
    expect(await sleeping).toMatch(/terminat/i);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('survives the end of a connection that is lent out in the middle of a transaction', async () => {
    const client = await pool.connect();
    await client.query('begin');
    const before = lost.length;
    await endBackends('idle in transaction');
    await untilLost(before + 1);
    await expect(client.query('select 1')).rejects.toThrow(/not queryable|terminat|closed/i);
    client.release();
    const answers = await Promise.all([1, 2, 3, 4].map(() => pool.query('select 1 as one')));
    expect(answers.map((answer) => answer.rowCount)).toEqual([1, 1, 1, 1]);
  });
});

import pg from 'pg';
import { getRollbackPlans, PgBoss } from 'pg-boss';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installQueueSchema } from './install-postgres-queue.ts';
import { openPostgresQueue } from './open-postgres-queue.ts';
import { startPostgresForTests, type TestPostgres } from './testing/start-postgres.ts';
import { until } from './testing/until.ts';

const log = { warn: () => undefined, error: () => undefined };

describe('installQueueSchema', { timeout: 60_000 }, () => {
  let server: TestPostgres;
  let owner: pg.Client;
  let schemas = 0;

  beforeAll(async () => {
    server = await startPostgresForTests();
    owner = await connect(server.owner);
  }, 60_000);

  afterAll(async () => {
    await owner.end();
    await server.stop();
  }, 30_000);

  const freshSchema = (): string => `queue_${(schemas += 1)}`;

  async function connect(config: pg.PoolConfig): Promise<pg.Client> {
    const client = new pg.Client(config);
    await client.connect();
    return client;
  }

  /** Everything in the schema with its owner and grants: what a second installation must leave as it is. */
  async function describeSchema(schema: string): Promise<unknown[]> {
    const { rows } = await owner.query(
      `SELECT relname AS name, relacl::text AS grants, relowner::regrole::text AS owner
         FROM pg_class WHERE relnamespace = $1::regnamespace
        UNION ALL
       SELECT proname, proacl::text, proowner::regrole::text
         FROM pg_proc WHERE pronamespace = $1::regnamespace ORDER BY 1`,
      [schema],
    );
    return rows;
  }

  it('changes nothing when it runs again', async () => {
    const schema = freshSchema();
    await installQueueSchema({ ownerClient: owner, appRole: server.appRole, schema });
    const installed = await describeSchema(schema);

    await installQueueSchema({ ownerClient: owner, appRole: server.appRole, schema });

    expect(installed.length).toBeGreaterThan(10);
    expect(await describeSchema(schema)).toEqual(installed);
  });

  it('lets one of several that start at once do it', async () => {
    const schema = freshSchema();
    const clients = await Promise.all([1, 2, 3, 4].map(() => connect(server.owner)));

    await Promise.all(
      clients.map((ownerClient) => installQueueSchema({ ownerClient, appRole: server.appRole, schema })),
    );

    await Promise.all(clients.map((client) => client.end()));
    const { rows } = await owner.query(`SELECT version FROM ${schema}.version`);
    expect(rows).toHaveLength(1);
  });

  it('grants the application role the work and nothing of the structure', async () => {
    const schema = freshSchema();
    await installQueueSchema({ ownerClient: owner, appRole: server.appRole, schema });
    const queue = await openPostgresQueue({ connection: server.app, schema, names: ['derive'], log });
    let done = 0;
    await queue.work('derive', async () => {
      done += 1;
    });
    await queue.enqueue('derive', {});
    await until(() => done === 1);
    await queue.close();

    const app = await connect(server.app);
    await expect(app.query(`CREATE TABLE ${schema}.mine ()`)).rejects.toThrow('permission denied');
    await expect(app.query(`ALTER TABLE ${schema}.job ADD COLUMN mine text`)).rejects.toThrow('must be owner');
    await expect(app.query(`TRUNCATE ${schema}.job`)).rejects.toThrow('permission denied');
    await expect(app.query(`DROP SCHEMA ${schema} CASCADE`)).rejects.toThrow('must be owner');
    await app.end();
  });

  it('migrates the tables of an older release, index builds included', async () => {
    const schema = freshSchema();
    await installQueueSchema({ ownerClient: owner, appRole: server.appRole, schema });
    const boss = new PgBoss({ db: { executeSql: (text, values) => owner.query(text, values) }, schema });
    const newest = (await boss.schemaVersion()) ?? 0;
    for (let version = newest; version > newest - 8; version -= 1) await owner.query(getRollbackPlans(schema, version));
    expect(await boss.schemaVersion()).toBe(newest - 8);
    await expect(openPostgresQueue({ connection: server.app, schema, names: [], log })).rejects.toThrow('migrations');

    await installQueueSchema({ ownerClient: owner, appRole: server.appRole, schema });

    expect(await boss.schemaVersion()).toBe(newest);
    expect(await boss.detectSchemaDrift()).toMatchObject({ ok: true });
    expect(await boss.getBamStatus()).toEqual([]);
  });

  it('leaves the tables of a newer release alone, and its connection usable', async () => {
    const schema = freshSchema();
    await installQueueSchema({ ownerClient: owner, appRole: server.appRole, schema });
    await owner.query(`UPDATE ${schema}.version SET version = version + 1`);

    await expect(installQueueSchema({ ownerClient: owner, appRole: server.appRole, schema })).rejects.toThrow('newer');

    const other = await connect(server.owner);
    const { rows } = await other.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS free', [
      `devpulse queue schema ${schema}`,
    ]);
    expect(rows).toEqual([{ free: true }]);
    await other.end();
  });

  it('gives the lock back when a step is refused', async () => {
    const app = await connect(server.app);
    const refused = { ownerClient: app, appRole: server.appRole, schema: freshSchema() };

    await expect(installQueueSchema(refused)).rejects.toThrow('permission denied');
    await expect(installQueueSchema(refused)).rejects.toThrow('permission denied');

    const { rows } = await app.query(
      "SELECT count(*)::int AS held FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
    );
    expect(rows).toEqual([{ held: 0 }]);
    await app.end();
    await expect(installQueueSchema({ ...refused, schema: 'Not; a name' })).rejects.toThrow('plain lower-case name');
  });
});

describe('openPostgresQueue', { timeout: 60_000 }, () => {
  it('says that the schema is missing', async () => {
    const server = await startPostgresForTests();
    await expect(openPostgresQueue({ connection: server.app, names: ['derive'], log })).rejects.toThrow(
      'not installed',
    );
    await server.stop();
  });
});

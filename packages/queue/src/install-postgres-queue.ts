import { getConstructionPlans, getMigrationPlans } from 'pg-boss';
import bossPackage from 'pg-boss/package.json' with { type: 'json' };

/** One connection of the owner role (a `pg` client, not a pool): the lock is held by the session. */
export interface OwnerClient {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

/** Whose schema is installed, and for whom. */
export interface InstallQueueOptions {
  /** Connected as the owner, with no transaction open: the installation brings its own. */
  ownerClient: OwnerClient;
  /** The role that works the queue; it is granted what that takes and owns nothing. */
  appRole: string;
  schema?: string;
}

/** The version of the tables this release of pg-boss works with. */
const SCHEMA_VERSION = bossPackage.pgboss.schema;

/**
 * Creates or migrates the queue's schema as its owner and grants it to the application role. Running it again changes
 * nothing, and of two that start at once the second waits.
 *
 * @example
 * await installQueueSchema({ ownerClient: client, appRole: 'devpulse_app' });
 */
export async function installQueueSchema({
  ownerClient,
  appRole,
  schema = 'pgboss',
}: InstallQueueOptions): Promise<void> {
  if (!/^[a-z_][a-z0-9_]*$/.test(schema)) throw new Error(`queue schema "${schema}" must be a plain lower-case name`);
  const lock = `devpulse queue schema ${schema}`;
  await ownerClient.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [lock]);
  try {
    await createOrMigrate(ownerClient, schema);
    await grant(ownerClient, schema, appRole);
  } catch (error) {
    await abandon(ownerClient, lock, error);
  }
  await unlock(ownerClient, lock);
}

async function unlock(client: OwnerClient, lock: string): Promise<void> {
  await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [lock]);
}

/** A plan that fails leaves its transaction open and aborted, in which not even the lock could be given back. */
async function abandon(client: OwnerClient, lock: string, error: unknown): Promise<never> {
  try {
    await client.query('ROLLBACK');
    await unlock(client, lock);
  } catch (cleanupError) {
    throw new AggregateError(
      [error, cleanupError],
      'the queue schema was not installed and its connection is unusable',
      { cause: cleanupError },
    );
  }
  throw error;
}

async function createOrMigrate(client: OwnerClient, schema: string): Promise<void> {
  const version = await installedVersion(client, schema);
  if (version === SCHEMA_VERSION) return;
  if (version !== undefined && version > SCHEMA_VERSION) {
    throw new Error(
      `the queue schema "${schema}" is of version ${version}, newer than ${SCHEMA_VERSION}, which this DevPulse knows`,
    );
  }
  const plan = version === undefined ? getConstructionPlans(schema) : getMigrationPlans(schema, version);
  await client.query(inOneTransaction(plan));
}

/**
 * pg-boss prints the index builds of a migration behind its COMMIT, CONCURRENTLY and one by one: cut off there, the
 * schema would call itself migrated without them. The tables are small and nobody works them during a migration, so
 * they are built inside.
 */
function inOneTransaction(plan: string): string {
  const [transaction = '', ...indexBuilds] = plan.split(/\n(?=-- inlined from )/);
  if (indexBuilds.length === 0) return transaction;
  const builds = indexBuilds.join('\n').replaceAll(' INDEX CONCURRENTLY ', ' INDEX ');
  return transaction.replace(/COMMIT;\s*$/, () => `${builds}\nCOMMIT;`);
}

async function installedVersion(client: OwnerClient, schema: string): Promise<number | undefined> {
  const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS installed', [`${schema}.version`]);
  if (rows[0]?.['installed'] !== true) return undefined;
  const version = await client.query(`SELECT version::int FROM ${schema}.version`);
  return version.rows[0]?.['version'] as number | undefined;
}

/**
 * Rows in all tables (jobs, queues, schedules and the claims by which processes share the upkeep) and the functions; no
 * CREATE, so the application can neither add nor change an object. Queues without a partition of their own are rows,
 * hence no table is made.
 */
async function grant(client: OwnerClient, schema: string, appRole: string): Promise<void> {
  const { rows } = await client.query('SELECT quote_ident($1) AS role', [appRole]);
  const role = String(rows[0]?.['role']);
  await client.query(`
    GRANT USAGE ON SCHEMA ${schema} TO ${role};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${role};
    GRANT USAGE ON TYPE ${schema}.job_state TO ${role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT EXECUTE ON FUNCTIONS TO ${role};
  `);
}

import { createHash, randomBytes } from 'node:crypto';
import { type Connection, type Log, openClient, parseDatabaseUrl, rolePassword } from '../connection.ts';
import { migrate, readMigrations } from '../migrate.ts';
import { type Logins, prepareEmbedded, prepareExternal } from '../prepare-roles.ts';

/** A server on which tests make and drop databases, and the migrated database they are copied from. */
export interface TestServer {
  admin: Connection;
  template: string;
  logins: Logins;
}

const variable = 'DEVPULSE_TEST_SERVER';
const externalOwner = 'devpulse_test_owner';
const quiet: Log = () => undefined;

/** Hands the server to the test processes that are started from here. */
export function publishTestServer(server: TestServer): void {
  process.env[variable] = JSON.stringify(server);
}

/** The server that the global set-up of the tests started. */
export function findTestServer(): TestServer {
  const text = process.env[variable];
  if (text === undefined)
    throw new Error('no test server: run the tests through vitest with the repository’s configuration');
  return JSON.parse(text) as TestServer;
}

/** Makes the template on the embedded server, signed in as its superuser. */
export async function prepareEmbeddedTestServer(admin: Connection): Promise<TestServer> {
  const template = await templateName();
  const logins = await prepareEmbedded(admin, template, quiet);
  await migrate({ owner: logins.owner, log: quiet });
  return { admin, template, logins };
}

/** Makes the template on a server of somebody else, with an owner that is no superuser, as in real life. */
export async function prepareExternalTestServer(url: string): Promise<TestServer> {
  const admin = parseDatabaseUrl(url);
  const template = await templateName();
  const owner = {
    ...admin,
    user: externalOwner,
    password: rolePassword(admin.password, externalOwner),
    database: template,
  };
  const client = await openClient(admin, 'tests', quiet);
  try {
    const found = await client.query('select 1 from pg_roles where rolname = $1', [externalOwner]);
    if (found.rowCount === 0)
      await client.query(`create role ${externalOwner} login createrole password '${owner.password}'`);
    const database = await client.query('select 1 from pg_database where datname = $1', [template]);
    if (database.rowCount === 0) await client.query(`create database ${template} owner ${externalOwner}`);
  } finally {
    await client.end();
  }
  const logins = await prepareExternal(owner, quiet);
  await migrate({ owner: logins.owner, log: quiet });
  return { admin, template, logins };
}

/** Makes an empty database, or a copy of the migrated one, and says how to drop it. */
export async function createTestDatabase(
  options: { empty?: boolean } = {},
): Promise<{ logins: Logins; drop: () => Promise<void> }> {
  const server = findTestServer();
  const name = `t_${randomBytes(8).toString('hex')}`;
  const owner = server.logins.owner.user;
  await asAdmin(
    server,
    `create database ${name} owner ${owner}${options.empty === true ? '' : ` template ${server.template}`}`,
  );
  const inDatabase = (login: Connection): Connection => ({ ...login, database: name });
  return {
    logins: {
      owner: inDatabase(server.logins.owner),
      app: inDatabase(server.logins.app),
      capture: inDatabase(server.logins.capture),
      backup: inDatabase(server.logins.backup),
      auth: inDatabase(server.logins.auth),
    },
    drop: () => asAdmin(server, `drop database if exists ${name} with (force)`),
  };
}

async function asAdmin(server: TestServer, statement: string): Promise<void> {
  const client = await openClient(server.admin, 'tests', quiet);
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function templateName(): Promise<string> {
  const hash = createHash('sha256');
  for (const step of await readMigrations()) hash.update(step.checksum);
  return `template_${hash.digest('hex').slice(0, 16)}`;
}

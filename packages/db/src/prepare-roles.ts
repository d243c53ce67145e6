import pg from 'pg';
import { type Connection, type Log, openClient, rolePassword } from './connection.ts';

/** The application's login: owns nothing, bypasses nothing. */
export const appRole = 'devpulse_app';
/** Puts raw events in, for any workspace, and can do nothing else. */
export const captureRole = 'devpulse_capture';
/** Reads every row of every workspace and can do nothing else: whoever takes a backup signs in as this. */
export const backupRole = 'devpulse_backup';
/** Signs people in: may touch the schema `auth` and nothing else, which in turn is closed to the others. */
export const authRole = 'devpulse_auth';
const ownerRole = 'devpulse_owner';
const oldestServer = 15;

/** The store cannot be used as it is; the message says what to do. */
export class StoreUnusable extends Error {
  override name = 'StoreUnusable';
}

/** The logins of one database: the owner migrates, the application works, capture writes the inbox, auth signs people in. */
export interface Logins {
  owner: Connection;
  app: Connection;
  capture: Connection;
  auth: Connection;
  /** Reads everything, for backups. */
  backup: Connection;
}

/** Makes owner, roles and database in the embedded cluster, signed in as its superuser. Idempotent. */
export async function prepareEmbedded(superuser: Connection, database: string, log: Log): Promise<Logins> {
  const owner = { ...superuser, user: ownerRole, password: rolePassword(superuser.password, ownerRole), database };
  const client = await openClient(superuser, 'devpulse set-up', log);
  try {
    await setLogin(client, ownerRole, owner.password);
    await setLogin(client, appRole, rolePassword(superuser.password, appRole));
    await setLogin(client, captureRole, rolePassword(superuser.password, captureRole));
    await setLogin(client, backupRole, rolePassword(superuser.password, backupRole));
    await setLogin(client, authRole, rolePassword(superuser.password, authRole));
    const found = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (found.rowCount === 0) {
      await client.query(`create database ${quote(database)} owner ${quote(ownerRole)}`);
    }
  } finally {
    await client.end();
  }
  return withRoles(owner, superuser.password);
}

/** Checks an external server and makes the roles that are missing, signed in as the database's owner. Idempotent. */
export async function prepareExternal(owner: Connection, log: Log): Promise<Logins> {
  const client = await openClient(owner, 'devpulse set-up', log).catch((error: Error) => {
    throw new StoreUnusable(
      `cannot sign in to PostgreSQL at ${owner.host}:${owner.port} as "${owner.user}": ${error.message}`,
    );
  });
  try {
    await checkServer(client, owner);
    const logins = withRoles(owner, owner.password);
    for (const login of [logins.app, logins.capture, logins.auth]) await ensureExternalRole(client, login, log);
    // Nothing but a backup needs it, and that says itself how to make it: no reason not to start.
    await ensureExternalRole(client, logins.backup, log).catch((error: Error) => log('warn', error.message));
    return logins;
  } finally {
    await client.end();
  }
}

function withRoles(owner: Connection, secret: string): Logins {
  const login = (role: string): Connection => ({ ...owner, user: role, password: rolePassword(secret, role) });
  return { owner, app: login(appRole), capture: login(captureRole), auth: login(authRole), backup: login(backupRole) };
}

async function checkServer(client: pg.Client, owner: Connection): Promise<void> {
  const { rows } = await client.query<{ version: number; may_create: boolean }>(
    `select current_setting('server_version_num')::int / 10000 as version,
            has_schema_privilege(current_user, 'public', 'create') as may_create`,
  );
  const row = rows[0];
  if (row === undefined || row.version < oldestServer) {
    throw new StoreUnusable(`PostgreSQL ${row?.version ?? '?'} is too old: DevPulse needs ${oldestServer} or newer`);
  }
  if (!row.may_create) {
    throw new StoreUnusable(
      `the login "${owner.user}" may not create tables in "${owner.database}"; as an administrator run: ` +
        `alter database ${quote(owner.database)} owner to ${quote(owner.user)};`,
    );
  }
}

async function ensureExternalRole(client: pg.Client, login: Connection, log: Log): Promise<void> {
  const role = login.user;
  const { rows } = await client.query<{ rolsuper: boolean; rolbypassrls: boolean; is_owner: boolean }>(
    `select rolsuper, rolbypassrls, pg_has_role(oid, current_user, 'member') as is_owner from pg_roles where rolname = $1`,
    [role],
  );
  const found = rows[0];
  if (found !== undefined && (found.rolsuper || found.rolbypassrls)) {
    throw new StoreUnusable(`the role "${role}" must be neither superuser nor BYPASSRLS: it would see every workspace`);
  }
  if (found?.is_owner === true) {
    throw new StoreUnusable(
      `the role "${role}" must not be a member of "${client.user ?? ''}": it would see every workspace; ` +
        `as an administrator run: revoke ${quote(client.user ?? '')} from ${role};`,
    );
  }
  if (found !== undefined && (await canSignIn(login, log))) return;
  try {
    await setLogin(client, role, login.password);
  } catch (error) {
    const verb = found === undefined ? 'create' : 'alter';
    throw new StoreUnusable(
      `the login "${client.user ?? ''}" may not make the role "${role}" (${(error as Error).message}); ` +
        `as an administrator run: ${verb} role ${role} login password '${login.password}';`,
      { cause: error },
    );
  }
}

async function canSignIn(login: Connection, log: Log): Promise<boolean> {
  try {
    const client = await openClient(login, 'devpulse set-up', log);
    await client.end();
    return true;
  } catch {
    // Wrong password or not allowed yet: setting the password is tried next, and that reports what is wrong.
    return false;
  }
}

async function setLogin(client: pg.Client, role: string, password: string): Promise<void> {
  const found = await client.query('select 1 from pg_roles where rolname = $1', [role]);
  const verb = found.rowCount === 0 ? 'create' : 'alter';
  try {
    await client.query(`${verb} role ${quote(role)} login password ${client.escapeLiteral(password)}`);
  } catch (error) {
    // Two first starts at once: the other one made it.
    if ((error as { code?: string }).code !== '23505' && (error as { code?: string }).code !== '42710') throw error;
  }
}

function quote(identifier: string): string {
  return pg.escapeIdentifier(identifier);
}

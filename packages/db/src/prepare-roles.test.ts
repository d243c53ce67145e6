import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEmbeddedForTests } from '../../../test/embedded-server.ts';
import { type Connection, openClient, rolePassword } from './connection.ts';
import { migrate } from './migrate.ts';
import { appRole, authRole, captureRole, prepareEmbedded, prepareExternal, StoreUnusable } from './prepare-roles.ts';

const quiet = (): undefined => undefined;
// Roles belong to a whole cluster: this file breaks them, so it has one of its own.
let cluster: Awaited<ReturnType<typeof startEmbeddedForTests>>;
let admin: pg.Client;
beforeAll(async () => {
  cluster = await startEmbeddedForTests();
  admin = await openClient(cluster.connection, 'the test', quiet);
});
afterAll(async () => {
  await admin.end();
  await cluster.stop();
});

const database = 'some "where" else';
const quoted = '"some ""where"" else"';
let owner: Connection;

beforeEach(async () => {
  owner = { ...cluster.connection, user: 'somebody', password: `it's`, database };
  await admin.query(`create role somebody login createrole password 'it''s'`);
  await admin.query(`create database ${quoted} owner somebody`);
});
afterEach(async () => {
  for (const name of [quoted, 'devpulse']) await admin.query(`drop database if exists ${name} with (force)`);
  for (const role of [appRole, captureRole, authRole, 'somebody', 'devpulse_owner'])
    await admin.query(`drop role if exists ${role}`);
});

async function signIn(login: Connection): Promise<string> {
  const client = await openClient(login, 'the test', quiet);
  const { rows } = await client.query<{ name: string }>('select current_user as name');
  await client.end();
  return rows[0]?.name ?? '';
}

/** The statement that a refusal tells an administrator to run. */
async function adviceOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StoreUnusable);
  return /as an administrator run: (.*;)$/.exec((error as Error).message)?.[1] ?? (error as Error).message;
}

describe('prepareEmbedded', () => {
  it('makes an owner and two logins of few rights, twice with the same end', async () => {
    const logins = await prepareEmbedded(cluster.connection, 'devpulse', quiet);
    expect(await prepareEmbedded(cluster.connection, 'devpulse', quiet)).toEqual(logins);
    for (const login of Object.values(logins) as Connection[]) expect(await signIn(login)).toBe(login.user);
    const { rows } = await admin.query(
      `select rolname from pg_roles where rolname like 'devpulse%' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication)`,
    );
    expect(rows).toEqual([]);
    expect((await migrate({ owner: logins.owner, log: quiet })).length).toBeGreaterThan(0);
  });
});

describe('prepareExternal', () => {
  it('makes the roles that are missing, and leaves them as they are the next time', async () => {
    const logins = await prepareExternal(owner, quiet);
    expect(logins.app.password).toBe(rolePassword(owner.password, appRole));
    for (const login of [logins.app, logins.capture, logins.auth]) expect(await signIn(login)).toBe(login.user);
    const { rows: before } = await admin.query(
      `select rolname, rolpassword from pg_authid where rolname like 'devpulse%' order by 1`,
    );
    expect(await prepareExternal(owner, quiet)).toEqual(logins);
    const { rows: after } = await admin.query(
      `select rolname, rolpassword from pg_authid where rolname like 'devpulse%' order by 1`,
    );
    expect(after).toEqual(before);
    expect((await migrate({ owner: logins.owner, log: quiet })).length).toBeGreaterThan(0);
  });

  it('says what an administrator has to run when it may make no roles, and goes on after that', async () => {
    await admin.query('alter role somebody nocreaterole');
    for (const role of [appRole, captureRole, authRole]) {
      const advice = await adviceOf(prepareExternal(owner, quiet));
      expect(advice).toBe(`create role ${role} login password '${rolePassword(owner.password, role)}';`);
      await admin.query(advice);
    }
    expect((await prepareExternal(owner, quiet)).app.user).toBe(appRole);
  });

  it('says the same of a role that is there with another password', async () => {
    await admin.query(
      [appRole, captureRole, authRole].map((role) => `create role ${role} login password 'another'`).join('; '),
    );
    await admin.query('alter role somebody nocreaterole');
    for (const role of [appRole, captureRole, authRole]) {
      const advice = await adviceOf(prepareExternal(owner, quiet));
      expect(advice).toBe(`alter role ${role} login password '${rolePassword(owner.password, role)}';`);
      await admin.query(advice);
    }
    const logins = await prepareExternal(owner, quiet);
    expect(await signIn(logins.app)).toBe(appRole);
  });

  it('gives its own roles a new password when the owner’s changed', async () => {
    const old = await prepareExternal(owner, quiet);
    await admin.query(`alter role somebody password 'new'`);
    const logins = await prepareExternal({ ...owner, password: 'new' }, quiet);
    expect(await signIn(logins.app)).toBe(appRole);
    await expect(signIn(old.app)).rejects.toThrow(/password/);
  });

  it.each(['superuser', 'bypassrls'])('refuses an application login that is %s', async (right) => {
    await prepareExternal(owner, quiet);
    await admin.query(`alter role ${appRole} ${right}`);
    await expect(prepareExternal(owner, quiet)).rejects.toThrow(
      `the role "${appRole}" must be neither superuser nor BYPASSRLS`,
    );
  });

  it('refuses an application login that has the owner’s rights', async () => {
    await admin.query(
      `create role ${appRole} login password '${rolePassword(owner.password, appRole)}' in role somebody`,
    );
    expect(await adviceOf(prepareExternal(owner, quiet))).toBe(`revoke "somebody" from ${appRole};`);
    await admin.query(`revoke "somebody" from ${appRole}`);
    expect((await prepareExternal(owner, quiet)).app.user).toBe(appRole);
  });

  it('says what to do when the owner may not make tables', async () => {
    await admin.query(`create role stranger login password 'x'`);
    const stranger = { ...owner, user: 'stranger', password: 'x' };
    const advice = await adviceOf(prepareExternal(stranger, quiet));
    expect(advice).toBe(`alter database ${quoted} owner to "stranger";`);
    await admin.query(advice);
    await admin.query('alter role stranger createrole');
    expect((await prepareExternal(stranger, quiet)).owner.user).toBe('stranger');
    await admin.query(
      `alter database ${quoted} owner to somebody; drop role ${appRole}; drop role ${captureRole}; drop role ${authRole}; drop role stranger`,
    );
  });

  it('says as whom it could not sign in', async () => {
    await expect(prepareExternal({ ...owner, password: 'wrong' }, quiet)).rejects.toThrow(
      /cannot sign in to PostgreSQL at .* as "somebody": password authentication failed/,
    );
    await expect(prepareExternal({ ...owner, database: 'nowhere' }, quiet)).rejects.toThrow(
      /as "somebody": database "nowhere" does not exist/,
    );
  });
});

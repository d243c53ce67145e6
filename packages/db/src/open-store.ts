import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import type pg from 'pg';
import { type Log, openPool } from './connection.ts';
import { isId } from './ids.ts';
import type { Logins } from './prepare-roles.ts';
import type { Database } from './schema.gen.ts';

/** A transaction that sees one workspace. */
export type WorkspaceTransaction = Transaction<Database>;

/** The tables of sign-in belong to its library, which brings their names itself; ours are written as SQL. */
export type AuthDatabase = Record<string, never>;

/** The only door to the store. */
export interface Store {
  /** For questions that belong to no workspace (`all_workspaces()`, `find_token()`, job runs). Tenant tables look empty. */
  app: Kysely<Database>;
  /** Puts raw events in, for any workspace. */
  capture: pg.Pool;
  /** Signs people in: sees the schema `auth` and nothing else. Connections are opened by the first sign-in. */
  auth: Kysely<AuthDatabase>;
  logins: Logins;
  /** Runs `work` in one transaction that sees exactly this workspace. Keep it short; never wait on the network inside. */
  inWorkspace<Result>(
    workspaceId: string,
    work: (trx: WorkspaceTransaction) => Promise<Result>,
    options?: { snapshot?: boolean },
  ): Promise<Result>;
  /** True when a trivial question is answered in time. */
  ping(): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens the pools of application and capture on a migrated database. */
export function openStore(logins: Logins, options: { log: Log; poolSize?: number }): Store {
  const size = options.poolSize ?? 12;
  const appPool = openPool(logins.app, { size, log: options.log, name: 'devpulse app' });
  // Two batches in flight are the measured best for group commit; one more connection for a batch retried row by row.
  const capture = openPool(logins.capture, { size: 3, log: options.log, name: 'devpulse capture' });
  const app = new Kysely<Database>({ dialect: new PostgresDialect({ pool: appPool }) });
  const auth = new Kysely<AuthDatabase>({
    dialect: new PostgresDialect({
      pool: openPool(logins.auth, { size: 4, log: options.log, name: 'devpulse auth' }),
    }),
  });
  return {
    app,
    capture,
    auth,
    logins,
    inWorkspace: (workspaceId, work, mode) => runInWorkspace(app, workspaceId, work, mode?.snapshot ?? false),
    ping: () => answers(app),
    close: async () => {
      await Promise.all([app.destroy(), capture.end(), auth.destroy()]);
    },
  };
}

/** The same over connections of one's own, as `inWorkspace` of a store does it. */
export async function runInWorkspace<Result>(
  app: Kysely<Database>,
  workspaceId: string,
  work: (trx: WorkspaceTransaction) => Promise<Result>,
  snapshot: boolean,
): Promise<Result> {
  if (!isId(workspaceId)) throw new Error('not a workspace id');
  const start = snapshot ? app.transaction().setIsolationLevel('repeatable read') : app.transaction();
  return start.execute(async (trx) => {
    // Local to the transaction: a setting of the session would leak to the next borrower of the connection.
    await sql`select set_config('app.workspace', ${workspaceId}, true)`.execute(trx);
    return work(trx);
  });
}

async function answers(app: Kysely<Database>): Promise<boolean> {
  try {
    await sql`select 1`.execute(app);
    return true;
  } catch {
    // Not an error of ours: readiness is exactly the question whether this fails.
    return false;
  }
}

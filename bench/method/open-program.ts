import { type Connection, openClient } from '@devpulse/db/connection';
import type { Store } from '@devpulse/db/open-store';
import { scopeNames } from '@devpulse/contract/permissions';
import { createToken } from '@devpulse/server/tokens/create-token';
import { openRuntime } from '@devpulse/server/runtime/open-runtime';
import type { Keyring } from '@devpulse/server/secrets/keyring';
import { findFirstWorkspace } from '@devpulse/server/workspaces/ensure-workspace';
import { makeDataDir, type Program, startProgram } from '@devpulse/server/testing/start-program';
import type { Querying } from './querying.ts';
import { programEnv } from './program-env.ts';
import { Scope } from './scope.ts';

/** The process alone. */
export interface BareProgram {
  program: Program;
  pid: number;
  port: number;
  dataDir: string;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
}

/** The program in a process of its own, on its embedded store, and a way into that store beside it. */
export interface BenchProgram extends BareProgram {
  token: string;
  store: Store;
  keyring: Keyring;
  workspaceId: string;
  ownerId: string;
  /** The database of the program, signed in as its superuser: sees everything, bound by no row-level security. */
  admin: Querying;
  adminLogin: Connection;
}

/** Starts the program on an empty folder, with nobody beside it. */
export async function openAlone(
  scope: Scope,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<BareProgram> {
  const own = new Scope();
  scope.defer(() => own.close());
  const { dataDir, remove } = await makeDataDir();
  own.defer(remove);
  const program = await startProgram(dataDir, { args, env: { ...programEnv, ...env } });
  own.defer(() => stopProgram(program));
  return {
    program,
    pid: program.child.pid ?? 0,
    port: Number(new URL(program.address).port),
    dataDir,
    close: () => own.close(),
  };
}

/** Starts the program on an empty folder, with a token for it and a way into its store. */
export async function openProgram(
  scope: Scope,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<BenchProgram> {
  const own = new Scope();
  scope.defer(() => own.close());
  const alone = await openAlone(own, args, env);
  const { dataDir } = alone;
  const runtime = await openRuntime({ dataDir, databaseUrl: undefined, kind: 'command', log: () => undefined });
  own.defer(() => runtime.close());
  const { store } = runtime;
  const { workspaceId, ownerId } = await findFirstWorkspace(store);
  const keyring = await runtime.openKeyring();
  const { token } = await createToken({
    store,
    keyring,
    workspaceId,
    personId: ownerId,
    name: 'bench',
    scopes: scopeNames,
    expiresAt: null,
  });
  if (runtime.embedded === null) throw new Error('the program does not run on its embedded store');
  const adminLogin = { ...runtime.embedded.connection, database: runtime.logins.owner.database };
  const admin = await openClient(adminLogin, 'bench', () => undefined);
  own.defer(() => admin.end());
  return { ...alone, token, store, keyring, workspaceId, ownerId, admin, adminLogin, close: () => own.close() };
}

const patienceMs = 6_000;

/** Asks a program to end, and ends it when it does not. */
export async function stopProgram(program: Program): Promise<void> {
  program.child.kill('SIGTERM');
  const timer = setTimeout(() => program.child.kill('SIGKILL'), patienceMs);
  await program.ended;
  clearTimeout(timer);
}

import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { sql } from 'kysely';
import type { Connector } from '@devpulse/contract/connector';
import { type Scope, scopeNames } from '@devpulse/contract/permissions';
import { newId } from '@devpulse/db/ids';
import type { Store } from '@devpulse/db/open-store';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { openCapture } from '@devpulse/pipeline/capture/open-capture';
import { testMetrics } from '@devpulse/pipeline/testing/pipeline-bench';
import { connectors } from '@devpulse/pipeline/testing/registry';
import { createToken } from '../tokens/create-token.ts';
import { joinWorkspace } from '../accounts/join-workspace.ts';
import { openSession } from '../accounts/open-session.ts';
import { findOwnerAccount } from '../accounts/owner-account.ts';
import type { App, RegisterRoutes, ServerDeps } from '../deps.ts';
import type { FaultRecorder } from '../faults/fault-recorder.ts';
import { openFaultRecorder } from '../faults/open-fault-recorder.ts';
import { openGovernor } from '../governor/open-governor.ts';
import { openTelemetry } from '../health/gauges.ts';
import { buildHttp, type HttpLimits, httpLimits } from '../http.ts';
import { openLog } from '../log.ts';
import { openTestKeyring } from '../secrets/testing/test-keyring.ts';

/** The API over a store of its own, with the test connector `plain` and the test metrics. */
export interface TestApi extends TestStore {
  app: App;
  deps: ServerDeps;
  /** Every line that was logged. */
  lines: string[];
  /** The record of faults; what waits in it is written by `flush`. */
  faults: FaultRecorder;
  /** How often the workers were nudged. */
  nudges(): number;
  /** A token with these scopes, all of them when left out. */
  tokenFor(scopes?: readonly Scope[], workspace?: { workspaceId: string; ownerId: string }): Promise<string>;
  /** The `cookie` of a session of the owner that acts in this workspace, the first one when left out. */
  cookieFor(workspace?: { workspaceId: string; ownerId: string }): Promise<string>;
  /** Asks with a token of all scopes, unless the request brings its own `authorization`. */
  ask(request: InjectOptions): Promise<LightMyRequestResponse>;
  /** Listens on a free port of loopback. */
  listen(): Promise<{ port: number; url: string }>;
}

export interface TestApiOptions {
  areas: readonly RegisterRoutes[];
  limits?: Partial<HttpLimits>;
  deps?: (usual: ServerDeps) => Partial<ServerDeps>;
}

/** Opens it; nothing in it is a double but the log's target. */
export async function openTestApi(options: TestApiOptions): Promise<TestApi> {
  const test = await createTestStore();
  const lines: string[] = [];
  let nudges = 0;
  const log = openLog({ level: 'debug', target: { write: (line) => lines.push(line) } });
  const now = (): Date => new Date();
  const faults = openFaultRecorder({ store: test.store, log, version: '0.0.0-test', now });
  const usual: ServerDeps = {
    store: test.store,
    keyring: await openTestKeyring(test.store),
    publicUrl: null,
    mailer: null,
    github: null,
    // Asked by no test that does not bring its own.
    githubHost: { host: 'github.com', url: 'http://127.0.0.1:9', apiUrl: 'http://127.0.0.1:9' },
    capture: openCapture({ store: test.store }),
    connectors: new Map<string, Connector>(connectors.map((connector) => [connector.id, connector as Connector])),
    metrics: testMetrics,
    widgets: new Map(),
    log,
    telemetry: openTelemetry(test.store),
    faults,
    governor: openGovernor({ store: test.store, log }),
    readiness: [],
    // What somebody built on this machine has no say in a test.
    webFolder: '/nowhere',
    instance: { version: '0.0.0-test', store: 'embedded' },
    workTransfersSoon: () => undefined,
    nudge: () => {
      nudges += 1;
    },
    gitRoots: [],
    demo: { folder: '', makeSoon: () => undefined },
    readSoon: () => undefined,
    hearSoon: () => undefined,
    now,
  };
  const deps = { ...usual, ...options.deps?.(usual) };
  const app = await buildHttp(deps, options.areas, { ...httpLimits, ...options.limits });
  await app.ready();
  const tokenFor: TestApi['tokenFor'] = async (scopes = scopeNames, workspace = test) => {
    const { workspaceId, ownerId } = workspace;
    const made = await createToken({
      store: test.store,
      keyring: deps.keyring,
      workspaceId,
      personId: ownerId,
      name: 'test',
      scopes,
      expiresAt: null,
    });
    return made.token;
  };
  const allPowerful = await tokenFor();
  return {
    ...test,
    app,
    deps,
    lines,
    faults,
    nudges: () => nudges,
    tokenFor,
    cookieFor: ({ workspaceId } = test) => openCookie(test.store, workspaceId),
    ask: (request) =>
      app.inject({ ...request, headers: { authorization: `Bearer ${allPowerful}`, ...request.headers } }),
    listen: async () => {
      await app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = app.server.address() as { port: number };
      return { port, url: `http://127.0.0.1:${port}` };
    },
    close: async () => {
      await app.close();
      await faults.flush();
      await usual.capture.close();
      await test.close();
    },
  };
}

/** An account that nobody can sign in to with a password, so that the instance still waits for its owner. */
async function openCookie(store: Store, workspaceId: string): Promise<string> {
  const known = await findOwnerAccount(store);
  const accountId = known?.id ?? newId();
  if (known === null) await sql`select save_owner_account(${accountId}, 'Owner', null, null)`.execute(store.app);
  await store.inWorkspace(workspaceId, (trx) => joinWorkspace(trx, workspaceId, accountId));
  return `devpulse_session=${await openSession({ db: store.app, accountId, workspaceId, agent: 'test' })}`;
}

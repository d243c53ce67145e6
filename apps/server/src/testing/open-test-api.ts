import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { Connector } from '@devpulse/contract/connector';
import { type Scope, scopeNames } from '@devpulse/contract/permissions';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { openCapture } from '@devpulse/pipeline/capture/open-capture';
import { testMetrics } from '@devpulse/pipeline/testing/pipeline-bench';
import { connectors } from '@devpulse/pipeline/testing/registry';
import { createToken } from '../accounts/create-token.ts';
import type { App, RegisterRoutes, ServerDeps } from '../deps.ts';
import { openTelemetry } from '../health/gauges.ts';
import { buildHttp, type HttpLimits, httpLimits } from '../http.ts';
import { openLog } from '../log.ts';

/** The API over a store of its own, with the test connector `plain` and the test metrics. */
export interface TestApi extends TestStore {
  app: App;
  deps: ServerDeps;
  /** Every line that was logged. */
  lines: string[];
  /** How often the workers were nudged. */
  nudges(): number;
  /** A token with these scopes, all of them when left out. */
  tokenFor(scopes?: readonly Scope[], workspace?: { workspaceId: string; ownerId: string }): Promise<string>;
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
  const usual: ServerDeps = {
    store: test.store,
    capture: openCapture({ store: test.store }),
    connectors: new Map<string, Connector>(connectors.map((connector) => [connector.id, connector as Connector])),
    metrics: testMetrics,
    log: openLog({ level: 'debug', target: { write: (line) => lines.push(line) } }),
    telemetry: openTelemetry(test.store),
    readiness: [],
    instance: { version: '0.0.0-test', store: 'embedded' },
    nudge: () => {
      nudges += 1;
    },
    now: () => new Date(),
  };
  const deps = { ...usual, ...options.deps?.(usual) };
  const app = await buildHttp(deps, options.areas, { ...httpLimits, ...options.limits });
  await app.ready();
  const tokenFor: TestApi['tokenFor'] = async (scopes = scopeNames, workspace = test) => {
    const { workspaceId, ownerId } = workspace;
    const made = await createToken({
      store: test.store,
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
    nudges: () => nudges,
    tokenFor,
    ask: (request) =>
      app.inject({ ...request, headers: { authorization: `Bearer ${allPowerful}`, ...request.headers } }),
    listen: async () => {
      await app.listen({ port: 0, host: '127.0.0.1' });
      const { port } = app.server.address() as { port: number };
      return { port, url: `http://127.0.0.1:${port}` };
    },
    close: async () => {
      await app.close();
      await usual.capture.close();
      await test.close();
    },
  };
}

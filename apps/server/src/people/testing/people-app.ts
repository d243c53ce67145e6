import { type Scope, scopeNames } from '@devpulse/contract/permissions';
import { openCapture } from '@devpulse/pipeline/capture/open-capture';
import { createToken } from '../../tokens/create-token.ts';
import type { App, Telemetry } from '../../deps.ts';
import { buildHttp } from '../../http.ts';
import { openGovernor } from '../../governor/open-governor.ts';
import { openLog } from '../../log.ts';
import { loadMetrics } from '../../runtime/load-extensions.ts';
import type { Keyring } from '../../secrets/keyring.ts';
import { openTestKeyring } from '../../secrets/testing/test-keyring.ts';
import { registerPeopleRoutes } from '../routes.ts';
import { openPeopleWorld, type TestWorkspace } from './people-world.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a test sees of an answer. */
export interface Answer {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  body: any;
}

/** A workspace with a door: requests carry the owner's token, with all scopes unless said otherwise. */
export interface Client extends TestWorkspace {
  ask(method: Method, url: string, body?: object): Promise<Answer>;
  /** The same with a token of these scopes, or with none at all. */
  askWith(scopes: Scope[] | null, method: Method, url: string, body?: object): Promise<Answer>;
  /** The same with a token of scope `read` of somebody else in the workspace. */
  askAs(personId: string, method: Method, url: string): Promise<Answer>;
}

/** The real server with the routes of people, on a database of its own; its clock stands still. */
export async function openPeopleApp(
  now: string,
): Promise<{ app: App; client(): Promise<Client>; close(): Promise<void> }> {
  const world = await openPeopleWorld();
  const capture = openCapture({ store: world.store });
  const keyring = await openTestKeyring(world.store);
  const app = await buildHttp(
    {
      store: world.store,
      keyring,
      publicUrl: null,
      mailer: null,
      github: null,
      githubHost: { host: 'github.com', url: 'https://github.com', apiUrl: 'https://api.github.com' },
      capture,
      connectors: new Map(),
      metrics: loadMetrics(),
      widgets: new Map(),
      log: openLog({ level: 'silent' }),
      telemetry: silentTelemetry,
      faults: { record: () => undefined },
      governor: openGovernor({ store: world.store, log: openLog({ level: 'silent' }) }),
      readiness: [],
      instance: { version: '0.0.0', store: 'external' },
      workTransfersSoon: () => undefined,
      nudge: () => undefined,
      gitRoots: [],
      demo: { folder: '', makeSoon: () => undefined },
      readSoon: () => undefined,
      hearSoon: () => undefined,
      now: () => new Date(now),
    },
    [registerPeopleRoutes],
  );
  return {
    app,
    client: async () => openClient(app, keyring, await world.fresh()),
    close: async () => {
      await app.close();
      await capture.close();
      await world.close();
    },
  };
}

async function openClient(app: App, keyring: Keyring, workspace: TestWorkspace): Promise<Client> {
  const tokenFor = async (scopes: readonly Scope[], personId = workspace.ownerId): Promise<string> => {
    const { token } = await createToken({
      ...workspace,
      keyring,
      personId,
      name: 'test',
      scopes,
      expiresAt: null,
    });
    return token;
  };
  const full = await tokenFor(scopeNames);
  const send = async (token: string | null, method: Method, url: string, body?: object): Promise<Answer> => {
    const response = await app.inject({
      method,
      url,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: response.statusCode, body: response.body === '' ? null : response.json() };
  };
  return {
    ...workspace,
    ask: (method, url, body) => send(full, method, url, body),
    askWith: async (scopes, method, url, body) =>
      send(scopes === null ? null : await tokenFor(scopes), method, url, body),
    askAs: async (personId, method, url) => send(await tokenFor(['read'], personId), method, url),
  };
}

const silentTelemetry: Telemetry = {
  requestServed: () => undefined,
  eventsCaptured: () => undefined,
  derived: () => undefined,
  rolledUp: () => undefined,
  jobRan: () => undefined,
  delivered: () => undefined,
  expose: async () => ({ contentType: 'text/plain', text: '' }),
};

import { createHmac, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { newId } from '@devpulse/db/ids';
import { openClient } from '@devpulse/db/connection';
import { openTestApi, type TestApi, type TestApiOptions } from '../../testing/open-test-api.ts';
import { saveApp } from '../../connections/app-store.ts';
import { areas } from '../../runtime/areas.ts';
import { secretPlace } from '../hook-secrets.ts';

export interface TestHook {
  id: string;
  workspaceId: string;
  secret: string;
}

/** A delivery as GitHub makes it; what is named differs from that. */
export interface Told {
  body: string | Buffer;
  event?: string;
  id?: string;
  secret?: string;
  headers?: Record<string, string>;
}

/** The API with hooks, and somebody who delivers. */
export interface HookedApp extends TestApi {
  addHook(options?: { workspaceId?: string; previous?: string; name?: string }): Promise<TestHook>;
  /** The App with this secret, and an installation that this workspace has claimed, if any. */
  setApp(secret: string | null): Promise<void>;
  addInstallation(number: string, workspaceId: string | null): Promise<void>;
  /** Watches the repository with this number. */
  watch(number: number, workspaceId?: string): Promise<void>;
  deliver(hook: TestHook | 'app', told: Told): Promise<{ statusCode: number; body: string }>;
  stored(workspaceId?: string): Promise<{ key: string; kind: string; body: Buffer; state: string }[]>;
  asOwner<Row>(statement: string): Promise<Row[]>;
}

export const appSecret = 'the secret of the App';

export function sign(body: string | Buffer, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

export async function openHookedApp(
  deps?: TestApiOptions['deps'],
  limits: TestApiOptions['limits'] = {},
): Promise<HookedApp> {
  const api = await openTestApi({ areas: areas(['api']), limits, ...(deps === undefined ? {} : { deps }) });
  const asOwner = async <Row>(statement: string): Promise<Row[]> => {
    const client = await openClient(api.store.logins.owner, 'the test', () => undefined);
    try {
      return (await client.query(statement)).rows as Row[];
    } finally {
      await client.end();
    }
  };
  return {
    ...api,
    asOwner,
    addHook: (options = {}) => addHook(api, options),
    setApp: (secret) =>
      saveApp(
        { store: api.store, keyring: api.deps.keyring, github: api.deps.githubHost },
        {
          number: '77',
          slug: 'devpulse',
          name: 'DevPulse',
          url: 'http://github.test/apps/devpulse',
          owner: 'harbor',
          clientId: null,
          clientSecret: null,
          privateKey: 'none',
          webhookSecret: secret,
          permissions: {},
          events: [],
        },
      ),
    addInstallation: async (number, workspaceId) => {
      const { host } = api.deps.githubHost;
      await sql`select save_installation(${host}, ${number}, '9', 'harbor', 'Organization', 'all', '{}'::jsonb, '', null, null)`.execute(
        api.store.app,
      );
      if (workspaceId !== null)
        await sql`select claim_installation(${host}, ${number}, ${workspaceId})`.execute(api.store.app);
    },
    watch: async (number, workspaceId = api.workspaceId) => {
      const key = `${api.deps.githubHost.host}/${number}`;
      await api.store.inWorkspace(workspaceId, (trx) =>
        sql`
          insert into sources (workspace_id, id, connector, natural_key, name, settings)
          values (${workspaceId}, ${newId()}, 'github', ${key}, ${key}, '{}') on conflict do nothing`.execute(trx),
      );
    },
    deliver: (hook, told) => {
      const { url, secret } = hook === 'app' ? { url: '', secret: appSecret } : { url: `/${hook.id}`, ...hook };
      return api.app.inject({
        method: 'POST',
        url: `/webhooks/github${url}`,
        headers: {
          'content-type': 'application/json',
          'x-github-event': told.event ?? 'push',
          'x-github-delivery': told.id ?? randomUUID(),
          'x-hub-signature-256': sign(told.body, told.secret ?? secret),
          ...told.headers,
        },
        payload: told.body,
      });
    },
    stored: async (workspaceId = api.workspaceId) => {
      const { rows } = await api.store.inWorkspace(workspaceId, (trx) =>
        sql<{ key: string; kind: string; body: Buffer; state: string }>`
          select item_key as key, kind, body, state from raw_events where workspace_id = ${workspaceId} order by received_at, id`.execute(
          trx,
        ),
      );
      return rows;
    },
  };
}

async function addHook(
  api: TestApi,
  {
    workspaceId = api.workspaceId,
    previous,
    name = 'ada/site',
  }: { workspaceId?: string; previous?: string; name?: string },
): Promise<TestHook> {
  const [id, connectionId, secret] = [newId(), newId(), `secret of ${randomUUID()}`];
  const { keyring, githubHost } = api.deps;
  await keyring.prepare(workspaceId);
  const sealed = keyring.seal(secret, secretPlace(workspaceId, id, 'secret'));
  const before =
    previous === undefined ? null : keyring.seal(previous, secretPlace(workspaceId, id, 'previous_secret'));
  await api.store.inWorkspace(workspaceId, async (trx) => {
    await sql`
      insert into connections (workspace_id, id, kind, form, host, account_number, login)
      values (${workspaceId}, ${connectionId}, 'oauth', 'oauth', ${githubHost.host}, ${newId()}, 'ada')`.execute(trx);
    await sql`
      insert into hooks (workspace_id, id, connection_id, host, reach, name, number, secret, previous_secret, previous_until, events)
      values (
        ${workspaceId}, ${id}, ${connectionId}, ${githubHost.host}, 'repository', ${name}, '1', ${sealed}, ${before},
        now() + interval '1 hour', '{push}'
      )`.execute(trx);
  });
  return { id, workspaceId, secret };
}

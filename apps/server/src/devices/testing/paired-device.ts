import { sql } from 'kysely';
import type { DeviceTokens } from '@devpulse/contract/wire/devices';
import { openClient } from '@devpulse/db/connection';
import { newId } from '@devpulse/db/ids';
import { joinWorkspace } from '../../accounts/join-workspace.ts';
import { openSession } from '../../accounts/open-session.ts';
import { registerLiveRoutes } from '../../live/routes.ts';
import { registerPeopleRoutes } from '../../people/routes.ts';
import { openTestApi, type TestApi } from '../../testing/open-test-api.ts';
import { registerTokenRoutes } from '../../tokens/routes.ts';
import { registerSignedInRoutes } from '../routes.ts';
import { openPairClient, type PairClient } from './pair-client.ts';

/** The API on a port, with somebody who is signed in. */
export interface DeviceWorld extends TestApi {
  address: string;
  cookie: string;
  client: PairClient;
  /** Asks as a page of ours that is signed in. */
  asPage(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    payload?: object,
    cookie?: string,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  /** From the code to the tokens. */
  pair(client?: PairClient): Promise<DeviceTokens>;
  /** Does something that only the owner of the database may, such as letting time pass. */
  asOwner(statement: string): Promise<void>;
  rows(question: string): Promise<Record<string, unknown>[]>;
  /** The same as the application, in the workspace. */
  inWorkspace(statement: string): Promise<void>;
  /** The cookie of somebody else, who is in a workspace of their own. */
  cookieOfStranger(): Promise<string>;
  /** Everything the store keeps of devices, as text. */
  dump(): Promise<string>;
  /** What the audit log of the workspace holds of what was done, oldest first; who was refused is another matter. */
  audit(): Promise<string[]>;
}

export async function openDeviceWorld(): Promise<DeviceWorld> {
  const api = await openTestApi({
    areas: [registerSignedInRoutes, registerTokenRoutes, registerPeopleRoutes, registerLiveRoutes],
  });
  const { url: address } = await api.listen();
  const cookie = await api.cookieFor();
  const client = openPairClient(address);
  const asPage: DeviceWorld['asPage'] = async (method, url, payload, own = cookie) => {
    const response = await api.app.inject({
      method,
      url,
      headers: { cookie: own, 'sec-fetch-site': 'same-origin' },
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: response.statusCode, body: response.body === '' ? {} : response.json() };
  };
  return {
    ...api,
    address,
    cookie,
    client,
    asPage,
    pair: async (program = client) => {
      const { userCode, deviceCode } = await program.start();
      await asPage('POST', '/api/v1/devices/pairings/approve', { userCode });
      const { status, body } = await program.claim(deviceCode);
      if (status !== 200) throw new Error(`the device got no tokens: ${JSON.stringify(body)}`);
      return body;
    },
    asOwner: async (statement) => void (await asOwner(api, statement)),
    rows: (question) => asOwner(api, question),
    inWorkspace: (statement) =>
      api.store.inWorkspace(api.workspaceId, async (trx) => void (await sql.raw(statement).execute(trx))),
    cookieOfStranger: () => openStranger(api),
    dump: async () => {
      const rows = await Promise.all(
        ['account_devices', 'account_refresh_tokens', 'account_pairings'].map((table) =>
          asOwner(api, `select coalesce(string_agg(t::text, ' '), '') as text from ${table} t`),
        ),
      );
      return rows.map(([row]) => String(row?.['text'])).join(' ');
    },
    audit: async () => {
      const rows = await api.store.inWorkspace(api.workspaceId, (trx) =>
        trx
          .selectFrom('audit_entries')
          .select('action')
          .where('action', '<>', 'access.refused')
          .orderBy('id')
          .execute(),
      );
      return rows.map((row) => row.action);
    },
  };
}

async function asOwner(api: TestApi, statement: string): Promise<Record<string, unknown>[]> {
  const owner = await openClient(api.store.logins.owner, 'the test', () => undefined);
  try {
    return (await owner.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await owner.end();
  }
}

async function openStranger(api: TestApi): Promise<string> {
  const { workspaceId } = await api.addWorkspace();
  const accountId = newId();
  await sql`select create_account(${accountId}, 'Eve', ${`${accountId}@example.org`}, true, null)`.execute(
    api.store.app,
  );
  await api.store.inWorkspace(workspaceId, (trx) => joinWorkspace(trx, workspaceId, accountId));
  return `devpulse_session=${await openSession({ db: api.store.app, accountId, workspaceId, agent: 'test' })}`;
}

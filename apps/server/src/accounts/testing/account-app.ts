import type { LightMyRequestResponse } from 'fastify';
import { openClient } from '@devpulse/db/connection';
import { areas } from '../../runtime/areas.ts';
import { openTestApi, type TestApi, type TestApiOptions } from '../../testing/open-test-api.ts';
import { makeOwnerLink } from '../owner-link.ts';

/** The API as a browser meets it. */
export interface AccountApp extends TestApi {
  /** The secret of a new one-time link. */
  link(): Promise<string>;
  /** A request as a page of ours makes it. */
  send(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    more?: { payload?: object; cookie?: string; headers?: Record<string, string>; address?: string },
  ): Promise<LightMyRequestResponse>;
  /** Does something that only the owner of the database may, such as letting time pass. */
  asOwner(statement: string): Promise<void>;
}

export const ada = {
  name: 'Ada Lovelace',
  email: 'ada@example.org',
  zone: 'Europe/Berlin',
  weekStart: 7,
  password: 'correct horse battery',
} as const;

/** Opens the API with all areas on a store of its own. */
export async function openAccountApp(deps?: TestApiOptions['deps']): Promise<AccountApp> {
  const api = await openTestApi({ areas: areas(['api']), ...(deps === undefined ? {} : { deps }) });
  return {
    ...api,
    link: async () => {
      const { url } = await makeOwnerLink(api.store, 'http://localhost:3000');
      return url.slice(url.indexOf('#') + 1);
    },
    send: (method, url, more = {}) =>
      api.app.inject({
        method,
        url,
        headers: {
          'sec-fetch-site': 'same-origin',
          ...(more.cookie === undefined ? {} : { cookie: more.cookie }),
          ...more.headers,
        },
        ...(more.payload === undefined ? {} : { payload: more.payload }),
        ...(more.address === undefined ? {} : { remoteAddress: more.address }),
      }),
    asOwner: async (statement) => {
      const client = await openClient(api.store.logins.owner, 'the test', () => undefined);
      await client.query(statement);
      await client.end();
    },
  };
}

/** What the browser sends back of the cookie it was given. */
export function cookieOf(response: LightMyRequestResponse): string {
  return String(response.headers['set-cookie']).split(';', 1)[0] ?? '';
}

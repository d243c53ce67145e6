import { sql } from 'kysely';
import type { ConnectionList, ConnectionView, ReachList } from '@devpulse/contract/wire/connections';
import { type AccountApp, ada, openAccountApp } from '../../accounts/testing/account-app.ts';
import { openVisitor, type Visitor } from '../../accounts/testing/visitor.ts';
import { type GithubCounterpart, openGithub } from '../../../../../test/github/open-github.ts';
import { loadConnectors } from '../../runtime/load-extensions.ts';
import { type GithubParts, githubPartsOf } from '../github-parts.ts';

/** The API with a GitHub of its own, and its owner before a browser. */
export interface ConnectedApp {
  api: AccountApp;
  github: GithubCounterpart;
  parts: GithubParts;
  owner: Visitor;
  /** Sources that were to be read soon. */
  soon: string[];
  /** The owner signs in anew, in an empty registry. */
  reset(): Promise<void>;
  list(): Promise<ConnectionList>;
  one(id: string): Promise<ConnectionView>;
  reach(id: string, query?: string): Promise<ReachList>;
  /** Follows the browser to GitHub and back; answers what the address says that it ends at. */
  goThrough(url: string, who: Visitor): Promise<URLSearchParams>;
  /** Connects by GitHub's page as somebody; answers the same. */
  connectAs(login: string, wish?: object): Promise<URLSearchParams>;
  close(): Promise<void>;
}

export interface ConnectedAppOptions {
  /** False: nobody configured an OAuth app. */
  withOauthApp?: boolean;
}

export const home = 'http://localhost:3000';
const callback = `${home}/api/v1/auth/callback/github`;

/** Opens both. The world has Mira and Otto, an organisation that Mira runs and Otto is in, and some repositories. */
export async function openConnectedApp({ withOauthApp = true }: ConnectedAppOptions = {}): Promise<ConnectedApp> {
  const github = await openGithub({
    callbacks: [callback, `${callback}/connection`],
    accounts: [
      { login: 'mira', id: 4_294_967_311 },
      { login: 'otto' },
      { login: 'harbor', type: 'Organization', members: [{ account: 'mira', role: 'admin' }, { account: 'otto' }] },
    ],
  });
  for (const name of ['mira/notes', 'harbor/harbor-api', 'harbor/harbor-web', 'otto/toys'])
    github.seedRepository({ name, visibility: name === 'harbor/harbor-web' ? 'public' : 'private' });
  const soon: string[] = [];
  const api = await openAccountApp(() => ({
    github: withOauthApp
      ? { clientId: github.client.id, clientSecret: github.client.secret, url: github.url, apiUrl: github.apiUrl }
      : null,
    connectors: loadConnectors(),
    githubHost: { host: '127.0.0.1', url: github.url, apiUrl: github.apiUrl },
    readSoon: ({ sourceId }) => void soon.push(sourceId),
  }));
  const parts = githubPartsOf(api.deps);
  const app: ConnectedApp = {
    api,
    github,
    parts,
    owner: openVisitor(api),
    soon,
    reset: async () => {
      await api.asOwner(
        'delete from limit_buckets; delete from auth."user"; delete from github_apps; delete from github_installations',
      );
      await api.store.inWorkspace(api.workspaceId, async (trx) => {
        for (const table of ['sources', 'source_erasures', 'connections', 'connection_flows'])
          await sql`delete from ${sql.table(table)}`.execute(trx);
      });
      soon.length = 0;
      github.requests.length = 0;
      github.signIn.refused.length = 0;
      github.signIn.withheld = [];
      github.signIn.lasts = null;
      app.owner = openVisitor(api);
      await app.owner.send('POST', '/api/v1/setup', { token: await api.link(), ...ada });
    },
    list: async () => (await app.owner.send('GET', '/api/v1/connections')).json<ConnectionList>(),
    one: async (id) => (await app.owner.send('GET', `/api/v1/connections/${id}`)).json<ConnectionView>(),
    reach: async (id, query = '') =>
      (await app.owner.send('GET', `/api/v1/connections/${id}/repositories${query}`)).json<ReachList>(),
    goThrough: async (url, who) => {
      const there = await fetch(url, { redirect: 'manual' });
      return comeBack(new URL(there.headers.get('location') ?? 'http://nowhere.test'), who);
    },
    connectAs: async (login, wish = {}) => {
      github.signIn.user = github.account(login);
      const begun = await app.owner.send('POST', '/api/v1/connections/oauth', wish);
      if (begun.statusCode !== 200) throw new Error(begun.body);
      return app.goThrough(begun.json<{ url: string }>().url, app.owner);
    },
    close: async () => {
      await api.close();
      await github.close();
    },
  };
  return app;
}

/** The browser as GitHub sends it back. */
export async function comeBack(back: URL, who: Visitor): Promise<URLSearchParams> {
  if (back.origin !== home) throw new Error(`GitHub sends the browser to ${back.href}`);
  const answer = await who.send('GET', back.pathname + back.search);
  if (answer.statusCode !== 302) throw new Error(answer.body);
  const target = new URL(String(answer.headers['location']), home);
  if (target.pathname !== '/settings/connections') throw new Error(target.href);
  return target.searchParams;
}

import { readApp } from './app-store.ts';
import type { GithubParts } from './github-parts.ts';

/** Whom people grant something to at GitHub: the OAuth app that was configured, or the App of the instance. */
export interface OauthClient {
  clientId: string;
  clientSecret: string;
  form: 'oauth' | 'app user';
}

/** The one that new grants are made to; null where there is none. */
export async function findOauthClient(parts: GithubParts): Promise<OauthClient | null> {
  if (parts.oauthApp !== null) {
    const { clientId, clientSecret } = parts.oauthApp;
    return { clientId, clientSecret, form: 'oauth' };
  }
  return clientOfApp(parts);
}

/** The one that a grant was made to: nobody else can renew it or give it back. */
export async function findClientOf(parts: GithubParts, clientId: string | null): Promise<OauthClient | null> {
  if (clientId === null) return null;
  if (parts.oauthApp?.clientId === clientId) return findOauthClient(parts);
  const client = await clientOfApp(parts);
  return client?.clientId === clientId ? client : null;
}

async function clientOfApp(parts: GithubParts): Promise<OauthClient | null> {
  const app = await readApp(parts);
  if (app === null || app.clientId === null || app.clientSecret === null) return null;
  return { clientId: app.clientId, clientSecret: app.clientSecret, form: 'app user' };
}

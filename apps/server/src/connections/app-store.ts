import { sql } from 'kysely';
import type { Keyring, SecretPlace } from '../secrets/keyring.ts';
import type { GithubParts } from './github-parts.ts';

/** The GitHub App of the instance, with its secrets in the open. */
export interface InstanceApp {
  number: string;
  slug: string;
  name: string;
  url: string;
  owner: string;
  clientId: string | null;
  clientSecret: string | null;
  privateKey: string;
  webhookSecret: string | null;
  permissions: Record<string, string>;
  events: string[];
  createdAt: Date;
}

interface Row {
  app_number: string;
  slug: string;
  name: string;
  html_url: string;
  owner_login: string;
  client_id: string | null;
  client_secret: string | null;
  private_key: string;
  webhook_secret: string | null;
  permissions: Record<string, string>;
  events: string[];
  created_at: Date;
}

const place = (host: string, column: 'client_secret' | 'private_key' | 'webhook_secret'): SecretPlace => ({
  workspaceId: null,
  table: 'github_apps',
  column,
  row: host,
});

type Parts = Pick<GithubParts, 'store' | 'keyring' | 'github'>;

/** The App, or null where there is none. */
export async function readApp({ store, keyring, github: { host } }: Parts): Promise<InstanceApp | null> {
  const { rows } = await sql<Row>`select * from read_github_app(${host})`.execute(store.app);
  const [row] = rows;
  if (row === undefined) return null;
  const open = (sealed: string | null, column: Parameters<typeof place>[1]): string | null =>
    sealed === null ? null : keyring.open(sealed, place(host, column));
  return {
    number: row.app_number,
    slug: row.slug,
    name: row.name,
    url: row.html_url,
    owner: row.owner_login,
    clientId: row.client_id,
    clientSecret: open(row.client_secret, 'client_secret'),
    privateKey: keyring.open(row.private_key, place(host, 'private_key')),
    webhookSecret: open(row.webhook_secret, 'webhook_secret'),
    permissions: row.permissions,
    events: row.events,
    createdAt: row.created_at,
  };
}

/** Keeps it in the place of the one before. */
export async function saveApp(
  { store, keyring, github: { host } }: Parts,
  app: Omit<InstanceApp, 'createdAt'>,
): Promise<void> {
  const seal = (plain: string | null, column: Parameters<typeof place>[1]): string | null =>
    sealMaybe(keyring, plain, place(host, column));
  await sql`select save_github_app(
    ${host}, ${app.number}, ${app.slug}, ${app.name}, ${app.url}, ${app.owner}, ${app.clientId}, ${seal(app.clientSecret, 'client_secret')},
    ${seal(app.privateKey, 'private_key')}, ${seal(app.webhookSecret, 'webhook_secret')}, ${JSON.stringify(app.permissions)}::jsonb,
    ${app.events}::text[]
  )`.execute(store.app);
}

export async function forgetApp({ store, github: { host } }: Pick<Parts, 'store' | 'github'>): Promise<boolean> {
  const { rows } = await sql<{ gone: boolean }>`select forget_github_app(${host}) as gone`.execute(store.app);
  return rows[0]?.gone === true;
}

function sealMaybe(keyring: Keyring, plain: string | null, where: SecretPlace): string | null {
  return plain === null ? null : keyring.seal(plain, where);
}

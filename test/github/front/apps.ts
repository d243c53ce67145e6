import { createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import type { Account, Repository, World } from '../world/model.ts';
import { fullNameOf, instantOf } from '../world/open-world.ts';
import { nodeId, userOrNull, userShape } from '../shapes/account-shapes.ts';
import type { PermissionLevels } from './tokens.ts';

export interface GithubApp {
  id: number;
  slug: string;
  name: string;
  owner: Account;
  description: string | null;
  externalUrl: string;
  clientId: string;
  clientSecret: string;
  webhookSecret: string | null;
  pem: string;
  publicKey: string;
  permissions: PermissionLevels;
  events: string[];
  callbacks: string[];
  setupUrl: string | null;
  createdAt: string;
}

export interface Installation {
  id: number;
  app: GithubApp;
  account: Account;
  /** Null: all of the account's. */
  repositories: Set<number> | null;
  permissions: PermissionLevels;
  events: string[];
  createdAt: string;
  updatedAt: string;
  suspendedAt: string | null;
  suspendedBy: Account | null;
}

/** What a page that makes an App posts. */
export interface AppManifest {
  name?: string;
  url: string;
  hook_attributes?: { url: string; active?: boolean };
  redirect_url?: string;
  callback_urls?: string[];
  setup_url?: string;
  description?: string;
  public?: boolean;
  default_events?: string[];
  default_permissions?: PermissionLevels;
}

export interface AppBook {
  apps: Map<number, GithubApp>;
  installations: Map<number, Installation>;
  /** Made by a manifest and not fetched yet: each code counts once, for an hour. */
  codes: Map<string, { app: GithubApp; until: number }>;
}

export function makeApp(world: World, owner: Account, manifest: AppManifest): GithubApp {
  const id = world.nextId();
  const keys = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const name = manifest.name ?? 'An App';
  return {
    id,
    slug: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
    name,
    owner,
    description: manifest.description ?? null,
    externalUrl: manifest.url,
    clientId: `Iv23li${randomBytes(7).toString('hex')}`,
    clientSecret: randomBytes(20).toString('hex'),
    webhookSecret: manifest.hook_attributes === undefined ? null : randomBytes(20).toString('hex'),
    pem: keys.privateKey,
    publicKey: keys.publicKey,
    permissions: { metadata: 'read', ...manifest.default_permissions },
    events: manifest.default_events ?? [],
    callbacks: manifest.callback_urls ?? [],
    setupUrl: manifest.setup_url ?? null,
    createdAt: instantOf(world),
  };
}

export function appShape(world: World, app: GithubApp) {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    client_id: app.clientId,
    owner: userShape(world, app.owner),
    name: app.name,
    description: app.description,
    external_url: app.externalUrl,
    html_url: `${world.web}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  };
}

/** What is handed over once, in exchange for the code. */
export function convertedAppShape(world: World, app: GithubApp) {
  return {
    ...appShape(world, app),
    client_secret: app.clientSecret,
    webhook_secret: app.webhookSecret,
    pem: app.pem,
  };
}

export function installationShape(world: World, installation: Installation) {
  const { app, account } = installation;
  return {
    id: installation.id,
    account: userShape(world, account),
    repository_selection: installation.repositories === null ? 'all' : 'selected',
    access_tokens_url: `${world.api}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${world.api}/installation/repositories`,
    html_url:
      account.type === 'Organization'
        ? `${world.web}/organizations/${account.login}/settings/installations/${installation.id}`
        : `${world.web}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type === 'Organization' ? 'Organization' : 'User',
    permissions: installation.permissions,
    events: installation.events,
    created_at: installation.createdAt,
    updated_at: installation.updatedAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: userOrNull(world, installation.suspendedBy),
    suspended_at: installation.suspendedAt,
  };
}

export function installedRepositories(world: World, installation: Installation): Repository[] {
  return [...world.repositories.values()].filter((one) => covers(installation, one));
}

export function covers({ account, repositories }: Installation, repository: Repository): boolean {
  return repository.owner === account && (repositories === null || repositories.has(repository.id));
}

export function briefRepositories(repositories: Repository[]) {
  return repositories.map((one) => ({
    id: one.id,
    node_id: nodeId('R', one.id),
    name: one.name,
    full_name: fullNameOf(one),
    private: one.visibility !== 'public',
  }));
}

/** The App whose signed word this is; a text says what is wrong with it. */
export function readAppToken(book: AppBook, token: string, seconds: number): GithubApp | string {
  const [head = '', body = '', signature = ''] = token.split('.');
  let claims: { iat?: number; exp?: number; iss?: number | string };
  try {
    claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as typeof claims;
  } catch {
    return 'A JSON web token could not be decoded';
  }
  const app = [...book.apps.values()].find(
    ({ id, clientId }) => String(claims.iss) === String(id) || claims.iss === clientId,
  );
  if (app === undefined) return 'Integration not found';
  const isGenuine = verify(
    'RSA-SHA256',
    Buffer.from(`${head}.${body}`),
    createPublicKey(app.publicKey),
    Buffer.from(signature, 'base64url'),
  );
  if (!isGenuine) return 'A JSON web token could not be decoded';
  const { iat = 0, exp = 0 } = claims;
  if (exp <= seconds)
    return "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires";
  if (exp > seconds + 600 || exp > iat + 660) return "'Expiration time' claim ('exp') is too far in the future";
  if (iat > seconds)
    return "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued";
  return app;
}
